"""Put subjects into a lane, take them out; each subject's move is a dated record (LaneMove).

Only open subjects move, and only those to work on or that are hidden checks: what is kept for training and exams is
asked for openly and stands in no lane. Leases stay: who holds a subject may answer it, wherever it goes. A subject is
locked while it is moved, so an answer comes before or after, and is recorded either way.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.models import CatalogueAttribute, Lane, LaneMove, Subject, SubjectState, Workflow
from projects.services.statement import tell_planner

LAST = -1e308
"""The place in a lane of a subject that has no number to order by: after all others."""

OPERATORS = {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<", "eq": "="}

# The states in the order of their subjects, as everybody locks them.
MOVE = """
WITH chosen AS MATERIALIZED (
    SELECT s.subject_id, {priority} AS priority
      FROM projects_subjectstate s JOIN projects_subject u ON u.id = s.subject_id
     WHERE s.workflow_id = %(workflow)s AND s.retired_at IS NULL AND s.use IN (0, 3) AND {which}
     ORDER BY s.subject_id FOR UPDATE OF s
), moved AS (
    UPDATE projects_subjectstate s
       SET lane_id = %(lane)s, priority = chosen.priority,
           laned_at = CASE WHEN %(lane)s::bigint IS NULL THEN NULL
                           WHEN s.lane_id = %(lane)s THEN s.laned_at ELSE statement_timestamp() END
      FROM chosen
     WHERE s.workflow_id = %(workflow)s AND s.subject_id = chosen.subject_id
       AND (s.lane_id, s.priority) IS DISTINCT FROM (%(lane)s::bigint, chosen.priority)
    RETURNING s.subject_id, s.priority
), told AS (
    INSERT INTO projects_lanemove (workflow_id, subject_id, lane_id, priority, at, by_id)
    SELECT %(workflow)s, subject_id, %(lane)s::bigint, priority, statement_timestamp(), %(by)s::integer FROM moved
     ORDER BY subject_id
    RETURNING 1
)
SELECT (SELECT count(*) FROM chosen), (SELECT count(*) FROM told)
"""


@dataclass(frozen=True)
class Which:
    """Which subjects of a workflow: all that is said must hold, and something must be said.

    names: the team's own (external ids). where: [comparison, attribute, value], see conditions.COMPARISONS. lane: those
    in this one. pool: those in none.
    """

    ids: Sequence[int] | None = None
    names: Sequence[str] | None = None
    where: Sequence[Sequence[Any]] = ()
    subject_set: int | None = None
    lane: Lane | None = None
    pool: bool = False


@dataclass(frozen=True)
class Moved:
    """chosen: open subjects that were meant; moved: those that were not there already, in that place."""

    chosen: int
    moved: int


@transaction.atomic
def put_in(lane: Lane, which: Which, *, priority: float = 0, by: AbstractBaseUser | None = None) -> Moved:
    """Bring subjects into a lane, out of the one in which they are. Those there already get their new place in it.

    `priority`: their place, the greatest first; a lane with an order takes the attribute's number instead. Raises
    Invalid, and moves nothing, for a closed lane, a name that is no subject of the workflow, and a priority that is no
    finite number.
    """
    if not math.isfinite(priority) or abs(priority) >= -LAST:
        raise Invalid(_("The place in a lane is a finite number."))
    standing = Lane.objects.select_for_update(no_key=True).get(pk=lane.pk)
    if standing.closed_at is not None:
        raise Invalid(_("This lane is closed: reopen it first."))
    check_where(standing.workflow, which.where)
    return _move(standing.workflow_id, standing, which, priority, by)


@transaction.atomic
def take_out(workflow: Workflow, which: Which, *, by: AbstractBaseUser | None = None) -> Moved:
    """Back into the common pool, for everybody who may work in the workflow. Raises Invalid as `put_in` does."""
    check_where(workflow, which.where)
    return _move(workflow.pk, None, which, 0, by)


def sort_anew(lane: Lane, *, by: AbstractBaseUser | None = None) -> Moved:
    """After its order was changed: each subject gets the place that its attribute gives it now."""
    return _move(lane.workflow_id, lane, Which(lane=lane), 0, by) if lane.order else Moved(0, 0)


def leave_lane(state: SubjectState) -> None:
    """A locked state leaves its lane, with a record; the caller saves the state (lane, priority, laned_at)."""
    if state.lane_id is None:
        return
    state.lane, state.priority, state.laned_at = None, None, None
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        (at,) = cursor.fetchone()
    LaneMove.objects.create(workflow_id=state.workflow_id, subject_id=state.subject_id, at=at)


def take_in_arrivals(workflow: Workflow, subjects: list[int]) -> None:
    """Subjects that have just come into the queue go into the first open lane whose rule they match. A rule over an
    attribute that the catalogue describes no more keeps nobody from importing."""
    for lane in workflow.lanes.filter(source=Lane.Source.MATCHING, closed_at=None):
        _move(workflow.pk, lane, Which(ids=subjects, where=lane.where, pool=True), 0, None)


def _move(
    workflow_id: int, lane: Lane | None, which: Which, priority: float, by: AbstractBaseUser | None
) -> Moved:
    values: dict[str, Any] = {"workflow": workflow_id, "lane": lane and lane.pk, "by": by and by.pk}
    conditions = _conditions(workflow_id, which, values)
    if not conditions:
        raise Invalid(_("Say which subjects: their ids, a rule, or a lane."))
    place = _place(lane, priority, values) if lane else "NULL::float8"
    with connection.cursor() as cursor:
        cursor.execute(MOVE.format(which=" AND ".join(conditions), priority=place), values)
        chosen, moved = cursor.fetchone()
    tell_planner(moved)
    return Moved(chosen, moved)


def check_where(workflow: Workflow, where: Sequence[Sequence[Any]]) -> None:
    """Raises Invalid unless each part compares an attribute of the catalogue with what it may be compared with."""
    kinds = numbers_and_categories(workflow) if where else {}
    for part in where:
        if len(part) != 3 or part[0] not in OPERATORS:
            raise Invalid(
                _("A rule is a comparison (%(all)s), an attribute and a value.")
                % {"all": ", ".join(OPERATORS)}
            )
        comparison, key, value = part
        check_attribute(key, kinds)
        if kinds[key] == CatalogueAttribute.Kind.NUMBER:
            if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
                raise Invalid(_("%(key)s is a number: compare it with one.") % {"key": key})
        elif comparison != "eq" or not isinstance(value, str):
            raise Invalid(_("%(key)s is a category: it can only be equal to a text.") % {"key": key})


def check_attribute(key: str, kinds: Mapping[str, str]) -> None:
    if key not in kinds:
        raise Invalid(
            _("The project's catalogue has no attribute %(key)s; it has: %(all)s.")
            % {"key": key, "all": ", ".join(kinds) or _("none")}
        )


def numbers_and_categories(workflow: Workflow) -> dict[str, str]:
    """The catalogue attributes of its project, key to kind."""
    return dict(CatalogueAttribute.objects.filter(project=workflow.project_id).values_list("key", "kind"))


def _conditions(workflow_id: int, which: Which, values: dict[str, Any]) -> list[str]:
    """SQL, whose parameters come into `values`."""
    found = []
    ids = list(which.ids) if which.ids is not None else None
    if which.names is not None:
        named = _named(workflow_id, which.names)
        ids = named if ids is None else [each for each in ids if each in set(named)]
    if ids is not None:
        found.append("s.subject_id = ANY(%(ids)s::bigint[])")
        values["ids"] = ids
    for number, (comparison, key, value) in enumerate(which.where):
        values |= {f"key{number}": key, f"value{number}": value}
        given = f"u.attributes->>%(key{number})s"
        if isinstance(value, str):
            found.append(f"{given} = %(value{number})s")
        else:
            found.append(f"{_number(f'key{number}')} {OPERATORS[comparison]} %(value{number})s")
            found.append(f"NOT {_missing(workflow_id, key, f'key{number}', values)}")
    if which.subject_set is not None:
        found.append("u.subject_set_id = %(subject_set)s")
        values["subject_set"] = which.subject_set
    if which.lane is not None:
        found.append("s.lane_id = %(from)s")
        values["from"] = which.lane.pk
    if which.pool:
        found.append("s.lane_id IS NULL")
    return found


def _place(lane: Lane, priority: float, values: dict[str, Any]) -> str:
    """SQL of a subject's place in the lane. A number that stands for a missing one is missing."""
    if not lane.order:
        values["priority"] = priority
        return "%(priority)s::float8"
    key = lane.order.removeprefix("-")
    values |= {"order": key, "last": LAST}
    sign = "-" if lane.order.startswith("-") else ""
    missing = _missing(lane.workflow_id, key, "order", values)
    number = _number("order")
    return f"CASE WHEN {missing} OR {number} IS NULL THEN %(last)s::float8 ELSE {sign}{number} END"


def _number(name: str) -> str:
    """SQL of an attribute as a number, NULL where it is none."""
    return (
        f"(CASE WHEN jsonb_typeof(u.attributes->%({name})s) = 'number' "
        f"THEN (u.attributes->>%({name})s)::float8 END)"
    )


def _missing(workflow_id: int, key: str, name: str, values: dict[str, Any]) -> str:
    """SQL of whether an attribute's number is one that stands for a missing value."""
    described = CatalogueAttribute.objects.filter(project__workflows=workflow_id, key=key).first()
    values[f"{name}_sentinels"] = [float(each) for each in (described.sentinels if described else [])]
    return f"coalesce({_number(name)} = ANY(%({name}_sentinels)s::float8[]), false)"


def _named(workflow_id: int, names: Sequence[str]) -> list[int]:
    """Ids of subjects of the workflow with these names. Raises Invalid for one that there is not."""
    states = SubjectState.objects.filter(workflow=workflow_id).values("subject_id")
    rows = Subject.objects.filter(external_id__in=names, pk__in=states).values_list("external_id", "pk")
    known: dict[str, list[int]] = {}
    for name, subject in rows:
        known.setdefault(name, []).append(subject)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Invalid(
            _("No subject of this workflow is called %(name)s (%(n)d such names). Nothing was moved.")
            % {"name": unknown[0][:60], "n": len(unknown)}
        )
    return [subject for name in dict.fromkeys(names) for subject in known[name]]
