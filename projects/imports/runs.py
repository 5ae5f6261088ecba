"""An import as it runs: begun, seen from outside while it works, ended in the same transaction as its data.

    with begin(project, kind=Import.Kind.VOTES, source="csv", file_name="labels.csv") as run:
        run.reading(1000)                  # now and then: others see it; raises Cancelled when somebody said stop
        with transaction.atomic():
            run.wait_for_turn()            # one import stores at a time
            run.storing(done, total)
            run.finish({"added": 2000})    # last of all: data and *done* are committed together, or neither

An import is one transaction. So a crash, a refusal or a cancel leaves nothing of it, and whoever reads sees all or
nothing; a million votes fit into one. Progress is told over a connection of its own, which also holds an advisory
lock as long as the process lives: that tells a run that works from one that was killed (see `is_worked_on`).
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.beside import beside, is_locked, lock
from projects.exceptions import VoorwerpError
from projects.models import Import, Project

REST = 0.5  # seconds between two messages of progress
LOCK = 0x494D5052  # "IMPR": the advisory locks of runs, by the import's id
TURN = 0x494D5053  # one import stores at a time: two would wait for each other's volunteers in a circle
KEPT = 1000
"""Broken rows that a report names; it counts all."""

Broken = Sequence[tuple[int, str]]
"""(line, reason)"""


class Cancelled(VoorwerpError):
    code = "cancelled"
    message = "The import was cancelled. Nothing of it was stored."


class Run:
    """One import that this process works on. `begin` and `take_up` make it."""

    def __init__(self, record: Import, beside: BaseDatabaseWrapper) -> None:
        self.record = record
        self._beside = beside
        self._told = 0.0
        self._started = time.monotonic()

    def reading(self, rows: int) -> None:
        """So many rows have been read; how many there are is not known yet."""
        self._tell(rows, None)

    def storing(self, rows: int, total: int) -> None:
        self._tell(rows, total)

    def wait_for_turn(self) -> None:
        """Inside the transaction: until no other import stores."""
        while True:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s, 0)", [TURN])
                if cursor.fetchone()[0]:
                    return
            self._tell(self.record.rows_done, self.record.rows_total)
            time.sleep(REST)

    def finish(
        self,
        counts: Mapping[str, int],
        *,
        rows: int,
        sha256: str = "",
        broken: Broken = (),
        notes: Sequence[str] = (),
        **more: Any,
    ) -> None:
        """Done. The last statement of the transaction that stores: what `storing` says after it would wait for ever.

        counts: what came of it, such as {"added": 2000, "known": 0}; the words are in report.py.
        notes: whole sentences. more: further parts of the report. Raises Cancelled where somebody was faster.
        """
        self.tell_broken(broken)
        report = self.record.report | more | {
            "counts": dict(counts),
            "notes": list(notes),
            "seconds": round(time.monotonic() - self._started, 2),
        }  # fmt: skip
        values = {"state": Import.State.DONE, "report": report, "rows_done": rows, "rows_total": rows}
        running = Import.objects.filter(pk=self.record.pk, state=Import.State.RUNNING)
        if not running.update(**values, sha256=sha256, finished_at=timezone.now()):
            raise Cancelled
        self.record.refresh_from_db()

    def tell_broken(self, broken: Broken) -> None:
        """Put them into the report, whatever comes of the import."""
        told = {"broken": [list(each) for each in broken[:KEPT]], "broken_total": len(broken)}
        self.record.report |= told

    def _tell(self, rows: int, total: int | None) -> None:
        """Not more often than every REST seconds, but the change from reading to storing at once."""
        if time.monotonic() - self._told < REST and total == self.record.rows_total:
            return
        self._told = time.monotonic()
        self.record.rows_done, self.record.rows_total = rows, total
        with self._beside.cursor() as cursor:
            cursor.execute(
                "UPDATE projects_import SET rows_done = %s, rows_total = %s WHERE id = %s RETURNING state",
                [rows, total, self.record.pk],
            )
            found = cursor.fetchone()
        if found and found[0] != Import.State.RUNNING:  # not found: inside a transaction of the caller's
            raise Cancelled


@contextmanager
def begin(
    project: Project,
    *,
    kind: Import.Kind,
    source: str,
    file_name: str,
    user: AbstractBaseUser | None = None,
) -> Iterator[Run]:
    """A new import, worked on by this process at once. Its end is told whatever comes; errors are raised on."""
    record = Import(
        project=project, kind=kind, source=source, file_name=file_name[-200:], state=Import.State.RUNNING
    )
    record.started_by_id = user.pk if user else None
    with beside() as other:
        with transaction.atomic():  # the lock is held before anybody can see the row
            record.save()
            lock(other, LOCK, record.pk)
        with _told_whatever_comes(record):
            yield Run(record, other)


@contextmanager
def take_up(record: Import) -> Iterator[Run | None]:
    """Work on an import that waits, or whose worker was killed; None where another process does, or it has ended."""
    with beside() as other:
        if not lock(other, LOCK, record.pk):
            yield None
            return
        waiting = Import.objects.filter(pk=record.pk, state__in=[Import.State.WAITING, Import.State.RUNNING])
        if not waiting.update(state=Import.State.RUNNING, rows_done=0, rows_total=None):
            yield None
            return
        record.refresh_from_db()
        with _told_whatever_comes(record):
            yield Run(record, other)


def fail(record: Import, reason: str) -> bool:
    """It has ended without storing anything; False where it had ended before."""
    going_on = Import.objects.filter(pk=record.pk, state__in=[Import.State.WAITING, Import.State.RUNNING])
    report = record.report | {"error": reason}
    return bool(going_on.update(state=Import.State.FAILED, report=report, finished_at=timezone.now()))


def cancel(record: Import) -> bool:
    """Stop it and store nothing; False where it had ended before. Waits for one that commits just now."""
    going_on = Import.objects.filter(pk=record.pk, state__in=[Import.State.WAITING, Import.State.RUNNING])
    return bool(going_on.update(state=Import.State.CANCELLED, finished_at=timezone.now()))


def is_worked_on(record: Import) -> bool:
    """Whether some living process works on it. Inside a transaction; none can begin until it ends."""
    return is_locked(LOCK, record.pk)


@contextmanager
def _told_whatever_comes(record: Import) -> Iterator[None]:
    try:
        yield
    except Cancelled:
        raise
    except VoorwerpError as error:
        fail(record, str(error.message))
        raise
    except BaseException as error:
        fail(record, _("It broke off (%(error)s). Nothing was stored.") % {"error": type(error).__name__})
        raise
