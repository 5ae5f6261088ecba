"""Charts of the similarity page: what each threshold makes of the pairs that people have judged. Workers only."""

from collections.abc import Iterator

import altair as alt
from django.utils.translation import gettext as _

from mining.models import SimilarityChoice
from mining.reports.charts import Drawing
from mining.reports.theme import WIDTH
from mining.science.thresholds import operating_points
from mining.services.similar_pairs import Measure, chosen, decided, judged_pairs

COLUMNS = [
    "threshold", "called similar", "precision", "precision low", "precision high", "recall", "recall low",
    "recall high", "accuracy", "accuracy low", "accuracy high",
]  # fmt: skip


def measures(set_id: int) -> Iterator[tuple[str, str, Drawing]]:
    """(name, title, drawing) of each distance by which judged pairs can be compared."""
    judged, choice = judged_pairs(set_id), chosen(set_id)
    for measure in Measure:
        _pairs, similar, distances = decided(judged, measure)
        if similar:
            title = _("Precision, recall and accuracy by threshold: %(measure)s") % {"measure": measure.label}
            yield measure.value, title, _drawing(measure, similar, distances, choice)


def _drawing(
    measure: Measure, similar: list[bool], distances: list[float], choice: SimilarityChoice | None
) -> Drawing:
    """Three panels with their 95 % intervals; a broken line where the team cuts."""
    rows: list[list[float | None]] = []
    for point in operating_points(similar, distances):
        rates = (point.precision, point.recall, point.accuracy)
        each = [number for r in rates for number in ((r.share, r.low, r.high) if r else (None,) * 3)]
        rows.append([point.threshold, point.called, *each])
    unit = _("bits of 64") if measure == Measure.BITS else _("1 less the cosine")
    scale = alt.Scale(domain=[0, 1])
    panels = []
    titles = (_("precision"), _("recall"), _("accuracy"))
    for at, title in enumerate(titles):
        values = [
            {"threshold": row[0], "share": row[2 + 3 * at], "low": row[3 + 3 * at], "high": row[4 + 3 * at]}
            for row in rows
            if row[2 + 3 * at] is not None
        ]
        last = at == len(titles) - 1
        x = alt.X(
            "threshold:Q", scale=alt.Scale(domain=[rows[0][0], rows[-1][0]], nice=True),
            title=_("threshold, %(unit)s") % {"unit": unit} if last else None,
            axis=alt.Axis(labels=last, ticks=last),
        )  # fmt: skip
        base = alt.Chart(alt.Data(values=values))
        layers = [
            base.mark_area(opacity=0.2).encode(x=x, y=alt.Y("low:Q", scale=scale, title=title), y2="high:Q"),
            base.mark_line(point=True).encode(x=x, y=alt.Y("share:Q", scale=scale, title=title)),
        ]
        if choice is not None and choice.measure == measure:
            cut = alt.Chart(alt.Data(values=[{"threshold": choice.threshold}]))
            layers.append(cut.mark_rule(strokeDash=[5, 4], opacity=0.9).encode(x=x))
        panels.append(alt.layer(*layers).properties(height=110, width=WIDTH))
    return Drawing(alt.vconcat(*panels), COLUMNS, rows)
