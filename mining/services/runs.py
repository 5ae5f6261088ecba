"""Runs that a team asks for: they wait, a process of the worker's takes them up, and they can be cancelled.

What the process does is in `working`; a run whose process was killed, or whose machine was started again, goes on.
"""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from mining.models import Published, Run
from mining.science.consensus import METHODS
from mining.services.working import ENDED_BADLY, clear, end, is_worked_on
from projects.models import Workflow, WorkflowCounter

MOST_RESUMES = 5
"""A run whose process is killed once more than that fails: it may want more memory than the machine has."""


def ask(
    workflow: Workflow,
    *,
    method: str,
    seed: int = 0,
    user: AbstractBaseUser | None = None,
    scheduled: bool = False,
) -> Run:
    """A run over all that the record holds now, for the worker to take up. ValueError: no such method."""
    if method not in METHODS:
        raise ValueError(f"no method {method!r}; known: {', '.join(METHODS)}")
    return Run.objects.create(
        workflow=workflow,
        method=method,
        seed=seed,
        position=WorkflowCounter.objects.values_list("position", flat=True).get(pk=workflow.pk),
        status=Run.Status.WAITING,
        started_by_id=user.pk if user else None,
        scheduled=scheduled,
    )


def stop(run: Run) -> bool:
    """Cancel it, which keeps nothing; False where it had ended before. Its process ends at the next question, and
    what it had stored goes (see `tend`)."""
    return end(Run.objects.filter(pk=run.pk), Run.Status.CANCELLED, "")


def publish(run: Run | None, workflow: Workflow, user: AbstractBaseUser | None = None) -> None:
    """The catalogue carries this run's numbers from now on; None: those of the online state again."""
    if run is None:
        Published.objects.filter(workflow=workflow).delete()
        return
    with transaction.atomic():
        locked = Run.objects.select_for_update().filter(pk=run.pk, workflow=workflow).first()
        if locked is None or not locked.has_rows:
            raise ValueError(f"run {run.pk} is not one of this workflow that is done and has its results")
        values = {"run": run, "by_id": user.pk if user else None}
        Published.objects.update_or_create(workflow=workflow, defaults=values)


def tend() -> list[tuple[int, int]]:
    """The runs that wait, oldest first, and how often each was taken up again. One whose process was killed is put
    among them; what a run that ended badly has left is removed."""
    for run in Run.objects.filter(status=Run.Status.RUNNING):
        with transaction.atomic():
            if not is_worked_on(run):
                _take_back(run)
    for ended in Run.objects.filter(status__in=ENDED_BADLY).exclude(report={}).values_list("pk", flat=True):
        clear(ended)
    waiting = Run.objects.filter(status=Run.Status.WAITING).order_by("pk")
    return list(waiting.values_list("pk", "resumed"))


def _take_back(run: Run) -> None:
    killed = Run.objects.filter(pk=run.pk, status=Run.Status.RUNNING)
    if run.resumed < MOST_RESUMES:
        killed.update(status=Run.Status.WAITING, resumed=F("resumed") + 1)
        return
    message = _(
        "Its process was killed %(n)s times; perhaps the machine has too little memory. Nothing is kept."
    )
    end(killed, Run.Status.FAILED, message % {"n": run.resumed + 1})
