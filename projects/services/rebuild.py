"""Count everything of a workflow again from the record, say what differed, and put it right."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from projects.models import (
    Answered,
    Classification,
    Evidence,
    LaneMove,
    Lease,
    LedgerEntry,
    Retirement,
    SubjectState,
    Use,
    Workflow,
    WorkflowCounter,
)
from projects.services.tallies import count_all, empty
from projects.services.versions import get_version

Rows = dict[tuple[Any, ...], tuple[Any, ...]]
"""Key to values, both in the order of columns."""


@dataclass(frozen=True)
class Difference:
    """One stored row that was not what the record says. None: no such row."""

    table: str
    key: tuple[Any, ...]
    stored: tuple[Any, ...] | None
    rebuilt: tuple[Any, ...] | None

    def __str__(self) -> str:
        return f"{self.table} {self.key}: stored {self.stored}, by the record {self.rebuilt}"


@transaction.atomic
def rebuild_workflow(workflow: Workflow) -> list[Difference]:
    """Tallies, who has answered what, subjects' states and the workflow's counts, from classifications, discounts,
    retirements, moves and leases. Returns what was put right: nothing, when all is well.

    Answers wait meanwhile: it holds the locks of all subjects, then that of the counter. Memory: the workflow's
    subjects, evidence and answered pairs.
    """
    states = list(SubjectState.objects.select_for_update().filter(workflow=workflow).order_by("subject_id"))
    WorkflowCounter.objects.select_for_update().get(pk=workflow.pk)
    tallies, answered = _count(workflow.pk)
    return [
        *_put_right(Evidence, ["subject_id", "task"], ["tallies"], workflow.pk, tallies, keep=(empty(),)),
        *_put_right(
            Answered,
            ["volunteer_id", "subject_id"],
            ["classification_id"],
            workflow.pk,
            _answered(workflow.pk),
        ),
        *_put_right(
            SubjectState,
            ["subject_id"],
            ["answered", "leased", "retired_at", "retired_reason", "lane_id", "priority", "laned_at"],
            workflow.pk,
            _states(workflow.pk, [state.subject_id for state in states], answered),
        ),
        *_put_right(
            WorkflowCounter,
            [],
            ["position", "answers", "subjects", "checks", "retired"],
            workflow.pk,
            {(): _counts(workflow.pk, Counter(state.use for state in states))},
        ),
    ]


def _counted(workflow_id: int) -> Iterator[Classification]:
    """By subject, then in order of receipt."""
    rows = Classification.objects.standing().filter(workflow_id=workflow_id)
    return rows.only("subject_id", "version_id", "annotations").order_by("subject_id", "id").iterator()


def _count(workflow_id: int) -> tuple[Rows, Counter[int]]:
    """Tallies by (subject, task), and counted answers by subject."""
    tallies: Rows = {}
    answered: Counter[int] = Counter()
    for subject, group in groupby(_counted(workflow_id), lambda answer: answer.subject_id):
        answers = list(group)
        answered[subject] = len(answers)
        by_task = count_all(get_version(a.version_id).definition.votes(a.annotations) for a in answers)
        tallies |= {(subject, task): (counts,) for task, counts in by_task.items()}
    return tallies, answered


ANSWERED = """
WITH RECURSIVE first AS (
    SELECT DISTINCT ON (person, c.subject_id) coalesce(v.joined_to_id, v.id) AS person, c.subject_id, c.id
      FROM projects_classification c JOIN projects_volunteer v ON v.id = c.volunteer_id
     WHERE c.workflow_id = %(workflow)s AND c.supersedes_id IS NULL
     ORDER BY person, c.subject_id, c.counted <> 'yes', c.received_at, c.id
), correction (of, id) AS (
    SELECT supersedes_id, id FROM projects_classification
     WHERE workflow_id = %(workflow)s AND supersedes_id IS NOT NULL
), chain AS (
    SELECT person, subject_id, id, 0 AS step FROM first
    UNION ALL
    SELECT chain.person, chain.subject_id, correction.id, step + 1
      FROM chain JOIN correction ON correction.of = chain.id
)
SELECT DISTINCT ON (person, subject_id) person, subject_id, id FROM chain ORDER BY person, subject_id, step DESC
"""


def _answered(workflow_id: int) -> Rows:
    """The last correction of the first classification of each person on each subject; one that counted goes before one
    that did not."""
    with connection.cursor() as cursor:
        cursor.execute(ANSWERED, {"workflow": workflow_id})
        return {(person, subject): (classification,) for person, subject, classification in cursor.fetchall()}


def _states(workflow_id: int, subjects: Iterable[int], answered: Counter[int]) -> Rows:
    leased = Counter(Lease.objects.filter(workflow_id=workflow_id).values_list("subject_id", flat=True))
    newest = {r.subject_id: r for r in Retirement.objects.filter(workflow_id=workflow_id).order_by("id")}
    places = _places(workflow_id)
    rows: Rows = {}
    for subject in subjects:
        last = newest.get(subject)
        retired = (last.at, last.reason) if last and last.retired else (None, "")
        place = places.get(subject, (None, None, None))
        rows[subject,] = (answered[subject], leased[subject], *retired, *place)
    return rows


def _places(workflow_id: int) -> dict[int, tuple[Any, ...]]:
    """Subject to lane, place in it and since when it is there, as the newest of its moves says."""
    found: dict[int, tuple[Any, ...]] = {}
    moves = LaneMove.objects.filter(workflow_id=workflow_id).order_by("id")
    for subject, lane, priority, at in moves.values_list(
        "subject_id", "lane_id", "priority", "at"
    ).iterator():
        before = found.get(subject)
        since = before[2] if before and before[0] == lane else at
        found[subject] = (lane, priority, since if lane else None)
    return found


def _counts(workflow_id: int, uses: Counter[int]) -> tuple[int, int, int, int, int]:
    answers = Classification.objects.shown().filter(workflow_id=workflow_id).count()
    last = LedgerEntry.objects.filter(workflow_id=workflow_id).order_by("-position").first()
    newest = (
        Retirement.objects.filter(workflow_id=workflow_id)
        .order_by("subject_id", "-id")
        .distinct("subject_id")
    )
    retired = sum(newest.values_list("retired", flat=True))
    return last.position if last else 0, answers, uses[Use.WORK], uses[Use.CHECK], retired


def _put_right(
    model: type[Model],
    key: list[str],
    columns: list[str],
    workflow_id: int,
    rebuilt: Rows,
    keep: tuple[Any, ...] | None = None,
) -> list[Difference]:
    """Compare the stored rows with the rebuilt ones and change those that differ.

    `keep`: the values of a row that the record says nothing of, where such a row may stay; else it is deleted.
    """
    manager = model._default_manager
    rows = manager.filter(workflow_id=workflow_id).values_list(*key, *columns)
    stored = {row[: len(key)]: row[len(key) :] for row in rows}
    differences = []
    for place in sorted(stored.keys() | rebuilt.keys()):
        have, want = stored.get(place), rebuilt.get(place, keep if place in stored else None)
        if have == want:
            continue
        differences.append(Difference(model._meta.label, place, have, want))
        where = {"workflow_id": workflow_id, **dict(zip(key, place, strict=True))}
        if want is None:
            manager.filter(**where).delete()
        else:
            manager.update_or_create(**where, defaults=dict(zip(columns, want, strict=True)))
    return differences
