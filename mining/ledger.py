"""Reading the record in the order of its ledger."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection

from mining.ballots import Ballot, ballots
from mining.known import UNHELPED, Question, answered_before, questions, records_to, stands
from mining.written import Written, written
from projects.models import Classification, GoldAnswer
from projects.services import get_version

# Positions are given at commit and have no gaps: whoever has come to a position has seen all before it.
READ = """
SELECT l.position, l.kind, l.record_id, c.id, c.subject_id, c.volunteer_id, c.version_id, c.annotations, c.counted,
       c.counted_reason, c.supersedes_id, j.volunteer_id, j.person_id, w.volunteer_id, w.factor, w.again,
       p.task, p.clears, p.keys, p.subjects, p.chances, p.audited
  FROM projects_ledgerentry l
  LEFT JOIN projects_discount d ON l.kind IN ('discount', 'restoration') AND d.id = l.record_id
  LEFT JOIN projects_classification c
    ON c.id = CASE l.kind WHEN 'classification' THEN l.record_id ELSE d.classification_id END
  LEFT JOIN projects_joining j ON l.kind = 'joining' AND j.id = l.record_id
  LEFT JOIN projects_weight w ON l.kind = 'weight' AND w.id = l.record_id
  LEFT JOIN projects_prior p ON l.kind = 'prior' AND p.id = l.record_id
 WHERE l.workflow_id = %(workflow)s AND l.position > %(after)s
 ORDER BY l.position LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Counted:
    """A classification that counts. `first`: it corrects no earlier one, so that it says something of the volunteer."""

    classification: int
    subject: int
    volunteer: int
    version: int
    annotations: list[dict[str, Any]]
    first: bool = True

    @cached_property
    def ballots(self) -> list[Ballot]:
        return list(ballots(get_version(self.version).definition, self.annotations))

    @cached_property
    def written(self) -> list[Written]:
        return list(written(get_version(self.version).definition, self.annotations))


@dataclass(frozen=True)
class Discounted:
    """From here on that classification counts no more."""

    of: Counted


@dataclass(frozen=True)
class Checked:
    """An answer on a known subject: it moves no subject, it says something of the volunteer."""

    answer: Counted


@dataclass(frozen=True)
class Known:
    """From here on these questions of the subject are known, and no others; `answered`: the answers before it."""

    subject: int
    questions: list[Question]
    answered: list[Counted]


@dataclass(frozen=True)
class Joined:
    """From here on the alias is that person."""

    alias: int
    person: int


@dataclass(frozen=True)
class Weighed:
    """From here on that volunteer's votes weigh so much; the subjects of these answers are weighed again at once."""

    volunteer: int
    factor: float
    again: list[Counted]


@dataclass(frozen=True)
class Primed:
    """From here on this is said beforehand of these subjects, after what was said of the question before (of all where
    it has no path) is taken away, where it clears. chances: subject to answer to chance; without the audited."""

    path: str
    clears: bool
    chances: dict[int, dict[str, float]]


Event = Counted | Discounted | Checked | Known | Joined | Weighed | Primed


def read_events(workflow_id: int, *, after: int, limit: int) -> tuple[list[Event], int]:
    """What happened at the next `limit` entries after the position `after`, and the position then come to.

    What moves nothing here (retirements, late and most withheld answers) is passed over, but its position is come to.
    An entry that weighs n answers again counts as n more: so it may be fewer than `limit`, but never none.
    """
    with connection.cursor() as cursor:
        cursor.execute(READ, {"workflow": workflow_id, "after": after, "limit": limit})
        rows = cursor.fetchall()
    events: list[Event] = []
    reached, taken = after, 0
    for position, *row in rows:
        event = _event(*row)
        taken += 1 + (len(event.again) if isinstance(event, Weighed) else 0)
        if taken > limit and reached > after:
            break
        reached = position
        if event is not None:
            events.append(event)
    return events, reached


def _event(
    kind: str,
    record: int,
    classification: int | None,
    subject: int,
    volunteer: int,
    version: int,
    annotations: Any,
    counted: str | None,
    reason: str | None,
    supersedes: int | None,
    alias: int | None,
    person: int | None,
    weighed: int | None,
    factor: float,
    again: list[int],
    path: str | None,
    clears: bool,
    *told: list[Any],
) -> Event | None:
    if kind == "joining" and alias is not None and person is not None:
        return Joined(alias, person)
    if kind == "gold":
        return _known(record)
    if kind == "weight" and weighed is not None:
        return Weighed(weighed, factor, _again(again))
    if kind == "prior" and path is not None:
        return Primed(path, clears, _chances(*told))
    if classification is None:
        return None
    answers = json.loads(annotations) if isinstance(annotations, str) else annotations
    event = Counted(classification, subject, volunteer, version, answers, supersedes is None)
    if counted != "yes":
        return Checked(event) if reason in UNHELPED else None
    return Discounted(event) if kind == "discount" else event


def _chances(
    keys: list[str], subjects: list[int], chances: list[float], audited: list[int]
) -> dict[int, dict[str, float]]:
    alone, k = set(audited), len(keys)
    return {
        subject: dict(zip(keys, chances[at * k : at * k + k], strict=True))
        for at, subject in enumerate(subjects)
        if subject not in alone
    }


def _again(classifications: list[int]) -> list[Counted]:
    """In the order of the record; without those that a simulated crowd took along."""
    rows = Classification.objects.in_bulk(classifications)
    return [
        Counted(c.pk, c.subject_id, c.volunteer_id, c.version_id, c.annotations)
        for pk in classifications
        if (c := rows.get(pk))
    ]


def _known(record_id: int) -> Known | None:
    record = GoldAnswer.objects.filter(pk=record_id).first()
    if record is None:
        return None
    answered = [
        Counted(c.pk, c.subject_id, c.volunteer_id, c.version_id, c.annotations)
        for c in answered_before(record)
    ]
    return Known(record.subject_id, questions(stands(records_to(record))), answered)
