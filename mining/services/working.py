"""A run in the hands of a process: question by question, so that whoever takes it up again goes on where it stopped.

Each question's rows are stored with its report, in one transaction; pages show the rows of a run that is done and no
others. A second connection holds an advisory lock as long as the process lives: that tells a run that is worked on
from one whose process was killed. `resumed` is the fence: a process that lost its lock, while another took the run up,
can store nothing any more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, QuerySet
from django.utils import timezone

from mining.models import Consensus, Merit, Run, RunChart
from mining.services.code_version import code_version
from projects.exceptions import VoorwerpError

LOCK = 0x52554E53  # "RUNS": the advisory locks of runs, by the run's id
GOING_ON = (Run.Status.WAITING, Run.Status.RUNNING)
ENDED_BADLY = (Run.Status.FAILED, Run.Status.CANCELLED)


class Cancelled(VoorwerpError):
    code = "run_cancelled"
    message = "The run was cancelled. Nothing of it is kept."


class Work:
    """What the process does with its run; raises Cancelled when somebody has said stop."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def of(self, total: int) -> None:
        """How many questions there are."""
        self._set(questions_total=total)

    def has(self, path: str) -> bool:
        """Whether the question was done before."""
        return path in self.run.report.get("questions", {})

    @contextmanager
    def question(self, path: str) -> Iterator[dict[str, Any]]:
        """Store a question's rows inside, and put what the run says of it into the report that this gives."""
        report: dict[str, Any] = {}
        with transaction.atomic():
            yield report
            questions = self.run.report.get("questions", {}) | {path: report}
            whole = self.run.report | {"questions": questions}
            # The last statement: it locks the run's row, for which who cancels would wait.
            self._set(report=whole, questions_done=len(questions))
        self.run.report = whole

    def finish(self) -> None:
        """Done. Inside a transaction of the caller's, who may have more to say at that moment."""
        votes = sum(each["votes"] for each in self.run.report.get("questions", {}).values())
        self._set(status=Run.Status.DONE, finished_at=timezone.now(), votes=votes)

    def _set(self, **values: Any) -> None:
        mine = Run.objects.filter(pk=self.run.pk, status=Run.Status.RUNNING, resumed=self.run.resumed)
        if not mine.update(**values):
            raise Cancelled


@contextmanager
def worked_on(run: Run) -> Iterator[Work | None]:
    """Work on a run that waits, or on a new one, not saved yet; None where another process does, or it has ended.

    An error inside ends the run as failed, with the reason and without a row, and is raised on; where the database
    went away, or the process is told to end, the run is left to be taken up again.
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
            yield Work(run)
        except Cancelled:
            clear(run.pk)
            raise
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            if end(_of(run), Run.Status.FAILED, f"{type(error).__name__}: {error}"):
                clear(run.pk)
            raise
    finally:
        other.close()


def end(runs: QuerySet[Run], status: Run.Status, message: str) -> bool:
    """Of those that go on."""
    going_on = runs.filter(status__in=GOING_ON)
    return bool(going_on.update(status=status, message=message, finished_at=timezone.now()))


def clear(run_id: int) -> None:
    """Nothing is kept of a run that failed or was cancelled but that there was one; safe to repeat."""
    with transaction.atomic():
        if Run.objects.filter(pk=run_id, status__in=ENDED_BADLY).update(report={}):
            remove_rows(run_id)


def remove_rows(run_id: int) -> None:
    Consensus.objects.filter(run=run_id).delete()
    Merit.objects.filter(run=run_id).delete()
    RunChart.objects.filter(run=run_id).delete()


def is_worked_on(run: Run) -> bool:
    """Whether some living process works on it. Inside a transaction; none can begin until it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, run.pk])
        return not cursor.fetchone()[0]


def _of(run: Run) -> QuerySet[Run]:
    return Run.objects.filter(pk=run.pk, resumed=run.resumed)


def _begin(run: Run) -> bool:
    """Where other code did the first questions, they are done again: a run is of one code."""
    code = code_version()
    with transaction.atomic():
        found = Run.objects.select_for_update().filter(pk=run.pk, status__in=GOING_ON).first()
        if found is None:
            return False
        values: dict[str, Any] = {"status": Run.Status.RUNNING, "code_version": code}
        values["started_at"] = found.started_at or timezone.now()
        if found.status == Run.Status.RUNNING:
            values["resumed"] = F("resumed") + 1
        if found.report and found.code_version != code:
            remove_rows(run.pk)
            values |= {"report": {}, "questions_done": 0}
        Run.objects.filter(pk=run.pk).update(**values)
    run.refresh_from_db()
    return True


def _lock(other: BaseDatabaseWrapper, run_id: int) -> bool:
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, run_id])
        return bool(cursor.fetchone()[0])
