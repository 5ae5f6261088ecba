"""A crowd's votes into the record by COPY and by statements over all of it: a million at once.

What is stored is what the slow way would have stored, which manage.py rebuild finds to be so. That way's locks are
kept: the workflow's counter is held from the first row to the commit. The ledger's triggers are silent meanwhile
(voorwerp.bulk), and its range of positions is appended here.

A vote is known by its subject and its place among the rows of that subject: both are in its uuid (version 8, of our
own making). So the same file adds nothing the second time, and one with rows behind adds those.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.imports.binary import Column, Json, copy_in, moment, number
from projects.imports.crowd import Crowd
from projects.models import Evidence, Workflow, WorkflowCounter
from projects.services.tallies import FIRST

TASK = "T0"
REASON = "imported with its votes"
MANY = 500
"""From so many new rows on the planner is told at once: reading a record that it takes for empty never ends."""

ANALYZE = """
ANALYZE projects_classification (workflow_id, version_id, subject_id, volunteer_id, counted),
        projects_ledgerentry, projects_evidence (workflow_id, subject_id, task), projects_subjectstate,
        projects_subject (project_id, subject_set_id, source), projects_answered, projects_volunteer
"""

# Every row that is referred to is made or locked in this transaction, so checking each reference again would only cost:
# four look-ups a vote, most of the time of an import. Who may not turn that off waits for it.
SETTINGS = """
SELECT set_config('voorwerp.bulk', %(bulk)s, true), set_config('jit', %(jit)s, true),
       CASE WHEN has_parameter_privilege('session_replication_role', 'SET')
            THEN set_config('session_replication_role', %(role)s, true) END
"""

IDS = """
SELECT min(id), count(*)
  FROM (SELECT nextval((SELECT pg_get_serial_sequence('projects_classification', 'id')::regclass)), at
          FROM generate_series(1, %s) at) taken (id, at)
 GROUP BY id - at ORDER BY 1
"""

COUNTS = """
CREATE TEMPORARY TABLE imported_counts (subject_id bigint, answered int, tallies jsonb) ON COMMIT DROP
"""
EVIDENCE = """
INSERT INTO projects_evidence (workflow_id, subject_id, task, tallies)
SELECT %(workflow)s, subject_id, %(task)s, tallies FROM imported_counts WHERE answered > 0
    ON CONFLICT (workflow_id, subject_id, task) DO UPDATE SET tallies = excluded.tallies
"""
RETIREMENTS = """
WITH stored AS (
    INSERT INTO projects_retirement (workflow_id, subject_id, at, retired, reason)
    SELECT %(workflow)s, c.subject_id, %(at)s, true, %(reason)s FROM imported_counts c
     WHERE c.answered > 0 AND NOT EXISTS (SELECT FROM projects_subjectstate s WHERE s.workflow_id = %(workflow)s
                                             AND s.subject_id = c.subject_id AND s.retired_at IS NOT NULL)
    RETURNING id
)
INSERT INTO projects_ledgerentry (workflow_id, position, kind, record_id)
SELECT %(workflow)s, %(position)s + row_number() OVER (ORDER BY id), 'retirement', id FROM stored
"""
STATES = """
INSERT INTO projects_subjectstate AS s (workflow_id, subject_id, shuffle, answered, leased, wanted, retired_at,
                                        retired_reason)
SELECT %(workflow)s, subject_id, random(), answered, 0, 1, CASE WHEN answered > 0 THEN %(at)s::timestamptz END,
       CASE WHEN answered > 0 THEN %(reason)s ELSE '' END
  FROM imported_counts
    ON CONFLICT (workflow_id, subject_id) DO UPDATE
   SET answered = s.answered + excluded.answered, retired_at = coalesce(s.retired_at, excluded.retired_at),
       retired_reason = CASE WHEN s.retired_at IS NULL THEN excluded.retired_reason ELSE s.retired_reason END
"""
HERE = """
SELECT int8send(subject_id) || digest FROM projects_classification WHERE workflow_id = %(workflow)s ORDER BY uuid
"""
SUBJECTS = "SELECT count(*) FROM projects_subjectstate WHERE workflow_id = %(workflow)s"


@dataclass
class Votes:
    """A crowd's votes, sorted by subject and then as in the file; `place`: of each in the file, from 0.

    subjects, volunteers: int64, their ids by code. keys: of the labels. nth: int64 [N], of each vote among those of its
    subject.
    """

    crowd: Crowd
    subjects: np.ndarray
    volunteers: np.ndarray
    keys: list[str]

    @cached_property
    def place(self) -> np.ndarray:
        return np.argsort(self.subjects[self.crowd.item], kind="stable")

    @cached_property
    def subject(self) -> np.ndarray:
        return self.subjects[self.crowd.item[self.place]]

    @cached_property
    def volunteer(self) -> np.ndarray:
        return self.volunteers[self.crowd.worker[self.place]]

    @cached_property
    def label(self) -> np.ndarray:
        return self.crowd.label[self.place]

    @cached_property
    def nth(self) -> np.ndarray:
        starts = np.flatnonzero(np.diff(self.subject, prepend=-1))
        return np.arange(len(self.subject)) - np.repeat(starts, np.diff(starts, append=len(self.subject)))

    @cached_property
    def digests(self) -> np.ndarray:
        """>u8 [N, 2]: of the worker's name and of the label's text."""
        workers, labels = _hashes(self.crowd.workers), _hashes(self.crowd.labels)
        return np.stack([workers[self.crowd.worker], labels[self.crowd.label]], axis=1).astype(">u8")[
            self.place
        ]

    @cached_property
    def uuids(self) -> np.ndarray:
        """>u8 [N, 2]: the first 48 bits of the subject's id, version 8, its last 5 bits, the variant, nth."""
        high = (self.subject.astype(np.uint64) >> np.uint64(5)) << np.uint64(16)
        high |= np.uint64(0x8000) | (self.subject.astype(np.uint64) & np.uint64(31))
        low = np.uint64(1 << 63) | self.nth.astype(np.uint64)
        return np.stack([high, low], axis=1).astype(">u8")


def store(
    workflow: Workflow, votes: Votes, told: Callable[[int], None] = lambda rows: None
) -> dict[str, int]:
    """Inside `quickly`, with the workflow, its subjects and volunteers made or locked: every vote that is not
    here yet, and all that follows from it. Returns how many were added, and of those how many are repeats.

    Raises Invalid where a row of the file is not the one that was imported in its place.
    """
    counter = WorkflowCounter.objects.select_for_update().get(workflow=workflow)
    new = _not_here(workflow, votes)
    counts = new & _firsts(votes)
    _append(workflow, votes, new, counts, counter, told)
    counter.save()
    added, counted = int(new.sum()), int(counts.sum())
    return {"added": added, "counted": counted, "repeats": added - counted}


@contextmanager
def quickly() -> Iterator[None]:
    """In the transaction's settings, taken back afterwards, since more may follow in it."""
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS, {"bulk": "on", "jit": "off", "role": "replica"})
        yield
        cursor.execute(SETTINGS, {"bulk": "off", "jit": "on", "role": "origin"})


def _append(
    workflow: Workflow,
    votes: Votes,
    new: np.ndarray,
    counts: np.ndarray,
    counter: WorkflowCounter,
    told: Callable[[int], None],
) -> None:
    at = timezone.now()
    ids = _take_ids(int(new.sum()))
    _copy_classifications(workflow, votes, new, counts, ids, at, told)
    _copy_ledger(workflow, votes.place[new], ids, counter.position)
    _copy_answered(workflow, votes, counts, ids[counts[new]])
    counter.position += len(ids)
    counter.answers += int(counts.sum())
    _copy_counts(workflow, votes, counts)
    values: dict[str, Any] = {
        "workflow": workflow.pk,
        "task": TASK,
        "at": at,
        "reason": REASON,
        "position": counter.position,
    }
    with connection.cursor() as cursor:
        cursor.execute(RETIREMENTS, values)
        counter.position += cursor.rowcount
        counter.retired += cursor.rowcount
        cursor.execute(EVIDENCE, values)
        cursor.execute(STATES, values)
        cursor.execute(SUBJECTS, values)
        counter.subjects = cursor.fetchone()[0]
        cursor.execute("DROP TABLE imported_counts")
        if len(ids) >= MANY:
            cursor.execute(ANALYZE)


def _hashes(names: Sequence[str]) -> np.ndarray:
    found = [hashlib.blake2b(name.encode(), digest_size=8).digest() for name in names]
    return np.frombuffer(b"".join(found), dtype=">u8")


def _joined(pairs: np.ndarray) -> np.ndarray:
    """V16 [N] of >u8 [N, 2]."""
    return np.ascontiguousarray(pairs).view("V16").reshape(-1)


def _not_here(workflow: Workflow, votes: Votes) -> np.ndarray:
    """bool [N]. What is here of a subject are its first rows, so theirs must be the same. Raises Invalid."""
    with connection.cursor() as cursor:
        cursor.execute(HERE, {"workflow": workflow.pk})
        raw = b"".join(row for (row,) in cursor.fetchall())
    if not raw:
        return np.ones(len(votes.crowd), dtype=bool)
    here = np.frombuffer(raw, dtype=[("subject", ">i8"), ("digest", ">u8", 2)])
    subjects, starts, sizes = np.unique(here["subject"], return_index=True, return_counts=True)
    at = np.searchsorted(subjects, votes.subject)
    known = np.isin(votes.subject, subjects)
    at[~known] = 0
    old = np.zeros(len(known), dtype=bool)
    old[known] = votes.nth[known] < sizes[at[known]]
    stored = here["digest"][starts[at[old]] + votes.nth[old]]
    other = np.flatnonzero((stored != votes.digests[old]).any(axis=1))
    if len(other):
        raise Invalid(_another_row(votes, int(np.flatnonzero(old)[other[0]])))
    return ~old


def _another_row(votes: Votes, row: int) -> str:
    crowd, place = votes.crowd, votes.place[row]
    said = {
        "nth": int(votes.nth[row]) + 1,
        "item": crowd.items[crowd.item[place]],
        "vote": f"{crowd.workers[crowd.worker[place]]}, {crowd.labels[crowd.label[place]]}",
    }
    return (
        _(
            "Row %(nth)s of item %(item)s (%(vote)s) is not the one that was imported from this source before. "
            "The record is never changed: import a corrected file under another source."
        )
        % said
    )


def _firsts(votes: Votes) -> np.ndarray:
    """bool [N]: the worker's first vote on the item. What is here already is in the file too, before what is new."""
    pair = votes.crowd.item[votes.place].astype(np.int64) * len(votes.crowd.workers)
    pair += votes.crowd.worker[votes.place]
    first = np.zeros(len(pair), dtype=bool)
    first[np.unique(pair, return_index=True)[1]] = True
    return first


def _take_ids(count: int) -> np.ndarray:
    """So many ids for classifications, ascending; others may take some in between."""
    with connection.cursor() as cursor:
        cursor.execute(IDS, [count])
        runs = [np.arange(first, first + size) for first, size in cursor.fetchall()]
    return np.concatenate([np.empty(0, dtype=np.int64), *runs]).astype(np.int64)


def _copy_classifications(
    workflow: Workflow,
    votes: Votes,
    new: np.ndarray,
    counts: np.ndarray,
    ids: np.ndarray,
    at: datetime,
    told: Callable[[int], None],
) -> None:
    """In the order of subjects, so that three of the four indexes grow at their ends."""
    texts = [f'[{{"task": "{TASK}", "value": "{key}"}}]' for key in votes.keys]
    more = votes.crowd.more[votes.place]
    done = 0
    for counted, those in ((b"yes", counts), (b"repeat", new & ~counts)):
        rows = int(those.sum())
        columns: dict[str, Column] = {
            "id": ids[those[new]],
            "uuid": _joined(votes.uuids[those]),
            "workflow_id": number(workflow.pk),
            "version_id": number(workflow.published_id or 0),
            "subject_id": votes.subject[those],
            "volunteer_id": votes.volunteer[those],
            "annotations": Json(texts, votes.label[those]),
            "metadata": Json(votes.crowd.beside, more[those]),
            "received_at": moment(at),
            "counted": counted,
            "counted_reason": b"",
            "digest": _joined(votes.digests[those]),
        }
        copy_in("projects_classification", columns, rows, lambda n, before=done: told(before + n))  # type: ignore[misc]
        done += rows


def _copy_ledger(workflow: Workflow, places: np.ndarray, ids: np.ndarray, position: int) -> None:
    """In the order of the file."""
    columns: dict[str, Column] = {
        "workflow_id": number(workflow.pk),
        "position": position + 1 + np.arange(len(ids)),
        "kind": b"classification",
        "record_id": ids[np.argsort(places)],
    }
    copy_in("projects_ledgerentry", columns, len(ids))


def _copy_answered(workflow: Workflow, votes: Votes, counts: np.ndarray, ids: np.ndarray) -> None:
    """In the order of the primary key."""
    volunteer, subject = votes.volunteer[counts], votes.subject[counts]
    order = np.lexsort((subject, volunteer))
    columns: dict[str, Column] = {
        "volunteer_id": volunteer[order],
        "workflow_id": number(workflow.pk),
        "subject_id": subject[order],
        "classification_id": ids[order],
    }
    copy_in("projects_answered", columns, len(ids))


def _copy_counts(workflow: Workflow, votes: Votes, counts: np.ndarray) -> None:
    """What the new votes add to each subject, and its tallies with them; subjects without votes too."""
    standing: dict[int, dict[str, Any]] = dict(
        Evidence.objects.filter(workflow=workflow, task=TASK).values_list("subject_id", "tallies")
    )
    subject, label = votes.subject[counts], votes.label[counts]
    starts = np.flatnonzero(np.diff(subject, prepend=-1))
    stops = np.append(starts[1:], len(subject))
    touched = subject[starts].tolist()
    others = np.setdiff1d(votes.subjects, subject[starts]).tolist()
    given = iter(label.tolist())
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        with cursor.copy("COPY imported_counts FROM STDIN") as copy:
            for each, size in zip(touched, (stops - starts).tolist(), strict=True):
                keys = [votes.keys[code] for code in islice(given, size)]
                copy.write(f"{each}\t{size}\t{_tallies(standing.get(each), keys)}\n")
            for each in others:
                copy.write(f"{each}\t0\t{{}}\n")


def _tallies(standing: dict[str, Any] | None, keys: list[str]) -> str:
    """As projects.services.tallies.add_votes one by one. Keys have no character that JSON or COPY would escape."""
    asked, first = len(keys), keys[:FIRST]
    votes = {key: keys.count(key) for key in dict.fromkeys(keys)}
    if standing:
        asked += standing["asked"]
        first = [*standing["first"], *keys][:FIRST]
        votes = {
            key: votes.get(key, 0) + standing["votes"].get(key, 0) for key in {**votes, **standing["votes"]}
        }
    counted = ", ".join(f'"{key}": {number}' for key, number in votes.items())
    firsts = ", ".join(f'"{key}"' for key in first)
    return f'{{"asked": {asked}, "votes": {{{counted}}}, "first": [{firsts}]}}'
