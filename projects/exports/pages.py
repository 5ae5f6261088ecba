"""Rows of a statement, a page at a time, by a key that grows.

Each page is a statement of its own. So nothing is held while a slow client reads: no transaction that keeps old row
versions alive, no connection out of the pool. Who wants the whole as of one moment runs it in a repeatable-read
transaction (the command `export` does).
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection

SIZE = 1000


def pages(
    statement: str, values: dict[str, Any], *, after: Any = -1, size: int = SIZE
) -> Iterator[tuple[Any, ...]]:
    """`statement` orders by its first column, and takes %(after)s (that column's last value) and %(size)s."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, {**values, "after": after, "size": size})
            rows = cursor.fetchall()
        yield from rows
        if len(rows) < size:
            return
        after = rows[-1][0]
