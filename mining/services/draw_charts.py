"""Draw the charts of a workflow, and of a run, and store them."""

from django.db import transaction
from django.utils import timezone

from mining.models import Chart, Reader, Run, RunChart
from mining.reports.charts import CHARTS
from mining.reports.render import to_svg
from mining.reports.run_charts import RUN_CHARTS


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


def draw_run_charts(run: Run) -> int:
    """Those that a run which is done has numbers for. Returns how many."""
    made = {name: make(run) for name, make in RUN_CHARTS.items()}
    drawn = {name: drawing for name, drawing in made.items() if drawing is not None}
    for name, drawing in drawn.items():
        RunChart.objects.update_or_create(
            run=run,
            name=name,
            defaults={
                "svg_light": to_svg(drawing.chart, "light"),
                "svg_dark": to_svg(drawing.chart, "dark"),
                "table": {"columns": drawing.columns, "rows": drawing.rows},
            },
        )
    return len(drawn)
