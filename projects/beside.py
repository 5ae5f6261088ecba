"""A second connection, and the advisory locks on it that tell whether a process lives that works on something."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def beside() -> Iterator[BaseDatabaseWrapper]:
    """In autocommit: what it writes is seen while a transaction of the first connection is open."""
    other = connection.copy()
    try:
        yield other
    finally:
        other.close()


def lock(other: BaseDatabaseWrapper, kind: int, number: int) -> bool:
    """For as long as `other` is open; False where some process has it."""
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [kind, number])
        return bool(cursor.fetchone()[0])


def unlock(other: BaseDatabaseWrapper, kind: int, number: int) -> None:
    """At once: a connection that is closed lets its locks go a moment later."""
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [kind, number])


def is_locked(kind: int, number: int) -> bool:
    """Whether some living process has the lock. Inside a transaction; none can take it until that ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [kind, number])
        return not cursor.fetchone()[0]
