"""Leases come back when they are released or expire. A lease reserves, it never authorises."""

import uuid

from django.db import connection

LEASE_SECONDS = 600

# States before leases: everywhere in this order, so that nobody waits in a circle.
REAP = """
WITH expired AS (
    SELECT l.workflow_id, l.subject_id, l.holder FROM projects_lease l
      JOIN projects_subjectstate s ON s.workflow_id = l.workflow_id AND s.subject_id = l.subject_id
     WHERE {where}
     LIMIT 1000 FOR UPDATE OF s SKIP LOCKED
), gone AS (
    DELETE FROM projects_lease l USING expired e
     WHERE l.workflow_id = e.workflow_id AND l.subject_id = e.subject_id AND l.holder = e.holder AND {where}
    RETURNING l.workflow_id, l.subject_id
), counted AS (
    SELECT workflow_id, subject_id, count(*) AS n FROM gone GROUP BY 1, 2
)
UPDATE projects_subjectstate s SET leased = s.leased - c.n FROM counted c
 WHERE s.workflow_id = c.workflow_id AND s.subject_id = c.subject_id
"""


def reap_leases(*, workflow_id: int | None = None) -> int:
    """Take back expired leases, a thousand at most; returns how many subjects came free. Safe to run anywhere."""
    where = "l.expires_at < now()" + (" AND l.workflow_id = %(workflow)s" if workflow_id is not None else "")
    with connection.cursor() as cursor:
        cursor.execute(REAP.format(where=where), {"workflow": workflow_id})
        return int(cursor.rowcount)


def release_leases(*, workflow_id: int, holder: uuid.UUID, tab: uuid.UUID) -> int:
    """Give a tab's leases back, when it closes."""
    where = "l.workflow_id = %(workflow)s AND l.holder = %(holder)s AND l.tab = %(tab)s"
    with connection.cursor() as cursor:
        cursor.execute(REAP.format(where=where), {"workflow": workflow_id, "holder": holder, "tab": tab})
        return int(cursor.rowcount)


def release_holder(holder: uuid.UUID) -> int:
    """Give all of somebody's leases back, a thousand at most."""
    with connection.cursor() as cursor:
        cursor.execute(REAP.format(where="l.holder = %(holder)s"), {"holder": holder})
        return int(cursor.rowcount)
