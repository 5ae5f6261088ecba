"""Keep the pictures of a run on attributes or associations. Workers only."""

from collections.abc import Iterable

from mining.models import AttributeChart, AttributeRun
from mining.reports.charts import Drawing
from mining.reports.render import to_png, to_svg


def store_charts(run: AttributeRun, drawings: Iterable[tuple[str, str, Drawing]]) -> None:
    """(name, title, drawing), in the order of the page; each in three forms."""
    for position, (name, title, drawing) in enumerate(drawings):
        AttributeChart.objects.create(
            run=run, name=name, title=title[:300], position=position,
            svg_light=to_svg(drawing.chart, "light"), svg_dark=to_svg(drawing.chart, "dark"),
            png=to_png(drawing.chart), table={"columns": drawing.columns, "rows": drawing.rows},
        )  # fmt: skip
