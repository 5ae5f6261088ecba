"""Draw a workflow's charts and store them."""

from django.db import transaction
from django.utils import timezone

from mining.models import Chart, Reader
from mining.reports.charts import CHARTS
from mining.reports.render import to_svg


def draw_charts(workflow_id: int) -> int:
    """Each chart of the registry, in both themes, with its table; a chart without data is left out and taken down.

    Returns how many were drawn. The position stored is the one read before, so that what came meanwhile makes the
    charts stale again.
    """
    position = Reader.objects.values_list("position", flat=True).filter(pk=workflow_id).first() or 0
    drawn = 0
    for name, make in CHARTS.items():
        made = make(workflow_id)
        if made is None:
            Chart.objects.filter(workflow_id=workflow_id, name=name).delete()
            continue
        with transaction.atomic():
            Chart.objects.update_or_create(
                workflow_id=workflow_id,
                name=name,
                defaults={
                    "svg_light": to_svg(made.chart, "light"),
                    "svg_dark": to_svg(made.chart, "dark"),
                    "table": {"columns": made.columns, "rows": made.rows},
                    "position": position,
                    "made_at": timezone.now(),
                },
            )
        drawn += 1
    return drawn
