"""The charts of one run, from the numbers in its report (mining/services/judge.py). Workers only."""

from collections.abc import Callable
from typing import Any

import altair as alt
from django.utils.translation import gettext as _

from mining.models import Run
from mining.reports.charts import Drawing
from mining.reports.theme import NARROW


def _main(run: Run) -> dict[str, Any]:
    """The report of the question that every answer comes to; empty where that has no votes."""
    questions: dict[str, dict[str, Any]] = run.report.get("questions", {})
    return next((each for each in questions.values() if each.get("main")), {})


def _values(columns: list[str], rows: list[list[Any]]) -> alt.Data:
    return alt.Data(values=[dict(zip(columns, row, strict=True)) for row in rows])


def calibration(run: Run) -> Drawing | None:
    """How often answers are right against how often they claim to be, on hidden known answers."""
    found = _main(run).get("calibration")
    if not found:
        return None
    columns = ["certainty", "right", "subjects"]
    rows = [[probability, right, items] for items, probability, right in found["bins"]]
    scale = alt.Scale(domain=[0, 1])
    diagonal = (
        alt.Chart(alt.Data(values=[{"certainty": 0, "right": 0}, {"certainty": 1, "right": 1}]))
        .mark_line(strokeDash=[4, 4], opacity=0.6)
        .encode(x=alt.X("certainty:Q", scale=scale), y=alt.Y("right:Q", scale=scale))
    )
    points = (
        alt.Chart(_values(columns, rows))
        .mark_line(point=True)
        .encode(
            x=alt.X("certainty:Q", title=_("certainty claimed"), scale=scale),
            y=alt.Y("right:Q", title=_("share that is right"), scale=scale),
        )
    )
    return Drawing((diagonal + points).properties(height=NARROW, width=NARROW), columns, rows)


def _ticks(most: int) -> list[int]:
    """Whole numbers of votes, at most a dozen."""
    return list(range(1, most + 1, -(-most // 12)))


def _curve(found: dict[str, Any] | None, title: str) -> Drawing | None:
    if not found or not found["points"]:
        return None
    columns = ["votes", "weighed", "plain majority", "subjects"]
    rows = [[n, weighed, majority, found["subjects"]] for n, weighed, majority in found["points"]]
    kinds = [_("weighed"), _("plain majority")]
    values = [
        {"votes": n, "share": share, "kind": kind}
        for n, *shares in found["points"]
        for kind, share in zip(kinds, shares, strict=True)
    ]
    chart = (
        alt.Chart(alt.Data(values=values))
        .mark_line(point=True)
        .encode(
            x=alt.X(
                "votes:Q", title=_("votes a subject"), axis=alt.Axis(format="d", values=_ticks(len(rows)))
            ),
            y=alt.Y("share:Q", title=title, scale=alt.Scale(zero=False)),
            color=alt.Color("kind:N", title=None, scale=alt.Scale(domain=kinds)),
            shape=alt.Shape("kind:N", title=None, scale=alt.Scale(domain=kinds)),
        )
    )
    return Drawing(chart.properties(height=220), columns, rows)


def convergence(run: Run) -> Drawing | None:
    """Agreement with the final answer against votes, by sub-sampling."""
    return _curve(_main(run).get("convergence"), _("agrees with the final answer"))


def accuracy(run: Run) -> Drawing | None:
    """Accuracy on known answers against votes, by sub-sampling."""
    return _curve(_main(run).get("accuracy"), _("share that is right"))


def over_time(run: Run) -> Drawing | None:
    """How probably right the votes of each hour, day, week, month or year are; None where all are of one."""
    found = _main(run).get("over_time")
    if not found or len(found["rows"]) < 2:
        return None
    columns = [found["unit"], "votes", "agreement"]
    titles = {
        "hour": _("hour (UTC)"), "day": _("day (UTC)"), "week": _("week from"), "month": _("month from"),
        "year": _("year from"),
    }  # fmt: skip
    chart = (
        alt.Chart(_values(columns, found["rows"]))
        .mark_line(point=True)
        .encode(
            x=alt.X(
                f"{found['unit']}:O",
                title=titles[found["unit"]],
                axis=alt.Axis(labelAngle=0, labelOverlap=True),
            ),
            y=alt.Y("agreement:Q", title=_("agreement with the consensus"), scale=alt.Scale(zero=False)),
        )
    )
    return Drawing(chart.properties(height=220), columns, found["rows"])


RUN_CHARTS: dict[str, Callable[[Run], Drawing | None]] = {
    "calibration": calibration,
    "convergence": convergence,
    "accuracy": accuracy,
    "over-time": over_time,
}
