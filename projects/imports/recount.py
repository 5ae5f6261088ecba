"""After the rows: tallies, states, who has answered what, the ledger and the counts of a workflow, in bulk.

The same numbers as projects.services.rebuild makes from the record; that is tested.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from django.db import connection

from projects import conditions
from projects.imports.copying import copy_rows
from projects.imports.retired import Retired
from projects.models import (
    Classification,
    Evidence,
    GoldAnswer,
    LedgerEntry,
    Retirement,
    SubjectState,
    Workflow,
    WorkflowCounter,
)
from projects.services import get_version
from projects.services.tallies import count_all

ROWS = 2000  # a statement

ENLIST = """
INSERT INTO projects_subjectstate (workflow_id, subject_id, shuffle, answered, leased, wanted, retired_reason)
SELECT %(workflow)s, c.subject_id, random(), 0, 0, %(wanted)s, ''
  FROM (SELECT DISTINCT subject_id FROM projects_classification WHERE workflow_id = %(workflow)s AND id > %(after)s) c
ON CONFLICT DO NOTHING
"""
# The first of each person on each subject; one that counts goes before one that does not. As in services/rebuild.py;
# who was imported corrects nothing here.
ANSWERED = """
INSERT INTO projects_answered AS a (volunteer_id, workflow_id, subject_id, classification_id)
SELECT DISTINCT ON (person, c.subject_id) coalesce(v.joined_to_id, v.id) AS person, c.workflow_id, c.subject_id, c.id
  FROM projects_classification c JOIN projects_volunteer v ON v.id = c.volunteer_id
 WHERE c.workflow_id = %(workflow)s AND v.source <> ''
 ORDER BY person, c.subject_id, c.counted <> 'yes', c.received_at, c.id
ON CONFLICT (volunteer_id, workflow_id, subject_id) DO UPDATE SET classification_id = excluded.classification_id
 WHERE a.classification_id <> excluded.classification_id
"""
# NOT IN, which is hashed: the planner, who has not seen the new rows yet, would answer NOT EXISTS row by row.
APPEND = """
INSERT INTO projects_ledgerentry (workflow_id, position, kind, record_id)
SELECT workflow_id, %(position)s + row_number() OVER (ORDER BY id), %(kind)s, id
  FROM {table} WHERE workflow_id = %(workflow)s AND id > %(after)s
   AND id NOT IN (SELECT record_id FROM projects_ledgerentry
                   WHERE workflow_id = %(workflow)s AND kind = %(kind)s AND record_id > %(after)s)
"""
UPDATE = """
UPDATE projects_subjectstate s SET answered = n.answered, retired_at = n.retired_at, retired_reason = n.reason
  FROM unnest(%(subject)s::bigint[], %(answered)s::int[], %(retired_at)s::timestamptz[], %(reason)s::text[])
    AS n (subject, answered, retired_at, reason)
 WHERE s.workflow_id = %(workflow)s AND s.subject_id = n.subject
"""
RECORDS = [
    (Classification, LedgerEntry.Kind.CLASSIFICATION),
    (GoldAnswer, LedgerEntry.Kind.GOLD),
    (Retirement, LedgerEntry.Kind.RETIREMENT),
]
"""What an import writes, in the order in which the ledger takes it."""


class Marks:
    """The ends of the record's tables when the import began. What lies behind them in a workflow and has no position
    yet is the import's: others' records get theirs as they become visible."""

    def __init__(self) -> None:
        self.after: dict[str, int] = {}
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL voorwerp.bulk = 'on'"
            )  # the ledger's triggers leave the positions to us
            for model, _ in RECORDS:
                table = model._meta.db_table
                cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
                self.after[table] = cursor.fetchone()[0]


def recount(workflow: Workflow, marks: Marks, retired: Mapping[int, Retired], counted: int) -> int:
    """Everything that follows from the new rows of the workflow; returns how many subjects the source had retired.

    retired: by subject. counted: how many of the new rows count.
    Locks the states of their subjects, then the counter, as everywhere.
    """
    after = marks.after[Classification._meta.db_table]
    new = Classification.objects.filter(workflow=workflow, pk__gt=after)
    version = get_version(workflow.published_id) if workflow.published_id else None
    wanted = conditions.vote_limit(version.definition.retirement) if version else conditions.UNLIMITED
    with connection.cursor() as cursor:
        cursor.execute(ENLIST, {"workflow": workflow.pk, "after": after, "wanted": wanted})
        enlisted = cursor.rowcount
        cursor.execute(ANSWERED, {"workflow": workflow.pk})
    # A list: of a subquery over rows that it has not seen the planner thinks too little.
    touched = list(new.order_by().values_list("subject_id", flat=True).distinct())
    states = SubjectState.objects.filter(workflow=workflow, subject_id__in=touched)
    locked = {state.subject_id: state for state in states.select_for_update().order_by("subject_id")}
    answers = _tallies(workflow, list(locked))
    told = {subject: _retell(state, answers.get(subject, 0), retired) for subject, state in locked.items()}
    newly = {subject: each for subject, each in told.items() if each}
    _retire(workflow, newly)
    _update(workflow, list(locked.values()))
    _append(workflow, marks, enlisted, counted, len(newly))
    return len(newly)


def _tallies(workflow: Workflow, subjects: list[int]) -> dict[int, int]:
    """Write the evidence's tallies of these subjects; their counted answers."""
    answers: dict[int, int] = {}
    rows: list[Evidence] = []
    for subject, group in groupby(_counted(workflow, subjects), lambda answer: answer.subject_id):
        of_subject = list(group)
        answers[subject] = len(of_subject)
        by_task = count_all(get_version(a.version_id).definition.votes(a.annotations) for a in of_subject)
        rows += [
            Evidence(workflow=workflow, subject_id=subject, task=task, tallies=tallies)
            for task, tallies in by_task.items()
        ]
        if len(rows) >= ROWS:
            _write(workflow, rows)
            rows = []
    _write(workflow, rows)
    return answers


def _counted(workflow: Workflow, subjects: list[int]) -> Iterator[Classification]:
    """Of some subjects at a time: by subject, then in order of receipt."""
    for start in range(0, len(subjects), ROWS):
        yield from (
            Classification.objects.standing()
            .filter(workflow=workflow, subject_id__in=subjects[start : start + ROWS])
            .only("subject_id", "version_id", "annotations")
            .order_by("subject_id", "id")
        )


def _write(workflow: Workflow, rows: list[Evidence]) -> None:
    """Copy those that are new, change the tallies of the others."""
    there = Evidence.objects.filter(workflow=workflow, subject_id__in={row.subject_id for row in rows})
    known = set(there.values_list("subject_id", "task"))
    copy_rows(Evidence, [row for row in rows if (row.subject_id, row.task) not in known])
    Evidence.objects.bulk_create(
        [row for row in rows if (row.subject_id, row.task) in known],
        batch_size=ROWS,
        update_conflicts=True,
        unique_fields=["workflow_id", "subject_id", "task"],
        update_fields=["tallies"],
    )


def _retell(state: SubjectState, answered: int, retired: Mapping[int, Retired]) -> Retired | None:
    """Set the state's numbers; what retired it, if that is new."""
    state.answered = answered
    told = retired.get(state.subject_id)
    if told is None or state.retired_at is not None:
        return None
    state.retired_at, state.retired_reason = told.at, told.reason
    return told


def _retire(workflow: Workflow, newly: Mapping[int, Retired]) -> None:
    """The dated records, in the order in which the subjects were retired."""
    copy_rows(
        Retirement,
        [
            Retirement(workflow=workflow, subject_id=subject, at=told.at, retired=True, reason=told.reason)
            for subject, told in sorted(newly.items(), key=lambda each: (each[1].at, each[0]))
        ],
    )


def _update(workflow: Workflow, states: list[SubjectState]) -> None:
    values: dict[str, Any] = {
        "workflow": workflow.pk,
        "subject": [state.subject_id for state in states],
        "answered": [state.answered for state in states],
        "retired_at": [state.retired_at for state in states],
        "reason": [state.retired_reason for state in states],
    }
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, values)


def _append(workflow: Workflow, marks: Marks, enlisted: int, answers: int, retired: int) -> None:
    """Give the new records their positions, under the lock of the counter, which is held until the commit."""
    counter = WorkflowCounter.objects.select_for_update().get(workflow=workflow)
    with connection.cursor() as cursor:
        for model, kind in RECORDS:
            table = model._meta.db_table
            values: dict[str, Any] = {
                "workflow": workflow.pk,
                "position": counter.position,
                "kind": kind,
                "after": marks.after[table],
            }
            cursor.execute(APPEND.format(table=table), values)
            counter.position += cursor.rowcount
    counter.subjects += enlisted
    counter.answers += answers
    counter.retired += retired
    counter.save(update_fields=["position", "subjects", "answers", "retired"])
