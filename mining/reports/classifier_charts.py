"""The charts of a classifier, from the numbers of its version. Workers only."""

import altair as alt
from django.utils.translation import gettext as _

from mining.models import ModelVersion
from mining.reports.charts import Drawing
from mining.reports.theme import NARROW


def reliability(version: ModelVersion) -> Drawing | None:
    """How often the leading answer is the one that most gave, against the probability claimed, on the audit part."""
    found = version.metrics.get("audit")
    if not found or not found["bins"]:
        return None
    columns = ["probability", "right", "subjects"]
    rows = [[probability, right, items] for items, probability, right in found["bins"]]
    scale = alt.Scale(domain=[0, 1])
    claimed = alt.X("probability:Q", title=_("probability claimed"), scale=scale)
    right = alt.Y("right:Q", title=_("share that most people answer so"), scale=scale)
    diagonal = alt.Chart(alt.Data(values=[{"probability": at, "right": at} for at in (0, 1)]))
    values = alt.Data(values=[dict(zip(columns, row, strict=True)) for row in rows])
    points = alt.Chart(values).encode(x=claimed, y=right)
    size = alt.Size("subjects:Q", title=_("subjects"), legend=None)
    chart = (
        diagonal.mark_line(strokeDash=[4, 4], opacity=0.6).encode(x=claimed, y=right)
        + points.mark_line()
        + points.mark_point().encode(size=size)
    )
    return Drawing(chart.properties(height=NARROW, width=NARROW), columns, rows)
