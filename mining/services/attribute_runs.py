"""Attribute runs that a team asks for: they wait, a process of the worker's does each in one transaction or not at all.

As in projects/imports/runs.py a second connection tells progress and holds an advisory lock as long as the process
lives. A run whose process was killed waits again; it takes seconds, so it begins anew.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from mining.models import AttributeRun, Publication, Reader, Run
from mining.services.code_version import code_version
from projects.exceptions import VoorwerpError
from projects.models import Project, Retirement, Workflow

LOCK = 0x41545452  # "ATTR": the advisory locks, by the run's id
TRIES = 3
Kind, Status = AttributeRun.Kind, AttributeRun.Status
GOING_ON = (Status.WAITING, Status.RUNNING)
READABLE = (Kind.ATTRIBUTES, Kind.ASSOCIATIONS)
"""Runs with a page of their own."""

Told = Callable[[int, int], None]


class Cancelled(VoorwerpError):
    code = "attribute_run_cancelled"
    message = "The run was cancelled. Nothing of it was stored."


def ask(
    workflow: Workflow,
    kind: AttributeRun.Kind,
    *,
    task: str = "",
    key: str = "",
    consensus: Run | None = None,
    with_open: bool = False,
    seed: int = 0,
    parameters: dict[str, object] | None = None,
    user: AbstractBaseUser | None = None,
) -> AttributeRun:
    """A run over the consensus that stands now, for the worker to take up."""
    return AttributeRun.objects.create(
        workflow=workflow, kind=kind, task=task, key=key, consensus=consensus, with_open=with_open, seed=seed,
        parameters=parameters or {}, started_by_id=user.pk if user else None,
    )  # fmt: skip


def stop(run: AttributeRun) -> bool:
    """Cancel it, which stores nothing; False where it had ended before."""
    return _end(run, Status.CANCELLED, "")


def publish(
    run: AttributeRun | None,
    workflow: Workflow,
    user: AbstractBaseUser | None = None,
    *,
    kind: str = Kind.ATTRIBUTES,
) -> None:
    """Visitors may read this run from now on; None: no run of this workflow and kind. A dated row either way.

    Raises ValueError for one that is not done, or that has open subjects: those are for the team."""
    fit = AttributeRun.objects.filter(
        workflow=workflow, kind__in=READABLE, status=Status.DONE, with_open=False
    )
    if run is not None and not fit.filter(pk=run.pk).exists():
        raise ValueError(f"run {run.pk} can't be published")
    Publication.objects.create(
        project_id=workflow.project_id, workflow=workflow, kind=run.kind if run else kind, run=run,
        public=run is not None,
        by_id=user.pk if user else None,
    )  # fmt: skip


def publish_discoveries(project: Project, public: bool, user: AbstractBaseUser | None = None) -> None:
    """Visitors may read the list of what the team has marked as a discovery, or no longer; a dated row."""
    Publication.objects.create(
        project=project, kind=Kind.UNUSUAL, public=public, by_id=user.pk if user else None
    )


def published(workflow: Workflow, kind: str = Kind.ATTRIBUTES) -> Publication | None:
    """The publication of a kind that stands, with its run; None where visitors may read none.

    A subject that was reopened since the run began is open for somebody again: then nobody but the team reads it.
    """
    newest = (
        Publication.objects.filter(project_id=workflow.project_id, kind=kind, workflow=workflow)
        .select_related("run", "by")
        .defer("run__report")  # may be large, and results pages ask only whether there is one
        .first()
    )
    if newest is None or not newest.public or newest.run is None:
        return None
    since = newest.run.started_at
    reopened = Retirement.objects.filter(workflow=workflow, retired=False, at__gte=since)
    return None if reopened.exists() else newest


def discoveries_are_public(project: Project) -> Publication | None:
    newest = Publication.objects.filter(project=project, kind=Kind.UNUSUAL).select_related("by").first()
    return newest if newest is not None and newest.public else None


def tend() -> list[int]:
    """The runs that wait, oldest first. One whose process was killed waits again, three times in all."""
    for run in AttributeRun.objects.filter(status=Status.RUNNING):
        with transaction.atomic():
            if _is_worked_on(run):
                continue
            if int(run.parameters.get("tries", 0)) >= TRIES:
                _end(
                    run,
                    Status.FAILED,
                    _("Its process was killed %(n)s times. Nothing was stored.") % {"n": TRIES},
                )
            else:
                AttributeRun.objects.filter(pk=run.pk, status=Status.RUNNING).update(status=Status.WAITING)
    return list(
        AttributeRun.objects.filter(status=Status.WAITING).order_by("pk").values_list("pk", flat=True)
    )


@contextmanager
def worked_on(run: AttributeRun) -> Iterator[Told | None]:
    """Work on a run that waits; None where another process does, or it has ended. What is done inside is one
    transaction, whose end is the run's. An error ends the run as failed, with the reason, and is raised on."""
    other = connection.copy()
    try:
        if not _lock(other, run.pk) or not _begin(run):
            yield None
            return
        try:
            with transaction.atomic():
                yield _teller(run, other)
                _finish(run)
        except Cancelled:
            raise
        except BaseException as error:
            _end(
                run,
                Status.FAILED,
                str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}",
            )
            raise
    finally:
        other.close()


def _begin(run: AttributeRun) -> bool:
    """What the run reads is what stands now."""
    run.refresh_from_db()
    parameters = run.parameters | {"tries": int(run.parameters.get("tries", 0)) + 1}
    position = Reader.objects.values_list("position", flat=True).filter(pk=run.workflow_id).first() or 0
    values = {
        "status": Status.RUNNING, "started_at": timezone.now(), "code_version": code_version(),
        "parameters": parameters, "position": run.consensus.position if run.consensus else position,
    }  # fmt: skip
    begun = AttributeRun.objects.filter(pk=run.pk, status__in=GOING_ON).update(**values)
    run.refresh_from_db()
    return bool(begun)


def _finish(run: AttributeRun) -> None:
    parameters = {key: value for key, value in run.parameters.items() if key != "tries"}
    values = {
        "status": Status.DONE, "finished_at": timezone.now(), "report": run.report, "parameters": parameters,
    }  # fmt: skip
    if not AttributeRun.objects.filter(pk=run.pk, status=Status.RUNNING).update(**values):
        raise Cancelled


def _end(run: AttributeRun, status: AttributeRun.Status, message: str) -> bool:
    going_on = AttributeRun.objects.filter(pk=run.pk, status__in=GOING_ON)
    return bool(going_on.update(status=status, message=message, finished_at=timezone.now()))


def _teller(run: AttributeRun, other: BaseDatabaseWrapper) -> Told:
    def told(done: int, total: int) -> None:
        with other.cursor() as cursor:
            cursor.execute(
                "UPDATE mining_attributerun SET questions_done = %s, questions_total = %s WHERE id = %s"
                " RETURNING status",
                [done, total, run.pk],
            )
            found = cursor.fetchone()
        if found and found[0] != Status.RUNNING:  # not found: inside a transaction of the caller's
            raise Cancelled

    return told


def _lock(other: BaseDatabaseWrapper, run_id: int) -> bool:
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, run_id])
        return bool(cursor.fetchone()[0])


def _is_worked_on(run: AttributeRun) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, run.pk])
        return not cursor.fetchone()[0]
