"""The database goes away and comes back: no thread answers 500, an idle connection that broke is replaced unseen."""

import time

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection

from portal.database.away import is_away
from portal.database.base import has_something_to_say


def raised_by(cause: Exception) -> OperationalError:
    """As Django hands on an error of psycopg."""
    try:
        raise OperationalError(str(cause)) from cause
    except OperationalError as error:
        return error


AWAY = (
    psycopg.OperationalError("connection refused"),
    psycopg.errors.AdminShutdown(),
    psycopg.errors.CrashShutdown(),
    psycopg.errors.CannotConnectNow(),
    psycopg.errors.TooManyConnections(),
    psycopg.errors.ConnectionFailure(),
)
FAULTS = (psycopg.errors.DeadlockDetected(), psycopg.errors.DiskFull(), psycopg.errors.QueryCanceled())


@pytest.mark.parametrize("cause", AWAY, ids=lambda cause: type(cause).__name__)
def test_what_is_only_away(cause: psycopg.Error) -> None:
    assert is_away(raised_by(cause))


@pytest.mark.parametrize("cause", FAULTS, ids=lambda cause: type(cause).__name__)
def test_what_is_a_fault(cause: psycopg.Error) -> None:
    assert not is_away(raised_by(cause))


def test_other_errors_are_no_absence() -> None:
    assert not is_away(None)
    assert not is_away(ZeroDivisionError())
    assert not is_away(OperationalError("raised by nobody"))
    assert not is_away(InterfaceError("cursor already closed"))


def end_sessions() -> None:
    """What a restart of PostgreSQL does to every connection."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:  # type: ignore[arg-type]
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


def wait_for_the_news() -> None:
    until = time.monotonic() + 5
    while not has_something_to_say(connection.connection):
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_while_idle_is_replaced_before_the_next_request() -> None:
    connection.ensure_connection()
    broken = connection.connection
    assert not has_something_to_say(broken)
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is broken  # a good one stays
    end_sessions()
    wait_for_the_news()
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT 41 + 1")
        assert cursor.fetchone() == (42,)


@pytest.mark.django_db(transaction=True)
def test_news_that_are_no_end_keep_the_connection() -> None:
    """A notification, say: asked whether it works, the server says yes."""
    with connection.cursor() as cursor:
        cursor.execute("LISTEN voorwerp")
        kept = connection.connection
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:  # type: ignore[arg-type]
            other.execute("NOTIFY voorwerp")
        wait_for_the_news()
        connection.close_if_unusable_or_obsolete()
        assert connection.connection is kept
        cursor.execute("UNLISTEN voorwerp")
    assert not has_something_to_say(kept)
