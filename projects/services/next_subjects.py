"""Hand out leased subjects: constant work, never one already answered, never one retired, none twice.

Volunteers walk a ring: each subject has a random place in it, each volunteer a random start. Ahead of the cursor lies
nothing that the volunteer has answered (in the first lap), so the pick reads about as many index entries as it hands
out, whether the volunteer has answered none or 200,000, and whether 1 % or all of the ring is still open (what is
retired or fully leased is not in the index `state_available`).
"""

import json
import math
import random
import uuid
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from django.utils.translation import gettext as _

from projects.exceptions import NotFound, Paused, Private, WorkflowFinished
from projects.models import Use
from projects.services.gates import check_gate
from projects.services.leases import LEASE_SECONDS, reap_leases
from projects.services.statement import run
from projects.services.versions import get_version

State = Literal["open", "finished_for_you", "all_leased", "workflow_finished"]
MOST = 50

CONTEXT = """
SELECT w.state, w.published_id, p.state, p.is_public, coalesce(v.joined_to_id, v.id), c.at, k.subjects, k.retired,
       w.requires, k.checks, c.served
  FROM projects_workflow w
  JOIN projects_project p ON p.id = w.project_id
  LEFT JOIN projects_workflowcounter k ON k.workflow_id = w.id
  LEFT JOIN projects_volunteer v ON v.public_id = %(holder)s
  LEFT JOIN projects_cursor c ON c.workflow_id = w.id AND c.holder = %(holder)s
 WHERE w.id = %(workflow)s
"""

# One statement, one transaction: choose and lock, lease, mark, move the cursor, keep the tab's other leases alive.
# Leases are not worth a disk flush: lost with a power cut, they would only have reserved. The `IS NULL` probes are
# written so that the planner can't turn them into a hash of all that the volunteer ever answered.
PICK = """
WITH {candidate}, leased AS (
    INSERT INTO projects_lease (workflow_id, subject_id, holder, tab, expires_at)
    SELECT %(workflow)s, subject_id, %(holder)s, %(tab)s, now() + %(seconds)s * interval '1 second' FROM candidate
    ON CONFLICT DO NOTHING RETURNING subject_id
), marked AS (
    UPDATE projects_subjectstate s SET leased = s.leased + 1 FROM leased
     WHERE s.workflow_id = %(workflow)s AND s.subject_id = leased.subject_id
), extended AS (
    UPDATE projects_lease SET expires_at = now() + %(seconds)s * interval '1 second'
     WHERE holder = %(holder)s AND workflow_id = %(workflow)s AND tab = %(tab)s
), moved AS (
    INSERT INTO projects_cursor (holder, workflow_id, at, served)
    SELECT %(holder)s, %(workflow)s, coalesce(max(shuffle) FILTER (WHERE use = 0), %(at)s), count(*) FROM candidate
    HAVING count(*) > 0
    ON CONFLICT (holder, workflow_id) DO UPDATE SET at = excluded.at, served = projects_cursor.served + excluded.served
)
SELECT set_config('synchronous_commit', 'off', true), c.subject_id, c.shuffle, {payload}
  FROM candidate c JOIN leased USING (subject_id) JOIN projects_subject u ON u.id = c.subject_id
 ORDER BY c.subject_id
"""
PICKED = """
    SELECT s.subject_id, s.shuffle, s.use FROM projects_subjectstate s
     WHERE s.workflow_id = %(workflow)s AND {which}
       AND (SELECT 1 FROM projects_answered a WHERE a.volunteer_id = %(person)s
               AND a.workflow_id = %(workflow)s AND a.subject_id = s.subject_id) IS NULL
       AND (SELECT 1 FROM projects_lease l WHERE l.workflow_id = %(workflow)s
               AND l.subject_id = s.subject_id AND l.holder = %(holder)s) IS NULL
     ORDER BY s.shuffle LIMIT {n} FOR UPDATE OF s {wait}"""
# Where there are known subjects to mix in, one statement finds both kinds whatever it hands out in the end, so that
# neither its time nor its order tells which is which.
MIXED = """checks_ahead AS ({checks_ahead}), checks_again AS ({checks_again}), work AS ({work}),
checks AS (
    SELECT * FROM (SELECT * FROM checks_ahead UNION ALL SELECT * FROM checks_again) c LIMIT %(checks)s
), candidate AS (
    SELECT * FROM checks WHERE EXISTS (SELECT FROM work)
    UNION ALL (SELECT * FROM work LIMIT {n} - (SELECT count(*) FROM checks))
)"""
PAYLOAD = """u.metadata, (
    SELECT coalesce(json_agg(json_build_object('path', m.path, 'mime', m.mime, 'width', m.width,
                                               'height', m.height, 'alt', m.alt) ORDER BY m.position), '[]')
      FROM projects_media m WHERE m.subject_id = u.id)"""


@cache
def _pick_statement(where: str, n: int, wait: str = "SKIP LOCKED") -> str:
    """`n` is written into the statement: as a parameter it would hide from the planner that so little is wanted."""
    picked = PICKED.format(which=f"s.available AND s.use = 0 AND {where}", n=n, wait=wait)
    return PICK.format(candidate=f"candidate AS ({picked})", payload=PAYLOAD)


@cache
def _mixed_statement(where: str, n: int) -> str:
    """At most %(checks)s hidden checks that the volunteer has not seen, the rest work; no checks without work."""
    checks = [
        PICKED.format(
            which=f"s.use = {Use.CHECK.value} AND s.shuffle {side} %(turn)s", n=n, wait="SKIP LOCKED"
        )
        for side in (">", "<=")
    ]
    work = PICKED.format(which=f"s.available AND s.use = 0 AND {where}", n=n, wait="SKIP LOCKED")
    mixed = MIXED.format(checks_ahead=checks[0], checks_again=checks[1], work=work, n=n)
    return PICK.format(candidate=mixed, payload=PAYLOAD)


AHEAD = "s.shuffle > %(at)s"
ROUND_AGAIN = "s.shuffle <= %(at)s"
ANYWHERE = "true"

RESUME = f"""
WITH mine AS (
    UPDATE projects_lease SET expires_at = now() + %(seconds)s * interval '1 second'
     WHERE holder = %(holder)s AND workflow_id = %(workflow)s AND tab = %(tab)s RETURNING subject_id
)
SELECT '', s.subject_id, s.shuffle, {PAYLOAD}
  FROM mine JOIN projects_subjectstate s ON s.workflow_id = %(workflow)s AND s.subject_id = mine.subject_id
  JOIN projects_subject u ON u.id = s.subject_id
 WHERE s.retired_at IS NULL ORDER BY s.subject_id
"""  # noqa: S608 (a constant of this module)

# Of the open subjects that this person has not answered: is there one, and one that nobody stands in front of?
LEFT = """
SELECT s.available AND (SELECT 1 FROM projects_lease l WHERE l.workflow_id = %(workflow)s
                           AND l.subject_id = s.subject_id AND l.holder = %(holder)s) IS NULL AS free
  FROM projects_subjectstate s
 WHERE s.workflow_id = %(workflow)s AND s.retired_at IS NULL AND s.use = 0
   AND (SELECT 1 FROM projects_answered a WHERE a.volunteer_id = %(person)s
           AND a.workflow_id = %(workflow)s AND a.subject_id = s.subject_id) IS NULL
 ORDER BY free DESC LIMIT 1
"""
SOONEST = """
SELECT extract(epoch FROM min(expires_at) - now()) FROM projects_lease WHERE workflow_id = %(workflow)s
"""


@dataclass(frozen=True)
class Handed:
    """A subject as the classifying page needs it. media: path, mime, width, height, alt."""

    id: int
    metadata: dict[str, Any]
    media: list[dict[str, Any]]


@dataclass(frozen=True)
class Batch:
    workflow_id: int
    version_id: int
    state: State
    subjects: list[Handed] = field(default_factory=list)
    retry_after: int | None = None
    message: str = ""


def next_subjects(
    *,
    workflow_id: int,
    holder: uuid.UUID,
    tab: uuid.UUID,
    n: int = 1,
    resume: bool = False,
    member: bool = False,
) -> Batch:
    """Up to `n` subjects on lease for this volunteer's tab; the tab's other leases live on.

    `resume` hands the tab's unanswered leases out again first; `n` 0 only keeps leases alive. `member`: a member of
    the team, who may work on what is not public. Two statements in the usual case. Raises NotFound, Private, Paused,
    WorkflowFinished.
    """
    values: dict[str, Any] = {"workflow": workflow_id, "holder": holder, "tab": tab, "seconds": LEASE_SECONDS}
    rows = run(CONTEXT, {"workflow": workflow_id, "holder": holder})
    if not rows:
        raise NotFound
    state, version_id, project_state, is_public, person, at, subjects, retired, requires, *more = rows[0]
    check_open(state, version_id, project_state, is_public, member)
    if not member:
        check_gate(workflow_id, requires, person)
    values["person"] = person or 0
    values["at"] = random.random() if at is None else at  # noqa: S311 (a place in a ring, no secret)
    kept = _handed(RESUME, values) if resume or n == 0 else []
    if n == 0:
        return Batch(workflow_id, version_id, "open")
    wanted = min(n, MOST) - len(kept)
    handed = kept + _pick(values, wanted, _checks(version_id, wanted, *more))
    if handed:
        return Batch(workflow_id, version_id, "open", handed)
    return _why_empty(values, workflow_id, version_id, finished=subjects == retired)


HAND = f"""
SELECT '', u.id, 0, {PAYLOAD} FROM projects_subject u WHERE u.id = ANY(%(subjects)s)
 ORDER BY array_position(%(subjects)s, u.id)
"""  # noqa: S608 (a constant of this module)


def hand(subjects: list[int]) -> list[Handed]:
    """These subjects as the classifying page needs them, in this order; without a lease."""
    return _handed(HAND, {"subjects": subjects})


def check_open(state: str, version_id: int | None, project_state: str, is_public: bool, member: bool) -> None:
    """Whether answers are taken now. Raises Private, Paused, WorkflowFinished."""
    if not member and (not is_public or project_state == "draft"):
        raise Private
    if version_id is None or state == "paused" or project_state == "paused":
        raise Paused
    if state == "finished" or project_state == "finished":
        raise WorkflowFinished


def _checks(version_id: int | None, n: int, known: int | None, served: int | None) -> int | None:
    """How many of the next `n` are to be hidden checks, drawn by chance; None where the workflow has none."""
    if not known or version_id is None:
        return None
    checks = get_version(version_id).definition.checks
    return sum(random.random() < checks.share((served or 0) + more) for more in range(n))  # noqa: S311 (no secret)


def _pick(values: dict[str, Any], n: int, checks: int | None) -> list[Handed]:
    """Ahead of the cursor, then round again, then what expired leases set free. In an order that tells nothing."""
    if n <= 0:
        return []
    handed: list[Handed] = []
    for where in (AHEAD, ROUND_AGAIN):
        left = n - len(handed)
        if left > 0 and checks is not None:
            turn = random.random()  # noqa: S311 (a place in a ring, no secret)
            mixed = values | {"checks": 0 if handed else checks, "turn": turn}
            handed += _handed(_mixed_statement(where, left), mixed)
        elif left > 0:
            handed += _handed(_pick_statement(where, left), values)
    if not handed and reap_leases(workflow_id=values["workflow"]):
        handed = _handed(_pick_statement(ANYWHERE, n), values)
    return handed


def _handed(statement: str, values: dict[str, Any]) -> list[Handed]:
    return [Handed(id=row[1], metadata=_loaded(row[3]), media=row[4]) for row in run(statement, values)]


def _loaded(metadata: Any) -> dict[str, Any]:
    """Metadata without the team's own keys (#). Django leaves jsonb of raw statements as text."""
    data = json.loads(metadata) if isinstance(metadata, str) else metadata
    return {key: value for key, value in data.items() if not key.startswith("#")}


def _why_empty(values: dict[str, Any], workflow_id: int, version_id: int, finished: bool) -> Batch:
    """Which of the three empty answers is true; or a subject after all, when a row was only locked."""
    if finished:
        return Batch(
            workflow_id, version_id, "workflow_finished", message=_("Every subject has enough answers.")
        )
    left = run(LEFT, values)
    if not left:
        message = _("You have answered every subject that still needs answers.")
        return Batch(workflow_id, version_id, "finished_for_you", message=message)
    if left[0][0]:  # wait for it, for one at a time, so that nobody waits in a circle
        handed = _handed(_pick_statement(ANYWHERE, 1, wait=""), values)
        if handed:
            return Batch(workflow_id, version_id, "open", handed)
    ((seconds,),) = run(SOONEST, values)
    retry_after = min(max(1, math.ceil(seconds or 1)), LEASE_SECONDS)
    message = _("Other volunteers are working on all that is left. Try again in a moment.")
    return Batch(workflow_id, version_id, "all_leased", retry_after=retry_after, message=message)
