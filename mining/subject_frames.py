"""The other half of THE SEAM (see frames.py): what is said of subjects, and what the catalogue knows of them.

Loads polars: for jobs and commands, never for a web process.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mining.ballots import NO, YES, answers_of, choice_of, task_of
from mining.models import Consensus, Run
from mining.science.attributes.columns import Note
from projects.models import Evidence, Subject, SubjectState, Workflow
from projects.services import get_version

STEP = 5000
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Said:
    """One question, N subjects. shares [N, K]: probability of each of `classes`. top: calibrated certainty where
    `calibrated`, else the model's probability of the leading answer."""

    subjects: list[int]
    classes: list[str]
    shares: Floats
    top: Floats
    dispersion: Floats
    votes: Floats
    calibrated: bool

    def __len__(self) -> int:
        return len(self.subjects)


def said_of(workflow: Workflow, path: str, run: Run | None, *, with_open: bool) -> Said:
    """Of the subjects with votes on the question; without `with_open` of finished ones only. run: whose consensus, None
    for the online state."""
    rows = [row for row in _rows(workflow, path, run) if row[1]]
    if not with_open:
        retired = SubjectState.objects.filter(workflow=workflow, retired_at__isnull=False)
        finished = set(retired.values_list("subject_id", flat=True))
        rows = [row for row in rows if row[0] in finished]
    rows.sort(key=lambda row: row[0])
    classes = _classes(workflow, path, rows)
    shares = np.array([[row[1].get(key, 0.0) for key in classes] for row in rows]).reshape(-1, len(classes))
    sure = np.array([np.nan if row[2] is None else row[2] for row in rows], dtype=np.float64)
    calibrated = bool(rows) and not np.isnan(sure).any()
    return Said(
        [row[0] for row in rows],
        classes,
        shares,
        sure if calibrated else shares.max(axis=1, initial=0.0),
        np.array([row[3] for row in rows], dtype=np.float64),
        np.array([row[4] for row in rows], dtype=np.float64),
        calibrated,
    )


def _rows(workflow: Workflow, path: str, run: Run | None) -> list[tuple[Any, ...]]:
    """(subject, {key: probability}, certainty, dispersion, votes)"""
    if run is not None:
        found = Consensus.objects.filter(run=run, task=path)
        return list(found.values_list("subject_id", "probabilities", "certainty", "dispersion", "votes"))
    rows = Evidence.objects.filter(
        workflow=workflow,
        task=task_of(path),
        probabilities__isnull=False,
        dispersion__isnull=False,
        asked__gt=0,
    ).values_list("subject_id", "probabilities", "certainty", "dispersion", "asked")
    choice = choice_of(path)
    if choice is None:
        return list(rows)
    return [
        (subject, {NO: 1.0 - found[choice], YES: found[choice]}, None, dispersion, asked)
        for subject, found, _sure, dispersion, asked in rows
        if found and choice in found
    ]


def _classes(workflow: Workflow, path: str, rows: list[tuple[Any, ...]]) -> list[str]:
    """In the order of the published version, then those of older ones."""
    keys: dict[str, None] = {}
    if workflow.published_id is not None:
        definition = get_version(workflow.published_id).definition
        if task_of(path) in definition.tasks:
            keys.update(dict.fromkeys(answers_of(definition, path)))
    for row in rows:
        keys.update(dict.fromkeys(row[1]))
    return list(keys)


def attributes_of(workflow: Workflow, subjects: list[int]) -> tuple[pl.DataFrame, list[Note]]:
    """A row a subject, in their order, a column a catalogue attribute of the project; null where missing.

    A declared sentinel is missing; the notes count them. The column `subject` is not among them.
    """
    described = list(workflow.project.attributes.all())
    known: dict[int, dict[str, Any]] = {}
    for at in range(0, len(subjects), STEP):
        some = Subject.objects.filter(pk__in=subjects[at : at + STEP])
        known.update(some.values_list("pk", "attributes"))
    columns: dict[str, pl.Series] = {}
    notes = []
    for each in described:
        values = [known[subject].get(each.key) for subject in subjects]
        if each.kind == each.Kind.NUMBER:
            numbers = pl.Series(each.key, [_number(value) for value in values], dtype=pl.Float64)
            hidden = numbers.is_in(each.sentinels or [])
            if each.sentinels and (rows := int(hidden.sum())):
                written = " / ".join(f"{value:g}" for value in each.sentinels)
                notes.append(Note("sentinel", each.key, {"rows": rows, "value": written}))
                numbers = pl.select(pl.when(hidden).then(None).otherwise(numbers).alias(each.key)).to_series()
            columns[each.key] = numbers
        else:
            texts = [None if value is None else str(value) for value in values]
            columns[each.key] = pl.Series(each.key, texts, dtype=pl.String)
    return pl.DataFrame(columns), notes


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
