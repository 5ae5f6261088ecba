"""The pictures of an attribute run: ranking, values by answer, certainty against dispersion. Workers only."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from mining.models import AttributeRun
from mining.reports.charts import Drawing
from mining.reports.theme import NARROW
from mining.science.attributes.columns import AttributeTable, Numbers
from mining.science.attributes.gain import Gains
from mining.science.attributes.labels import Labels
from mining.science.attributes.redundancy import Alike
from mining.science.separation import Separations
from mining.subject_frames import Said

MOST = 25  # attributes in the ranking
BINS = 16
POINTS = 2000  # subjects in the plane; more are drawn by the run's seed
SHOWN_ALIKE = 16  # attributes in the picture of which say the same
BEST = 4  # attributes whose values are shown by answer


@dataclass(frozen=True)
class Found:
    """All that a run has, before it is stored. words: answer key to its label."""

    run: AttributeRun
    said: Said
    labels: Labels
    table: AttributeTable
    gains: Gains
    disputed: Gains | None
    words: dict[str, str]
    alike: Alike
    apart: Separations | None

    def label(self, key: str) -> str:
        yes_no = {"yes": _("yes"), "no": _("no")}
        if key.startswith("not "):
            return _("any other answer")
        return self.words.get(key, yes_no.get(key, key))


def draw(found: Found) -> Iterator[tuple[str, str, Drawing]]:
    """(name, title, drawing), in the order of the page."""
    yield "ranking", _("What each attribute tells of the answer"), _ranking(found.gains)
    numbers = [each.attribute for each in found.gains.rows if each.kind == "number"][:BEST]
    for name in numbers:
        drawing = _by_answer(found, name)
        if drawing is not None:
            yield (
                f"values-{numbers.index(name) + 1}",
                _("Values of %(name)s by answer") % {"name": name},
                drawing,
            )
    if len(found.alike.names) > 1:
        yield "alike", _("Which attributes say the same"), _alike(found.alike)
    if found.apart is not None and (drawing := _scatter(found, found.apart)) is not None:
        yield "scatter", _("The two attributes that separate best together"), drawing
    yield "plane", _("How sure, how divided"), _plane(found)
    if found.disputed is not None:
        yield "disputed", _("What makes a subject disputed"), _ranking(found.disputed)


def _ranking(gains: Gains) -> Drawing:
    """Bits, with 95 % intervals; the dashed line is what the best of all attributes gains by chance in 1 of 20."""
    columns = ["attribute", "bits", "low", "high", "share", "present", "missing"]
    rows = [
        [each.attribute, _round(each.gain_bits), _round(each.low), _round(each.high), _round(each.share),
         each.present, each.missing]
        for each in gains.rows
    ]  # fmt: skip
    shown = [dict(zip(columns, row, strict=True)) for row in rows[:MOST]]
    base = alt.Chart(alt.Data(values=shown)).encode(
        y=alt.Y("attribute:N", sort=None, title=None, axis=alt.Axis(labelLimit=180))
    )
    chart: Any = base.mark_bar(size=9, opacity=0.75).encode(x=alt.X("bits:Q", title=_("bits gained")))
    if any(row["low"] is not None for row in shown):
        chart += base.mark_rule(opacity=1, strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    if np.isfinite(gains.max_null):
        line = alt.Chart(alt.Data(values=[{"bits": gains.max_null}]))
        chart += line.mark_rule(strokeDash=[4, 4], opacity=1).encode(x="bits:Q")
    return Drawing(chart.properties(height=18 * len(shown) + 10, width=NARROW + 60), columns, rows)


def _by_answer(found: Found, name: str) -> Drawing | None:
    """The share of each answer's subjects in each of 16 bins from the 1st to the 99th percentile."""
    column = found.table[name]
    if not isinstance(column, Numbers):
        return None
    values, weights = column.values[found.labels.rows], found.labels.weights()
    present = ~np.isnan(values)
    low, high = np.percentile(values[present], [1, 99])
    if not low < high:
        return None
    edges = np.linspace(low, high, BINS + 1)
    middles = (edges[1:] + edges[:-1]) / 2
    columns, rows, points = [name, *map(found.label, found.labels.classes)], [], []
    counts = [_histogram(values[present], weights[present, at], edges) for at in range(weights.shape[1])]
    for place, middle in enumerate(middles):
        rows.append([_round(middle), *(_round(of[place]) for of in counts)])
        points += [
            {"value": middle, "share": float(of[place]), "answer": answer}
            for answer, of in zip(columns[1:], counts, strict=True)
        ]
    chart = (
        alt.Chart(alt.Data(values=points))
        .mark_line(interpolate="step", strokeWidth=2)
        .encode(
            x=alt.X("value:Q", title=name),
            y=alt.Y("share:Q", title=_("share of the answer"), axis=alt.Axis(format="%")),
            color=alt.Color("answer:N", title=None, sort=None),
            strokeDash=alt.StrokeDash("answer:N", title=None, sort=None),
        )
    )
    return Drawing(chart.properties(height=160, width=NARROW), columns, rows)


def _histogram(
    values: NDArray[np.float64], weights: NDArray[np.float64], edges: NDArray[np.float64]
) -> NDArray[np.float64]:
    inside = np.clip(values, edges[0], edges[-1])
    counts = np.histogram(inside, edges, weights=weights)[0]
    return np.asarray(counts / max(counts.sum(), 1e-12), dtype=np.float64)


def _alike(found: Alike) -> Drawing:
    """|rank correlation| of each two of the best, or what categories share."""
    names = found.names[:SHOWN_ALIKE]
    columns = [_("attribute"), *names]
    rows = [[name, *(_round(found.alike[a, b]) for b in range(len(names)))] for a, name in enumerate(names)]
    cells = [
        {"a": one, "b": two, "alike": float(found.alike[x, y])}
        for x, one in enumerate(names)
        for y, two in enumerate(names)
    ]
    chart = (
        alt.Chart(alt.Data(values=cells))
        .mark_square(opacity=0.9)
        .encode(
            x=alt.X("a:N", sort=None, title=None, axis=alt.Axis(labelAngle=-60, labelLimit=160)),
            y=alt.Y("b:N", sort=None, title=None, axis=alt.Axis(labelLimit=160)),
            size=alt.Size("alike:Q", title=_("alike"), scale=alt.Scale(domain=[0, 1], range=[0, 220])),
        )
    )
    side = 18 * len(names)
    return Drawing(chart.properties(height=side, width=side), columns, rows)


def _scatter(found: Found, apart: Separations) -> Drawing | None:
    """The subjects in the plane of the best pair, by the answer that leads."""
    pair = next((each.attributes for each in apart.rows if len(each.attributes) == 2), None)
    if pair is None:
        return None
    rows, shares = found.labels.rows, found.labels.weights()
    values = [column.values[rows] for name in pair if isinstance(column := found.table[name], Numbers)]
    lead = shares.argmax(axis=1)
    known = np.flatnonzero(~np.isnan(values[0]) & ~np.isnan(values[1]))
    if len(known) > POINTS:
        known = np.sort(np.random.default_rng(found.run.seed).choice(known, POINTS, replace=False))
    said = found.said.subjects
    names = _names(found, [said[rows[at]] for at in known])
    table = [
        [
            names[said[rows[at]]],
            found.label(found.labels.classes[lead[at]]),
            *(_round(each[at]) for each in values),
        ]
        for at in known
    ]
    points = [{"answer": row[1], "x": row[2], "y": row[3]} for row in table]
    chart = (
        alt.Chart(alt.Data(values=points))
        .mark_point(filled=True, size=28, opacity=0.6)
        .encode(
            x=alt.X("x:Q", title=pair[0], scale=alt.Scale(zero=False)),
            y=alt.Y("y:Q", title=pair[1], scale=alt.Scale(zero=False)),
            color=alt.Color("answer:N", title=None),
            shape=alt.Shape("answer:N", title=None),
        )
    )
    return Drawing(chart.properties(height=260, width=NARROW + 60), [_("subject"), _("answer"), *pair], table)


def _plane(found: Found) -> Drawing:
    """Each subject at (certainty or the model's probability, dispersion)."""
    said = found.said
    chosen = np.arange(len(said))
    if len(chosen) > POINTS:
        chosen = np.sort(np.random.default_rng(found.run.seed).choice(chosen, POINTS, replace=False))
    names = _names(found, [said.subjects[at] for at in chosen])
    top = _("certainty") if said.calibrated else _("model probability")
    columns = [_("subject"), _("answer"), top, _("dispersion"), _("votes")]
    lead = said.shares.argmax(axis=1)
    rows = [
        [names[said.subjects[at]], found.label(said.classes[lead[at]]), _round(said.top[at]),
         _round(said.dispersion[at]), int(said.votes[at])]
        for at in chosen
    ]  # fmt: skip
    values = [{"answer": row[1], "top": row[2], "dispersion": row[3]} for row in rows]
    chart = (
        alt.Chart(alt.Data(values=values))
        .mark_point(filled=True, size=28, opacity=0.6)
        .encode(
            x=alt.X("top:Q", title=top, scale=alt.Scale(zero=False)),
            y=alt.Y("dispersion:Q", title=_("dispersion"), scale=alt.Scale(domain=[0, 1])),
            color=alt.Color("answer:N", title=None),
            shape=alt.Shape("answer:N", title=None),
        )
    )
    return Drawing(chart.properties(height=260, width=NARROW + 60), columns, rows)


def _names(found: Found, subjects: list[int]) -> dict[int, str]:
    known = found.run.workflow.project.subjects.filter(pk__in=subjects)
    return dict(known.values_list("pk", "external_id"))


def _round(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 5)
