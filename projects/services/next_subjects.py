"""Hand out leased subjects: constant work, never one already answered, never one retired, none twice.

Work comes from the lanes that a volunteer is qualified for, by their priority, else from the common pool. How a pick
stays constant, whether the volunteer has answered none or 200,000 and whether 1 % or all is still open: picking.py.
"""

import json
import math
import random
import uuid
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext as _

from projects.exceptions import NotFound, Paused, Private, WorkflowFinished
from projects.models import Lane
from projects.services.gates import LACKED, check_gate
from projects.services.leases import LEASE_SECONDS, reap_leases
from projects.services.picking import (
    AHEAD,
    ANYWHERE,
    LANE_AGAIN,
    LANE_AHEAD,
    PAYLOAD,
    ROUND_AGAIN,
    from_lane,
    from_ring,
)
from projects.services.statement import run
from projects.services.versions import get_version

State = Literal["open", "finished_for_you", "all_leased", "workflow_finished"]
MOST = 50
LAP_AGAIN = 60
"""Seconds after which a lane is walked again from its start by whom a whole lap has brought nothing: it reads past all
that they have answered there and that is still open. The lane's head and what lies ahead are looked at each time."""

CONTEXT = f"""
SELECT w.state, w.published_id, p.state, p.is_public, coalesce(v.joined_to_id, v.id), c.at, k.subjects, k.retired,
       w.requires, k.checks, c.served, (
           SELECT json_agg(json_build_array(
                      l.id, x.priority, x.shuffle, x.lapped_at > now() - interval '{LAP_AGAIN} seconds',
                      EXISTS (SELECT FROM projects_subjectstate s
                               WHERE s.lane_id = l.id AND s.available AND s.use = 0))
                      ORDER BY l.priority DESC, l.id)
             FROM projects_lane l LEFT JOIN projects_lanecursor x ON x.lane_id = l.id AND x.holder = %(holder)s
            WHERE l.workflow_id = w.id AND l.closed_at IS NULL AND NOT EXISTS (
                {LACKED.format(requires="l.requires", person="coalesce(v.joined_to_id, v.id, 0)")}))
  FROM projects_workflow w
  JOIN projects_project p ON p.id = w.project_id
  LEFT JOIN projects_workflowcounter k ON k.workflow_id = w.id
  LEFT JOIN projects_volunteer v ON v.public_id = %(holder)s
  LEFT JOIN projects_cursor c ON c.workflow_id = w.id AND c.holder = %(holder)s
 WHERE w.id = %(workflow)s
"""  # noqa: S608 (constants)
LAPPED = """
INSERT INTO projects_lanecursor (holder, lane_id, lapped_at) VALUES (%(holder)s, %(lane)s, now())
ON CONFLICT (holder, lane_id) DO UPDATE SET lapped_at = excluded.lapped_at RETURNING lane_id
"""

RESUME = f"""
WITH mine AS (
    UPDATE projects_lease SET expires_at = now() + %(seconds)s * interval '1 second'
     WHERE holder = %(holder)s AND workflow_id = %(workflow)s AND tab = %(tab)s RETURNING subject_id
)
SELECT '', s.subject_id, s.shuffle, {PAYLOAD}
  FROM mine JOIN projects_subjectstate s ON s.workflow_id = %(workflow)s AND s.subject_id = mine.subject_id
  JOIN projects_subject u ON u.id = s.subject_id
 WHERE s.retired_at IS NULL
   AND (SELECT 1 FROM projects_answered a WHERE a.volunteer_id = %(person)s
           AND a.workflow_id = %(workflow)s AND a.subject_id = s.subject_id) IS NULL
 ORDER BY s.subject_id
"""  # noqa: S608 (a constant of this module)

# Of the open subjects that this person may be handed and has not answered: is there one, and one that nobody stands in
# front of? In which lane is it?
LEFT = """
SELECT s.available AND (SELECT 1 FROM projects_lease l WHERE l.workflow_id = %(workflow)s
                           AND l.subject_id = s.subject_id AND l.holder = %(holder)s) IS NULL AS free,
       s.lane_id
  FROM projects_subjectstate s
 WHERE s.workflow_id = %(workflow)s AND s.retired_at IS NULL AND s.use = 0
   AND (s.lane_id IS NULL OR s.lane_id = ANY(%(lanes)s::bigint[]))
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
class OpenLane:
    """A lane that hands out and whose gate is open to the volunteer. priority, shuffle: their cursor in it."""

    id: int
    priority: float
    shuffle: float
    lapped: bool
    has_some: bool


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
    the team, who may work on what is not public. Lanes whose gate is open to the volunteer come first, by priority,
    then the common pool; a lane's gate holds for the team too, since it says who can, not who may. Two statements in
    the usual case. Raises NotFound, Private, Paused, Unqualified, WorkflowFinished.
    """
    values: dict[str, Any] = {"workflow": workflow_id, "holder": holder, "tab": tab, "seconds": LEASE_SECONDS}
    rows = run(CONTEXT, {"workflow": workflow_id, "holder": holder})
    if not rows:
        raise NotFound
    (
        state,
        version_id,
        project_state,
        is_public,
        person,
        at,
        subjects,
        retired,
        requires,
        checks,
        served,
        lanes,
    ) = rows[0]
    check_open(state, version_id, project_state, is_public, member)
    if not member:
        check_gate(workflow_id, requires, person)
    values["person"] = person or 0
    values["at"] = random.random() if at is None else at  # noqa: S311 (a place in a ring, no secret)
    open_lanes = [_open_lane(*each) for each in lanes or []]
    values["lanes"] = [lane.id for lane in open_lanes]
    kept = _handed(RESUME, values) if resume or n == 0 else []
    if n == 0:
        return Batch(workflow_id, version_id, "open")
    wanted = min(n, MOST) - len(kept)
    handed = kept + _pick(values, wanted, _checks(version_id, wanted, checks, served), open_lanes)
    if handed:
        return Batch(workflow_id, version_id, "open", handed)
    return _why_empty(values, workflow_id, version_id, finished=subjects == retired)


def _open_lane(
    lane: int, priority: float | None, shuffle: float | None, lapped: bool | None, has_some: bool
) -> OpenLane:
    """As CONTEXT tells it; who has not been there stands before its first subject."""
    first = math.inf
    return OpenLane(
        lane,
        first if priority is None else priority,
        first if shuffle is None else shuffle,
        bool(lapped),
        has_some,
    )


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


def _pick(values: dict[str, Any], n: int, checks: int | None, lanes: list[OpenLane]) -> list[Handed]:
    """From the lanes in their order, then from the ring: ahead of the cursor, round again, and what expired leases set
    free. In an order that tells nothing."""
    if n <= 0:
        return []
    handed: list[Handed] = []
    mixed = checks is not None
    for lane in lanes:
        if len(handed) < n and lane.has_some:
            more = _mix(values | _place(lane), 0 if handed else checks)
            handed += _from_lane(lane, more, n - len(handed), mixed)
    for where in (AHEAD, ROUND_AGAIN):
        if len(handed) < n:
            statement = from_ring(where, n - len(handed), mixed=mixed)
            handed += _handed(statement, _mix(values, 0 if handed else checks))
    if not handed and reap_leases(workflow_id=values["workflow"]):
        for lane in lanes:
            handed = handed or _handed(from_lane(ANYWHERE, n), values | _place(lane))
        handed = handed or _handed(from_ring(ANYWHERE, n), values)
    return handed


def _from_lane(lane: OpenLane, values: dict[str, Any], n: int, mixed: bool) -> list[Handed]:
    """Its head and on from the cursor; or round again, unless that was in vain just now."""
    handed = _handed(from_lane(LANE_AHEAD, n, mixed=mixed), values)
    if handed or lane.lapped:
        return handed
    handed = _handed(from_lane(LANE_AGAIN, n, mixed=mixed), values)
    if not handed:
        run(LAPPED, values)
    return handed


def _place(lane: OpenLane) -> dict[str, Any]:
    return {"lane": lane.id, "after_priority": lane.priority, "after_shuffle": lane.shuffle}


def _mix(values: dict[str, Any], checks: int | None) -> dict[str, Any]:
    """With how many checks, and where in their ring the search for them begins: by chance."""
    if checks is None:
        return values
    return values | {"checks": checks, "turn": random.random()}  # noqa: S311 (a place in a ring, no secret)


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
        if Lane.objects.filter(
            workflow=workflow_id
        ).exists():  # some may be closed, or not for this volunteer
            message = _("There is nothing left here that you could answer just now.")
        return Batch(workflow_id, version_id, "finished_for_you", message=message)
    ((free, lane),) = left
    if free:  # wait for it, for one at a time, so that nobody waits in a circle
        from_there = from_ring if lane is None else from_lane
        handed = _handed(from_there(ANYWHERE, 1, wait=""), values | {"lane": lane})
        if handed:
            return Batch(workflow_id, version_id, "open", handed)
    ((seconds,),) = run(SOONEST, values)
    retry_after = min(max(1, math.ceil(seconds or 1)), LEASE_SECONDS)
    message = _("Other volunteers are working on all that is left. Try again in a moment.")
    return Batch(workflow_id, version_id, "all_leased", retry_after=retry_after, message=message)
