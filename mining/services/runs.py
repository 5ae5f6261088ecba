"""Runs that a team asks for: they wait, a process of the worker's takes them up, and they can be cancelled.

A run is one transaction: results are stored whole or not at all. Progress is told over a second connection, which also
holds an advisory lock as long as the process lives; that tells a run that works from one whose process was killed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from mining.models import Published, Run
from mining.science.consensus import METHODS
from mining.services.code_version import code_version
from projects.exceptions import VoorwerpError
from projects.models import Workflow, WorkflowCounter

LOCK = 0x52554E53  # "RUNS": the advisory locks of runs, by the run's id
GOING_ON = (Run.Status.WAITING, Run.Status.RUNNING)

LEAST_KNOWN = 50
"""Known subjects that volunteers have answered without help, from which certainty is given."""

Told = Callable[[int, int], None]
"""(questions done, of how many); raises Cancelled when somebody has said stop."""


class Cancelled(VoorwerpError):
    code = "run_cancelled"
    message = "The run was cancelled. Nothing of it was stored."


def ask(workflow: Workflow, *, method: str, seed: int = 0, user: AbstractBaseUser | None = None) -> Run:
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
    )


def stop(run: Run) -> bool:
    """Cancel it, which stores nothing; False where it had ended before. It ends at its next question."""
    return _end(run, Run.Status.CANCELLED, "")


def publish(run: Run | None, workflow: Workflow, user: AbstractBaseUser | None = None) -> None:
    """The catalogue carries this run's numbers from now on; None: those of the online state again."""
    if run is None:
        Published.objects.filter(workflow=workflow).delete()
        return
    if run.workflow_id != workflow.pk or run.status != Run.Status.DONE:
        raise ValueError(f"run {run.pk} is not one of this workflow that is done")
    values = {"run": run, "by_id": user.pk if user else None}
    Published.objects.update_or_create(workflow=workflow, defaults=values)


def tend() -> list[int]:
    """The runs that wait, oldest first. One whose process was killed is marked as failed."""
    for run in Run.objects.filter(status=Run.Status.RUNNING):
        with transaction.atomic():
            if not _is_worked_on(run):
                _end(run, Run.Status.FAILED, _("Its process was killed. Nothing was stored: start it again."))
    return list(Run.objects.filter(status=Run.Status.WAITING).order_by("pk").values_list("pk", flat=True))


@contextmanager
def worked_on(run: Run) -> Iterator[Told | None]:
    """Work on a run that waits, or on a new one, not saved yet; None where another process does, or it has ended.

    An error inside ends the run as failed, with the reason, and is raised on.
    """
    other = connection.copy()
    try:
        with transaction.atomic():  # a new one is locked before anybody can see it
            if run._state.adding:
                run.save()
            locked = _lock(other, run.pk)
        if not locked or not _begin(run):
            yield None
            return
        try:
            yield _teller(run, other)
        except Cancelled:
            raise
        except BaseException as error:
            _end(run, Run.Status.FAILED, f"{type(error).__name__}: {error}")
            raise
    finally:
        other.close()


def finish(run: Run) -> None:
    """Done; the last statement of the transaction that stores. Raises Cancelled where somebody was faster."""
    values = {
        "status": Run.Status.DONE, "finished_at": timezone.now(), "votes": run.votes,
        "parameters": run.parameters, "report": run.report,
    }  # fmt: skip
    if not Run.objects.filter(pk=run.pk, status=Run.Status.RUNNING).update(**values):
        raise Cancelled


def _begin(run: Run) -> bool:
    values = {"status": Run.Status.RUNNING, "started_at": timezone.now(), "code_version": code_version()}
    return bool(Run.objects.filter(pk=run.pk, status__in=GOING_ON).update(**values))


def _end(run: Run, status: Run.Status, message: str) -> bool:
    going_on = Run.objects.filter(pk=run.pk, status__in=GOING_ON)
    return bool(going_on.update(status=status, message=message, finished_at=timezone.now()))


def _teller(run: Run, other: BaseDatabaseWrapper) -> Told:
    def told(done: int, total: int) -> None:
        with other.cursor() as cursor:
            cursor.execute(
                "UPDATE mining_run SET questions_done = %s, questions_total = %s WHERE id = %s RETURNING status",
                [done, total, run.pk],
            )
            found = cursor.fetchone()
        if found and found[0] != Run.Status.RUNNING:  # not found: inside a transaction of the caller's
            raise Cancelled

    return told


def _lock(other: BaseDatabaseWrapper, run_id: int) -> bool:
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, run_id])
        return bool(cursor.fetchone()[0])


def _is_worked_on(run: Run) -> bool:
    """Whether some living process works on it. Inside a transaction; none can begin until it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, run.pk])
        return not cursor.fetchone()[0]
