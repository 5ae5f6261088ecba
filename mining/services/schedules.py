"""Runs by a schedule: a team sets it for a workflow, beat's tick makes a run when it is due.

At most one run of a workflow by schedule waits or is worked on at a time. Times lie on a grid from the moment at which
the schedule was set; all that were missed are made up by one run. A time at which nothing new has come passes without a
run. Of scheduled runs the rows are kept of the newest `KEPT`, of whatever is in the catalogue, and no others; where a
run comes from and what it says of itself stay, so that it can be made again. Runs that a person asked for keep theirs.
"""

from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from mining.models import Published, Run, Schedule
from mining.science.consensus import METHODS
from mining.services.runs import ask, publish
from mining.services.working import GOING_ON, remove_rows
from projects.models import Workflow, WorkflowCounter

KEPT = 5
"""Scheduled runs of a workflow whose rows are kept, beside a published one."""

COUNTED = Subquery(WorkflowCounter.objects.filter(pk=OuterRef("pk")).values("answers"))
LENGTHS = {Schedule.Unit.HOURS: timedelta(hours=1), Schedule.Unit.DAYS: timedelta(days=1)}


def set_schedule(
    workflow: Workflow,
    *,
    on: bool,
    method: str,
    seed: int,
    every: int,
    unit: str,
    publish: bool,
    user: AbstractBaseUser | None = None,
    now: datetime | None = None,
) -> Schedule:
    """In the place of an earlier one; time and answers count from now. ValueError: no such method, unit or number."""
    now = now or timezone.now()
    if method not in METHODS:
        raise ValueError(f"no method {method!r}; known: {', '.join(METHODS)}")
    if unit not in Schedule.Unit.values or every < 1:
        raise ValueError(f"every {every} {unit}: write a number from 1 on and one of {Schedule.Unit.values}")
    length = LENGTHS.get(Schedule.Unit(unit))
    values = {
        "on": on, "method": method, "seed": seed, "every": every, "unit": unit, "publish": publish,
        "next_at": now + every * length if length else None, "answers": _answers(workflow.pk),
        "by_id": user.pk if user else None, "at": now,
    }  # fmt: skip
    return Schedule.objects.update_or_create(workflow=workflow, defaults=values)[0]


def ask_for_what_is_due(now: datetime | None = None) -> list[Run]:
    """Safe to call at the same time from several processes. `now`: for tests."""
    now = now or timezone.now()
    made = []
    for pk in list(due(now).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            found = (
                due(now).select_for_update(skip_locked=True, of=("self",)).select_related("workflow", "by")
            )
            schedule = found.filter(pk=pk).first()
            if schedule is not None:
                made += _make(schedule, now)
    return made


def due(now: datetime) -> QuerySet[Schedule]:
    """By time, or since enough answers came; where blocks or a crowd's end made them fewer, counting starts there."""
    Schedule.objects.filter(unit=Schedule.Unit.ANSWERS, answers__gt=COUNTED).update(answers=COUNTED)
    enough = Q(unit=Schedule.Unit.ANSWERS, answers__lte=COUNTED - F("every"))
    return Schedule.objects.filter(Q(next_at__lte=now) | enough, on=True)


def answers_since(schedule: Schedule) -> int:
    return max(_answers(schedule.workflow_id) - schedule.answers, 0)


def publish_by_schedule(run: Run) -> None:
    """A scheduled run is done: into the catalogue, where the schedule says so now and nothing newer is there."""
    schedule = (
        Schedule.objects.select_related("by").filter(workflow=run.workflow_id, on=True, publish=True).first()
    )
    published = Published.objects.select_related("run").filter(workflow=run.workflow_id).first()
    if schedule and run.scheduled and (published is None or published.run.position <= run.position):
        publish(run, schedule.workflow, schedule.by)


def remove_old_rows(workflow_id: int) -> int:
    """Returns of how many runs; see above which."""
    full = Run.objects.filter(workflow=workflow_id, scheduled=True, status=Run.Status.DONE, emptied_at=None)
    removed = 0
    for pk in list(full.order_by("-pk").values_list("pk", flat=True)[KEPT:]):
        with transaction.atomic():
            Run.objects.select_for_update().get(pk=pk)  # who publishes it waits, and is refused
            if Published.objects.filter(run=pk).exists():
                continue
            Run.objects.filter(pk=pk).update(emptied_at=timezone.now())
            remove_rows(pk)
        removed += 1
    return removed


def _make(schedule: Schedule, now: datetime) -> list[Run]:
    """The run that is due, if it can be made now; one that can't for the run before it stays due."""
    if schedule.method not in METHODS:  # of a release that knew it
        schedule.on = False
        schedule.save(update_fields=["on"])
        return []
    runs = Run.objects.filter(workflow=schedule.workflow_id)
    if runs.filter(scheduled=True, status__in=GOING_ON).exists():
        return []
    if schedule.next_at is not None:
        schedule.next_at = _after(
            now, schedule.next_at, schedule.every * LENGTHS[Schedule.Unit(schedule.unit)]
        )
    schedule.answers = _answers(schedule.workflow_id)
    schedule.save(update_fields=["next_at", "answers"])
    same = runs.filter(method=schedule.method, seed=schedule.seed, status__in=(*GOING_ON, Run.Status.DONE))
    position = WorkflowCounter.objects.values_list("position", flat=True).get(pk=schedule.workflow_id)
    if position == 0 or same.filter(position__gte=position).exists():
        return []
    workflow, by = schedule.workflow, schedule.by
    return [ask(workflow, method=schedule.method, seed=schedule.seed, user=by, scheduled=True)]


def _after(now: datetime, next_at: datetime, length: timedelta) -> datetime:
    """The first time of the grid after now."""
    return next_at + ((now - next_at) // length + 1) * length


def _answers(workflow_id: int) -> int:
    return WorkflowCounter.objects.values_list("answers", flat=True).get(pk=workflow_id)
