"""How the site is doing, read from the database: for /healthz and /metrics."""

from dataclasses import dataclass

from django.db import connection

from mining.services.lag import lag


@dataclass(frozen=True)
class Numbers:
    """Over all workflows."""

    answers: int  # that count
    mining_lag: int  # entries of the record that mining has not read yet
    oldest_unweighed: float  # seconds since the oldest of those answers came in; 0 when there is none


def read() -> Numbers:
    """A few rows a workflow; nothing here counts classifications."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(answers), 0)::bigint FROM projects_workflowcounter")
        (answers,) = cursor.fetchone()
    behind = lag()
    return Numbers(answers=answers, mining_lag=behind.entries, oldest_unweighed=behind.seconds)
