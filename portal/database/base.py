"""A lasting connection that broke while nobody used it is replaced before its next use.

Django finds that out by an error, which somebody sees once for each thread after every restart of PostgreSQL, or by
CONN_HEALTH_CHECKS, a question to the server at each request. Here the socket is looked at instead: PostgreSQL says
nothing to an idle connection, so one that has something to read is ending, and only that one is asked. One system
call in place of a round trip (docs/decisions/0015-idle-connections-that-speak.md).
"""

import select

import psycopg
from django.db.backends.postgresql import base


def has_something_to_say(connection: "psycopg.Connection[object]") -> bool:
    """Whether an idle connection's socket can be read: its end, or news of it."""
    if connection.closed:
        return True
    looking = select.poll()  # not select(): it takes no descriptor over 1023
    looking.register(connection.fileno(), select.POLLIN)
    return bool(looking.poll(0))


class DatabaseWrapper(base.DatabaseWrapper):
    """Found by Django through the setting ENGINE = "portal.database"."""

    def close_if_unusable_or_obsolete(self) -> None:
        """Called before and after each request, job and question of a WebSocket, in the thread that serves it."""
        if self.connection is not None and not self.in_atomic_block and has_something_to_say(self.connection):
            self.errors_occurred = True  # Django then asks `SELECT 1`, and closes what does not answer
        super().close_if_unusable_or_obsolete()
