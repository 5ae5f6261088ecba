"""Which charts are behind the online state."""

from datetime import timedelta

from django.core.cache import cache
from django.db.models import F, Max, OuterRef, Subquery
from django.utils import timezone

from mining.models import Chart, Reader

REST = timedelta(seconds=60)
"""Between two drawings of one workflow's charts: each costs about 3 s of CPU time."""


def workflows_with_stale_charts() -> list[int]:
    """Never drawn, or drawn at an earlier position and more than REST ago."""
    charts = Chart.objects.filter(workflow_id=OuterRef("workflow_id")).values("workflow_id")
    readers = Reader.objects.filter(position__gt=0).annotate(
        drawn=Subquery(charts.annotate(last=Max("position")).values("last")),
        drawn_at=Subquery(charts.annotate(last=Max("made_at")).values("last")),
    )
    never = readers.filter(drawn__isnull=True)
    late = readers.filter(drawn__lt=F("position"), drawn_at__lt=timezone.now() - REST)
    return list((never | late).order_by("workflow_id").values_list("workflow_id", flat=True))


def claim(workflow_id: int) -> bool:
    """Whether to draw now: once in REST, also where a drawing takes long, fails or finds nothing to show."""
    return bool(cache.add(f"mining-charts-{workflow_id}", True, REST.seconds))
