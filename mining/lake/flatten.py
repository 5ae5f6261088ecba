"""From entries of the ledger to the rows of the lake (mining/lake/form.py)."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pyarrow as pa
from django.db import connection

from mining.ballots import NO, Ballot, ballots, choice_of
from mining.known import UNHELPED
from mining.lake.form import SCHEMA
from mining.written import Written, written
from projects.services import get_version
from projects.tasks.base import NONE

# A row whose record is gone (a simulated crowd's) has nothing beside it, and is passed over.
READ = """
SELECT l.position, l.kind, l.record_id, c.id, c.subject_id, c.volunteer_id, c.version_id, c.annotations::text,
       c.received_at, c.supersedes_id IS NULL, c.counted, c.counted_reason, d.classification_id, j.volunteer_id,
       j.person_id, g.subject_id, g.version_id, g.annotations::text, g.expert, g.withdrawn
  FROM projects_ledgerentry l
  LEFT JOIN projects_classification c ON l.kind = 'classification' AND c.id = l.record_id
  LEFT JOIN projects_discount d ON l.kind IN ('discount', 'restoration') AND d.id = l.record_id
  LEFT JOIN projects_joining j ON l.kind = 'joining' AND j.id = l.record_id
  LEFT JOIN projects_goldanswer g ON l.kind = 'gold' AND g.id = l.record_id
 WHERE l.workflow_id = %(workflow)s AND l.position > %(after)s AND l.position <= %(to)s
 ORDER BY l.position
"""

Row = dict[str, Any]


def flatten(workflow_id: int, after: int, to: int) -> pa.Table:
    """The rows of the entries after one position up to another. Memory: all of them; take 100,000 entries or so."""
    rows: list[Row] = []
    if to > after:
        with connection.cursor() as cursor:
            cursor.execute(READ, {"workflow": workflow_id, "after": after, "to": to})
            while some := cursor.fetchmany(5000):
                for one in some:
                    rows += _rows(*one)
    return pa.table(
        {field.name: pa.array([row.get(field.name) for row in rows], field.type) for field in SCHEMA},
        schema=SCHEMA,
    )


def _rows(
    position: int, kind: str, record: int, classification: int | None, subject: int, volunteer: int, version: int,
    annotations: str, at: Any, first: bool, counted: str, reason: str, discounted: int | None, alias: int | None,
    person: int | None, known: int | None, known_version: int, known_as: str, expert: str, withdrawn: bool,
) -> Iterator[Row]:  # fmt: skip
    if kind in ("discount", "restoration") and discounted is not None:
        yield {"position": position, "entry": kind, "classification": discounted}
    elif kind == "joining" and alias is not None:
        yield {"position": position, "entry": kind, "volunteer": alias, "person": person}
    elif kind == "gold" and known is not None:
        common = {"position": position, "subject": known, "record": record}
        yield common | {"entry": "gold", "text": expert, "value": float(not withdrawn)}
        for ballot in _ballots(known_version, known_as):
            if ballot.key is not None:
                yield common | {"entry": "known", "task": ballot.path, "key": ballot.key}
    elif kind == "classification" and classification is not None:
        if counted != "yes" and reason not in UNHELPED:
            return
        common = {
            "position": position, "classification": classification, "subject": subject, "volunteer": volunteer,
            "version": version, "at": at, "first": first, "counted": counted == "yes",
        }  # fmt: skip
        for ballot in _ballots(version, annotations):
            yield common | {"entry": "vote", **_vote(ballot)}
        if counted == "yes":
            for each in _written(version, annotations):
                yield common | {"entry": "text", "task": each.path, "kind": each.task.kind, "text": each.text}


# The same few answers come again and again.
@lru_cache(maxsize=4096)
def _ballots(version: int, annotations: str) -> list[Ballot]:
    return list(ballots(get_version(version).definition, json.loads(annotations)))


@lru_cache(maxsize=256)
def _written(version: int, annotations: str) -> list[Written]:
    return list(written(get_version(version).definition, json.loads(annotations)))


def _vote(ballot: Ballot) -> Row:
    key = NONE if ballot.key is None else ballot.key
    if choice_of(ballot.path) is None:
        return {"task": ballot.path, "kind": "single", "key": key, "value": 1.0}
    return {"task": ballot.path, "kind": "multiple", "key": key, "value": float(key != NO)}
