"""Rows of a statement, a page at a time, by a key that grows.

Each page is a statement of its own. So nothing is held while a slow client reads: no transaction that keeps old row
versions alive, no connection out of the pool. Who wants the whole as of one moment runs it in a repeatable-read
transaction (the command `export` does).
"""

from collections.abc import Iterator
from typing import Any

import psycopg
from django.db import connection
from psycopg.pq import Format

SIZE = 1000
STRETCH = 2000
"""Positions. A statement is planned anew each time, which takes as long as reading some hundred rows."""

# psycopg's own reader of times, in C; Django puts one in Python in its place, to write its own time zone over UTC.
_TIME = psycopg.adapters.types["timestamptz"].oid
_FAST_TIME = psycopg.adapters.get_loader(_TIME, Format.TEXT)


def pages(
    statement: str, values: dict[str, Any], *, after: Any = -1, size: int = SIZE
) -> Iterator[tuple[Any, ...]]:
    """`statement` orders by its first column, and takes %(after)s (that column's last value) and %(size)s."""
    while True:
        rows = _fetched(statement, {**values, "after": after, "size": size})
        yield from rows
        if len(rows) < size:
            return
        after = rows[-1][0]


def stretches(
    statement: str, values: dict[str, Any], *, end: int, size: int = STRETCH
) -> Iterator[tuple[Any, ...]]:
    """The same along the record: `statement` orders by position, and takes %(after)s and %(position)s, between which it
    reads. With both ends the database joins a stretch and no more; with a limit it may join all, to sort it."""
    for after in range(0, end, size):
        yield from _fetched(statement, {**values, "after": after, "position": min(after + size, end)})


def _fetched(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.adapters.register_loader(_TIME, _FAST_TIME)
        cursor.execute(statement, values)
        return cursor.fetchall()
