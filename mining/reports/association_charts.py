"""The pictures of a run on associations, from its lists. Workers only."""

from collections.abc import Iterator
from typing import Any

import altair as alt
from django.utils.translation import gettext as _

from mining.models import AttributeRun
from mining.reports.charts import Drawing
from mining.reports.theme import NARROW
from mining.science.associations import LEVEL
from mining.told_associations import confounder_words, flag_words, pair_words, verdict_words
from projects.exports.catalogue import all_tasks

SHOWN = 20  # pairs of a picture
TITLES = {
    "votes": lambda: _("Answers of one person on one subject, before and within what takes most of it"),
    "traits": lambda: _("Answers by who gives them, before and within what takes most of it"),
    "subjects": lambda: _("Subjects' answers and attributes, before and within what takes most of it"),
}


def draw(run: AttributeRun, lists: dict[str, Any]) -> Iterator[tuple[str, str, Drawing]]:
    """(name, title, drawing) of each list in which pairs were compared; lists: as the report has them."""
    tasks = all_tasks(run.workflow)
    labels = dict(run.workflow.project.attributes.values_list("key", "label"))
    for name, found in lists.items():
        if found["pairs"]:
            named = [
                flag_words(tuple(flag), tasks, labels, run.report["quartiles"]) for flag in found["flags"]
            ]
            yield name, TITLES[name](), _before_and_within(found, named)


def _before_and_within(found: dict[str, Any], named: list[tuple[str, str]]) -> Drawing:
    """Bits with 95 % intervals; the ring is what is left within the confounder that the verdict names, or that takes
    most. The table has all pairs that were kept, and all confounders."""
    parts = ["bits", "low", "high", "q"]
    columns = ["a", "of a", "b", "of b", "rows", "both", "n a", "n b", "lift", *parts]
    columns += [f"{part} ({confounder_words(name)})" for name in found["confounders"] for part in parts]
    columns.append("left")
    rows = [_row(pair, found["confounders"], named) for pair in found["pairs"]]
    told = [pair for pair in found["pairs"] if pair["p"][1] <= LEVEL] or found["pairs"]
    series = {"alone": _("alone"), "within": _("within what takes most")}
    points: list[dict[str, Any]] = []
    for pair in told[:SHOWN]:
        words, (_lift, bits, low, high) = pair_words(pair, named), pair["alone"]
        # Two that never met have no finite bits: their interval stands alone.
        points.append({"pair": words, "bits": bits, "low": low, "high": high, "what": series["alone"]})
        within = _takes_most(pair)
        if within is not None:
            points.append(
                {"pair": words, "bits": within, "low": None, "high": None, "what": series["within"]}
            )
    base = alt.Chart(alt.Data(values=points)).encode(
        y=alt.Y("pair:N", sort=None, title=None, axis=alt.Axis(labelLimit=300))
    )
    x = alt.X(
        "bits:Q", title=_("PMI (bits): 1 is twice as often together as by chance"), scale=alt.Scale(zero=True)
    )
    shape = alt.Shape("what:N", title=None, sort=None, scale=alt.Scale(range=["circle", "diamond"]))
    colour = alt.Color("what:N", title=None, sort=None)
    zero = (
        alt.Chart(alt.Data(values=[{"bits": 0}])).mark_rule(strokeDash=[4, 4], opacity=0.8).encode(x="bits:Q")
    )
    chart = (
        zero
        + base.mark_rule(opacity=1, strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
        + base.mark_point(size=60, opacity=1, filled=True).encode(x=x, shape=shape, color=colour)
    )
    shown = len({point["pair"] for point in points})
    return Drawing(chart.properties(height=20 * shown + 10, width=NARROW), columns, rows)


def _takes_most(pair: dict[str, Any]) -> float | None:
    """Bits within the verdict's confounder; without one the least of all."""
    left = {name: each[2] for name, each in pair["left"].items() if each[2] is not None}
    name = pair["verdict"][1]
    if name in left:
        return float(left[name])
    return float(min(left.values(), key=abs)) if left else None


def _row(pair: dict[str, Any], confounders: list[str], named: list[tuple[str, str]]) -> list[Any]:
    (a, of_a), (b, of_b) = named[pair["a"]], named[pair["b"]]
    rows, both, n_a, n_b = pair["counts"]
    _lift, *bits = pair["alone"]
    row: list[Any] = [a, of_a, b, of_b, rows, both, n_a, n_b, pair["alone"][0], *bits, pair["p"][1]]
    for name in confounders:
        left = pair["left"].get(name)
        row += [None] * 4 if left is None else [*left[2:5], left[6]]
    return [*row, verdict_words(pair["verdict"])]
