"""The hot path's own statements, prepared once a connection: PostgreSQL parses and plans them no more."""

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection

MANY = 500
"""From so many new rows on the planner is told at once: before it knows, it sorts all that is open for each pick."""


def run(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Execute on Django's connection, inside its transaction if there is one. The statement must return rows.

    Binds on the server, so that the statement can be prepared; Django's own cursor binds in the client.
    """
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor, connection.wrap_database_errors:
        cursor.execute(statement, values, prepare=True)
        return cursor.fetchall()


def tell_planner(changed: int) -> None:
    """Of so many subjects' states that have come or moved."""
    if changed >= MANY:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE projects_subjectstate")
