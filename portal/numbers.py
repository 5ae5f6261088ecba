"""How the site is doing, read from the database: for /healthz and /metrics."""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Numbers:
    """Over all workflows."""

    answers: int  # that count
    mining_lag: int  # entries of the record that mining has not read yet
    oldest_unweighed: float  # seconds since the oldest of those answers came in; 0 when there is none


def read() -> Numbers:
    """One row a workflow; nothing here counts classifications."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(answers), 0)::bigint FROM projects_workflowcounter")
        (answers,) = cursor.fetchone()
    return Numbers(answers=answers, mining_lag=0, oldest_unweighed=0.0)
