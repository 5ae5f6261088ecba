"""An export in the hands of a process: taken up, told of while it is written, ended.

A second connection tells progress and holds an advisory lock as long as the process lives; that tells an export that
is worked on from one whose process was killed (`is_worked_on`). Who takes it up again begins anew: the file is written
beside, and kept only when it is whole.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.beside import beside, is_locked, lock
from projects.exceptions import VoorwerpError
from projects.models import Export

LOCK = 0x45585054  # "EXPT": the advisory locks of exports, by the export's id
REST = 0.5  # seconds between two messages of progress
LOOK = 256  # rows between two looks at the clock
GOING_ON = (Export.State.WAITING, Export.State.RUNNING)


class Cancelled(VoorwerpError):
    code = "export_cancelled"
    message = "The export was cancelled. No file was kept."


class Work:
    """One export that this process writes."""

    def __init__(self, record: Export, other: BaseDatabaseWrapper) -> None:
        self.record = record
        self._beside = other
        self._told = time.monotonic()
        self.rows = 0

    def begin(self, total: int | None) -> None:
        self._tell(0, total=total)

    def through(
        self, rows: Iterator[Any], place: Callable[[Any], int] | None, before: int = 0
    ) -> Iterator[Any]:
        """The same rows; how far they have come is told on the way. place: of a row, of `total`; None: each is a step.
        before: steps of what was written earlier. Raises Cancelled when somebody said stop."""
        began = self.rows
        for row in rows:
            self.rows += 1
            if self.rows % LOOK == 0 and time.monotonic() - self._told > REST:
                self._tell(before + (place(row) if place else self.rows - began))
            yield row

    def _tell(self, done: int, **more: Any) -> None:
        self._told = time.monotonic()
        values = {"rows": self.rows, "done": done, **more}
        names = ", ".join(f"{name} = %s" for name in values)
        with self._beside.cursor() as cursor:
            cursor.execute(
                f"UPDATE projects_export SET {names} WHERE id = %s RETURNING state",  # noqa: S608 - names of ours
                [*values.values(), self.record.pk],
            )
            found = cursor.fetchone()
        if found and found[0] != Export.State.RUNNING:
            raise Cancelled


@contextmanager
def take_up(record: Export) -> Iterator[Work | None]:
    """Work on an export that waits, or whose process was killed; None where another does, or it has ended. Its end is
    told whatever comes; errors are raised on."""
    with beside() as other:
        if not lock(other, LOCK, record.pk):
            yield None
            return
        going_on = Export.objects.filter(pk=record.pk, state__in=GOING_ON)
        if not going_on.update(
            state=Export.State.RUNNING, rows=0, done=0, total=None, tries=record.tries + 1
        ):
            yield None
            return
        record.refresh_from_db()
        try:
            yield Work(record, other)
        except Cancelled:
            raise
        except VoorwerpError as error:
            fail(record, str(error.message))
            raise
        except BaseException as error:
            fail(record, _("It broke off (%(error)s). Ask for it again.") % {"error": type(error).__name__})
            raise


def fail(record: Export, reason: str) -> bool:
    """False where it had ended before."""
    return _end(record, Export.State.FAILED, reason)


def cancel(record: Export) -> bool:
    """False where it had ended before."""
    return _end(record, Export.State.CANCELLED, "")


def is_worked_on(record: Export) -> bool:
    """Whether some living process works on it. Inside a transaction."""
    return is_locked(LOCK, record.pk)


def _end(record: Export, state: Export.State, reason: str) -> bool:
    going_on = Export.objects.filter(pk=record.pk, state__in=GOING_ON)
    return bool(going_on.update(state=state, message=reason, finished_at=timezone.now()))
