"""The unusual objects of a workflow: every signal, the reasons as facts, the first who said so.

Open subjects are looked at too, since a discovery must not wait: the list is the team's, and who is shown an open one
has looked at its answers.
"""

from collections import Counter
from typing import Any

import numpy as np
import polars as pl

from mining.ballots import YES, paths_of
from mining.frames import votes_frame
from mining.models import AttributeRun, FollowUp, UnusualObject
from mining.science.attributes.columns import Numbers
from mining.science.attributes.table import attribute_table
from mining.science.unusual import contradicting, divided, odd_answers
from mining.services.attribute_runs import Told, worked_on
from mining.subject_frames import Said, attributes_of, said_of
from projects.models import Workflow
from projects.services import get_version
from projects.tasks.definition import WorkflowDefinition

LEAST = 6.0
"""Bits from which a subject is listed: what one subject in 64 shows."""

SAID = 1.0
"""Bits from which a signal counts and is told: half of all subjects show less."""

MOST = 500
FINDERS = 3
STEPS = 3
Signals = dict[int, list[dict[str, Any]]]


def work(run: AttributeRun) -> None:
    """Do a run that waits; nothing where another process does it, or it has ended."""
    with worked_on(run) as told:
        if told is not None:
            _look(run, told)


def odd_paths(definition: WorkflowDefinition) -> list[str]:
    """The questions whose yes says that a subject is odd: the choices of tasks that may be left empty."""
    return [
        path
        for name, task in definition.tasks.items()
        if task.kind == "multiple" and not task.required
        for path in paths_of(definition, name)
    ]


def _look(run: AttributeRun, told: Told) -> None:
    told(0, STEPS)
    workflow = run.workflow
    if workflow.published_id is None:
        raise ValueError("the workflow is not published")
    definition = get_version(workflow.published_id).definition
    first = definition.tasks[definition.first_task]
    signals: Signals = {}
    subjects = 0
    if first.kind == "single":
        said = said_of(workflow, definition.first_task, run.consensus, with_open=True)
        subjects = len(said)
        _add_divided(signals, said)
        _add_contradictions(signals, workflow, said)
    told(1, STEPS)
    finders = _add_odd(signals, run, odd_paths(definition))
    told(2, STEPS)
    kept = _ranked(signals)
    _store(run, kept, signals, finders)
    run.report = {"subjects": subjects, "listed": len(kept), "odd": odd_paths(definition)}
    told(STEPS, STEPS)


def _add_divided(signals: Signals, said: Said) -> None:
    for at, bits in enumerate(divided(said.dispersion).tolist()):
        if bits >= SAID:
            facts = {"dispersion": round(float(said.dispersion[at]), 3), "votes": int(said.votes[at])}
            signals.setdefault(said.subjects[at], []).append(
                {"signal": "divided", "bits": bits, "facts": facts}
            )


def _add_contradictions(signals: Signals, workflow: Workflow, said: Said) -> None:
    """The attribute that contradicts the answer most, its bits lessened by those of having so many to choose from."""
    frame, _notes = attributes_of(workflow, said.subjects)
    if not frame.width or not len(said):
        return
    columns = [column for column in attribute_table(frame).columns if isinstance(column, Numbers)]
    if not columns:
        return
    found = [contradicting(column.values, said.shares) for column in columns]
    bits = np.stack([each[0] for each in found]) - np.log2(len(columns))
    lead = said.shares.argmax(axis=1)
    for at, best in enumerate(bits.argmax(axis=0).tolist()):
        if bits[best, at] >= SAID:
            facts = {
                "attribute": columns[best].name, "value": float(columns[best].values[at]),
                "answer": said.classes[lead[at]], "like": said.classes[found[best][1][at]],
            }  # fmt: skip
            one = {"signal": "contradicts", "bits": float(bits[best, at]), "facts": facts}
            signals.setdefault(said.subjects[at], []).append(one)


def _add_odd(signals: Signals, run: AttributeRun, paths: list[str]) -> dict[int, list[int]]:
    """Returns the first who answered so, by subject, in the order of the ledger."""
    finders: dict[int, list[int]] = {}
    if not paths:
        return finders
    votes = votes_frame(run.workflow_id).filter(pl.col("task").is_in(paths))
    people = votes.group_by("subject", "volunteer", maintain_order=True).agg(
        odd=(pl.col("key") == YES).any(), keys=pl.col("task").filter(pl.col("key") == YES)
    )
    asked: Counter[int] = Counter()
    odd: Counter[int] = Counter()
    said: dict[int, Counter[str]] = {}
    for subject, volunteer, is_odd, tasks in people.iter_rows():
        asked[subject] += 1
        if is_odd:
            odd[subject] += 1
            said.setdefault(subject, Counter()).update(tasks)
            if len(first := finders.setdefault(subject, [])) < FINDERS:
                first.append(volunteer)
    ids = list(asked)
    counts = np.array([odd[each] for each in ids], dtype=np.int64)
    totals = np.array([asked[each] for each in ids], dtype=np.int64)
    for subject, bits in zip(ids, odd_answers(counts, totals).tolist(), strict=True):
        if bits >= SAID:
            most = said[subject].most_common(1)[0][0]
            facts = {"odd": odd[subject], "asked": asked[subject], "path": most}
            signals.setdefault(subject, []).append({"signal": "odd", "bits": bits, "facts": facts})
    return finders


def _ranked(signals: Signals) -> dict[int, float]:
    scores = {subject: sum(each["bits"] for each in found) for subject, found in signals.items()}
    best = sorted(((score, subject) for subject, score in scores.items() if score >= LEAST), reverse=True)
    return {subject: round(score, 4) for score, subject in best[:MOST]}


def _store(
    run: AttributeRun, kept: dict[int, float], signals: Signals, finders: dict[int, list[int]]
) -> None:
    """What stands out no more is taken off the list, unless the team has said something of it."""
    here = {row.subject_id: row for row in UnusualObject.objects.filter(workflow=run.workflow)}
    gone = [row.pk for subject, row in here.items() if subject not in kept]
    said = set(FollowUp.objects.filter(unusual__in=gone).values_list("unusual_id", flat=True))
    UnusualObject.objects.filter(pk__in=set(gone) - said).delete()
    UnusualObject.objects.filter(pk__in=said).update(score=0.0, signals=[], run=run)
    rows = []
    for subject, score in kept.items():
        row = here.get(subject) or UnusualObject(
            workflow=run.workflow, project_id=run.workflow.project_id, subject_id=subject
        )
        row.run, row.score = run, score
        row.signals = sorted(
            ({**each, "bits": round(each["bits"], 3)} for each in signals[subject]), key=lambda e: -e["bits"]
        )
        row.finders = finders.get(subject, [])
        rows.append(row)
    fields = ["run", "score", "signals", "finders"]
    UnusualObject.objects.bulk_create([row for row in rows if row.pk is None], batch_size=500)
    UnusualObject.objects.bulk_update([row for row in rows if row.pk is not None], fields, batch_size=500)
