"""Is an error only that the database is not there just now?"""

import psycopg
from django.db import OperationalError

RETRY_AFTER = 5  # seconds; PostgreSQL started again after a kill was back after 1 to 4 s

AWAY = (
    "08",  # connection exceptions
    "53300",  # too many connections
    "57P01",  # the server is being stopped
    "57P02",  # another of its processes crashed
    "57P03",  # it is starting, stopping or recovering
)
"""SQLSTATEs, or their beginnings (PostgreSQL, appendix A). No deadlock, no full disk: those are faults."""


def is_away(error: BaseException | None) -> bool:
    """True where the same call will do once PostgreSQL is back.

    Without SQLSTATE the call never reached a server, or the connection broke under it. Whether a COMMIT was carried out
    is then unknown; the same call again finds out.
    """
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    if not isinstance(cause, psycopg.OperationalError):
        return False
    return cause.sqlstate is None or cause.sqlstate.startswith(AWAY)
