"""The charts of a workflow's results page. Workers only; the page serves what they have drawn."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
from django.utils.translation import gettext as _

from mining.reports import data
from mining.reports.theme import NARROW, WIDTH
from projects.models import Workflow
from projects.services import get_version
from projects.tasks.base import Task


@dataclass(frozen=True)
class Drawing:
    """A chart and the table that says the same."""

    chart: alt.TopLevelMixin
    columns: list[str]
    rows: list[list[Any]]


def _workflow(workflow_id: int) -> tuple[Workflow, str, Task]:
    """With its first task, the one that every answer comes to."""
    workflow = Workflow.objects.get(pk=workflow_id)
    if workflow.published_id is None:
        raise LookupError(f"Workflow {workflow_id} is not published.")
    definition = get_version(workflow.published_id).definition
    return workflow, definition.first_task, definition.tasks[definition.first_task]


def _values(columns: list[str], rows: list[list[Any]]) -> alt.Data:
    return alt.Data(values=[dict(zip(columns, row, strict=True)) for row in rows])


def _whole(values: Iterable[int]) -> alt.Axis:
    """An axis of counts: no ticks at halves."""
    return alt.Axis(format="d", tickCount=max(1, min(5, max(values))))


def progress(workflow_id: int) -> Drawing | None:
    """Counted answers and finished subjects by hour or day."""
    workflow = _workflow(workflow_id)[0]
    unit, steps = data.progress(workflow)
    if not steps:
        return None
    columns = [unit, "answers", "finished"]
    pattern = "%Y-%m-%d %H:00" if unit == "hour" else "%Y-%m-%d"
    rows: list[list[Any]] = [[step.at.strftime(pattern), step.answers, step.finished] for step in steps]
    base = alt.Chart(_values(columns, rows)).properties(height=110)
    x = alt.X(
        f"{unit}:O",
        title=_("hour (UTC)") if unit == "hour" else _("day (UTC)"),
        axis=alt.Axis(labelAngle=0, labelOverlap=True),
    )
    width = min(40.0, 0.8 * WIDTH / len(rows))
    panels = [
        base.mark_bar(size=width).encode(
            x=x, y=alt.Y(f"{name}:Q", title=title, axis=_whole(row[at] for row in rows))
        )
        for at, name, title in ((1, "answers", _("answers")), (2, "finished", _("subjects finished")))
    ]
    return Drawing(alt.vconcat(*panels), columns, rows)


def leading_answers(workflow_id: int) -> Drawing | None:
    """Finished subjects by the leading answer of the first task."""
    workflow, name, task = _workflow(workflow_id)
    evidence = data.finished_evidence(workflow, name)
    if not task.chooses_one or not evidence:
        return None
    shares = [row.probabilities for row in evidence if row.probabilities]
    leading = Counter(max(each, key=each.__getitem__) for each in shares)
    rows = [
        [answer.label, leading[answer.key], leading[answer.key] / len(evidence)] for answer in task.choices
    ]
    columns = ["answer", "subjects", "share"]
    base = alt.Chart(_values(columns, rows)).encode(
        y=alt.Y("answer:N", sort=None, title=None, axis=alt.Axis(labelLimit=220)),
        x=alt.X("subjects:Q", title=_("finished subjects"), axis=_whole(leading.values())),
    )
    chart = base.mark_bar(size=18) + base.mark_text(align="left", dx=5).encode(text="subjects:Q")
    return Drawing(chart.properties(height=alt.Step(30), width=NARROW), columns, rows)


def dispersion(workflow_id: int) -> Drawing | None:
    """Finished subjects by the dispersion of their answers to the first task."""
    workflow, name = _workflow(workflow_id)[:2]
    values = [row.dispersion for row in data.finished_evidence(workflow, name) if row.dispersion is not None]
    if not values:
        return None
    counts, edges = np.histogram(values, bins=10, range=(0.0, 1.0))
    columns = ["from", "to", "subjects"]
    rows = [
        [round(float(low), 1), round(float(high), 1), int(n)]
        for low, high, n in zip(edges[:-1], edges[1:], counts, strict=True)
    ]
    x = alt.X(
        "from:Q",
        bin="binned",
        title=_("dispersion (0 all agree, 1 evenly divided)"),
        axis=alt.Axis(labelFlush=False),
    )
    y = alt.Y("subjects:Q", title=_("finished subjects"), axis=_whole(counts.tolist()))
    chart = alt.Chart(_values(columns, rows)).mark_bar(binSpacing=2).encode(x=x, x2="to:Q", y=y)
    return Drawing(chart.properties(height=180, width=NARROW), columns, rows)


VOLUNTEERS = [
    "volunteer", "simulated", "votes", "skill", "skill low", "skill high", "bits", "bits low", "bits high",
]  # fmt: skip


def volunteers(workflow_id: int) -> Drawing | None:
    """Skill and information of each volunteer on the first task, with 95 % intervals."""
    workflow, name, task = _workflow(workflow_id)
    if not task.chooses_one:
        return None
    rows = [[w.name, w.simulated, w.votes, *w.skill, *w.bits] for w in data.volunteers(workflow, name)]
    if not rows:
        return None
    table = _values(
        [column.replace(" ", "_") for column in VOLUNTEERS],
        [[*row[:1], _("simulated") if row[1] else _("person"), *row[2:]] for row in rows],
    )
    x_title = _("skill (share of votes that agree with the consensus)")
    y_title = _("information (bits a vote)")
    x = alt.X("skill:Q", title=x_title, scale=alt.Scale(zero=False))
    base = alt.Chart(table).encode(x=x, y=alt.Y("bits:Q", title=y_title))
    kinds = [_("person"), _("simulated")]
    kind = alt.Shape(
        "simulated:N",
        title=None,
        scale=alt.Scale(domain=kinds, range=["circle", "triangle-up"]),
    )
    colour = alt.Color("simulated:N", title=None, scale=alt.Scale(domain=kinds))
    chart = (
        base.mark_rule().encode(x=alt.X("skill_low:Q", title=x_title), x2="skill_high:Q")
        + base.mark_rule().encode(y=alt.Y("bits_low:Q", title=y_title), y2="bits_high:Q")
        + base.mark_point().encode(shape=kind, color=colour)
    )
    return Drawing(chart.properties(height=300), VOLUNTEERS, rows)


CHARTS: dict[str, Callable[[int], Drawing | None]] = {
    "progress": progress,
    "leading-answers": leading_answers,
    "dispersion": dispersion,
    "volunteers": volunteers,
}
