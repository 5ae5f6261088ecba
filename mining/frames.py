"""THE SEAM between rows and arrays. Loads polars: for jobs and commands, never for a web process."""

import json
from collections.abc import Iterator
from typing import Any

import polars as pl
from django.db import connection

from mining.ballots import NO, Ballot, ballots, choice_of
from mining.known import known_at
from mining.sheet import Sheet
from mining.written import written
from projects.as_of import DISCOUNTED, PERSONS
from projects.models import WorkflowCounter
from projects.services import get_version
from projects.tasks import Task
from projects.tasks.base import NONE
from projects.tasks.tags import TAGS

Sheets = dict[int, tuple[Sheet, Task]]
"""Subject to its sheet, and the task as it stood in the version of the sheet's last answer."""

SCHEMA: dict[str, Any] = {
    "classification": pl.Int64,
    "subject": pl.Int64,
    "volunteer": pl.Int64,
    "version": pl.Int64,
    "task": pl.String,
    "kind": pl.String,
    "key": pl.String,
    "value": pl.Float64,
    "at": pl.Datetime("us", "UTC"),
    "first": pl.Boolean,
}

TAGGED: dict[str, Any] = {
    "classification": pl.Int64,
    "subject": pl.Int64,
    "volunteer": pl.Int64,
    "task": pl.String,
    "tags": pl.List(pl.String),
    "at": pl.Datetime("us", "UTC"),
}

ANSWERS: dict[str, Any] = {
    "subject": pl.Int64,
    "volunteer": pl.Int64,
    "way": pl.String,
    "given": pl.List(pl.String),
    "seconds": pl.Float64,
}

# Counted, and not discounted up to the position (nor restored), or an un-helped answer on a known subject; the person
# as the joinings up to the position say.
COUNTED = f"""
  FROM projects_ledgerentry l
  JOIN projects_classification c ON c.id = l.record_id
  LEFT JOIN {DISCOUNTED} d ON d.classification_id = c.id
  LEFT JOIN {PERSONS} j ON j.volunteer_id = c.volunteer_id
 WHERE l.workflow_id = %(workflow)s AND l.kind = 'classification' AND l.position <= %(position)s
   AND d.classification_id IS NULL AND CASE WHEN %(checks)s::bool THEN c.counted_reason IN ('check', 'exam')
                                            ELSE c.counted = 'yes' END
 ORDER BY l.position
"""

READ = f"""
SELECT c.id, c.subject_id, coalesce(j.person_id, c.volunteer_id), c.version_id, c.annotations, c.received_at,
       c.supersedes_id IS NULL, extract(epoch FROM c.finished_at - c.started_at)::float8 {COUNTED}
"""  # noqa: S608 - texts of our own

SECONDS = f"""
SELECT coalesce(j.person_id, c.volunteer_id), extract(epoch FROM c.finished_at - c.started_at)::float8 {COUNTED}
"""  # noqa: S608 - texts of our own


WEIGHTS = """
SELECT w.volunteer_id, w.factor, j.volunteer_id, j.person_id
  FROM projects_ledgerentry l
  LEFT JOIN projects_weight w ON l.kind = 'weight' AND w.id = l.record_id
  LEFT JOIN projects_joining j ON l.kind = 'joining' AND j.id = l.record_id
 WHERE l.workflow_id = %(workflow)s AND l.position <= %(position)s AND l.kind IN ('weight', 'joining')
 ORDER BY l.position
"""


def position_of(workflow_id: int) -> int:
    """The end of the workflow's ledger."""
    return WorkflowCounter.objects.values_list("position", flat=True).get(pk=workflow_id)


def votes_frame(workflow_id: int, position: int | None = None) -> pl.DataFrame:
    """The counted votes of a workflow up to a ledger position (its end), in the order of the ledger.

    Columns: SCHEMA. One row a vote: of a task of kind single the key of the answer, or `none`; of a task of kind
    multiple one row for each choice offered, value 0 or 1, under the path `TASK:CHOICE` with the key *no* or *yes*.
    A task that was not reached has no row, nor has one whose answers are put together (see `sheets`). `volunteer` is
    the person, aliases folded as of the position. `first`: the vote corrects no earlier one.
    """
    if position is None:
        position = position_of(workflow_id)
    return pl.DataFrame(list(_rows(workflow_id, position)), schema=SCHEMA, orient="row")


def checks_frame(workflow_id: int, position: int) -> pl.DataFrame:
    """The un-helped answers on known questions up to a ledger position; SCHEMA and `truth`, the known key."""
    known = known_at(workflow_id, position)
    rows = [
        (*row, truth)
        for row in _rows(workflow_id, position, checks=True)
        if (truth := known.get(_path(row), {}).get(row[1]))
    ]
    return pl.DataFrame(rows, schema=SCHEMA | {"truth": pl.String}, orient="row")


def seconds_frame(workflow_id: int, position: int) -> pl.DataFrame:
    """How long each counted classification took by the volunteer's own clock, empty where that is not known: columns
    volunteer (the person) and seconds."""
    with connection.cursor() as cursor:
        cursor.execute(SECONDS, {"workflow": workflow_id, "position": position, "checks": False})
        schema = {"volunteer": pl.Int64, "seconds": pl.Float64}
        return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")


def answers_frame(workflow_id: int, position: int) -> pl.DataFrame:
    """The counted classifications of a workflow up to a ledger position, one a row, in its order. Columns: ANSWERS.

    way: the questions that it came to. given: `TASK=KEY` of each answer chosen. seconds: by the volunteer's clock, or
    null; corrections have none, since they took up what was there.
    """
    rows = []
    for _, subject, person, version, answers, _, first, seconds in _counted(workflow_id, position):
        votes = get_version(version).definition.votes(answers)
        given = [f"{task}={key}" for task, some in votes for key, value in some if value and key != NONE]
        way = " ".join(task for task, _ in votes)
        rows.append((subject, person, way, given, seconds if first else None))
    return pl.DataFrame(rows, schema=ANSWERS, orient="row")


def tags_frame(workflow_id: int, position: int) -> pl.DataFrame:
    """The counted answers to tasks of kind tags up to a ledger position, in its order, those without a tag too.
    Columns: TAGGED."""
    rows = [
        (classification, subject, person, answer["task"], answer["value"], at)
        for classification, subject, person, version, answers, at, *_ in _counted(workflow_id, position)
        for answer in answers
        if get_version(version).definition.tasks[answer["task"]].kind == TAGS
    ]
    return pl.DataFrame(rows, schema=TAGGED, orient="row")


def standing_weights(workflow_id: int, position: int) -> dict[int, float]:
    """Person to weight, of those who weigh less at a ledger position. As mining/fold.py has it: at a joining the
    lesser weight of the two is the person's."""
    weights: dict[int, float] = {}
    people: dict[int, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(WEIGHTS, {"workflow": workflow_id, "position": position})
        for volunteer, factor, alias, person in cursor.fetchall():
            if volunteer is not None:
                weights[people.get(volunteer, volunteer)] = factor
            elif alias is not None:
                people[alias] = person
                weights[person] = min(weights.get(person, 1.0), weights.pop(alias, 1.0))
    return {person: weight for person, weight in weights.items() if weight < 1.0}


def sheets(workflow_id: int, position: int) -> dict[str, Sheets]:
    """Each task whose answers are put together, with its counted answers up to a ledger position."""
    found: dict[str, Sheets] = {}
    for classification, subject, person, version, answers, *_ in _counted(workflow_id, position):
        for each in written(get_version(version).definition, answers):
            of_task = found.setdefault(each.path, {})
            sheet, _ = of_task.get(subject, (Sheet(), each.task))
            sheet.add(classification, person, each.text)
            of_task[subject] = sheet, each.task
    return found


def _path(row: tuple[Any, ...]) -> str:
    return str(row[4])


def _rows(workflow_id: int, position: int, *, checks: bool = False) -> Iterator[tuple[Any, ...]]:
    for classification, subject, person, version, answers, at, first, _ in _counted(
        workflow_id, position, checks
    ):
        for ballot in ballots(get_version(version).definition, answers):
            yield classification, subject, person, version, *_vote(ballot), at, first


def _counted(workflow_id: int, position: int, checks: bool = False) -> Iterator[tuple[Any, ...]]:
    """(classification, subject, person, version, annotations, received at, whether it is no correction, seconds)

    checks: of the answers on known subjects, else of those that count.
    """
    with connection.cursor() as cursor:
        cursor.execute(READ, {"workflow": workflow_id, "position": position, "checks": checks})
        while some := cursor.fetchmany(5000):
            for classification, subject, person, version, annotations, *rest in some:
                answers = json.loads(annotations) if isinstance(annotations, str) else annotations
                yield classification, subject, person, version, answers, *rest


def _vote(ballot: Ballot) -> tuple[str, str, str, float]:
    """(task, kind, key, value)"""
    key = NONE if ballot.key is None else ballot.key
    if choice_of(ballot.path) is None:
        return ballot.path, "single", key, 1.0
    return ballot.path, "multiple", key, float(key != NO)
