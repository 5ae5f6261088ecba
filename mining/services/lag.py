"""How far mining is behind the record. Light: web processes ask too."""

from dataclasses import dataclass

from django.db import connection

from mining.models import Reader
from projects.models import WorkflowCounter

BEHIND = """
SELECT k.workflow_id, k.position - coalesce(r.position, 0), c.received_at
  FROM projects_workflowcounter k
  LEFT JOIN mining_reader r ON r.workflow_id = k.workflow_id
  LEFT JOIN LATERAL (
        SELECT l.record_id FROM projects_ledgerentry l
         WHERE l.workflow_id = k.workflow_id AND l.position > coalesce(r.position, 0) AND l.kind = 'classification'
         ORDER BY l.position LIMIT 1
       ) l ON true
  LEFT JOIN projects_classification c ON c.id = l.record_id
 WHERE k.position > coalesce(r.position, 0)
 ORDER BY k.workflow_id
"""

LAG = f"""
SELECT coalesce(max(behind.n), 0), coalesce(sum(behind.n), 0)::bigint,
       coalesce(extract(epoch FROM clock_timestamp() - min(behind.at)), 0)::float8
  FROM ({BEHIND}) behind (workflow_id, n, at)
"""  # noqa: S608 - texts of our own


@dataclass(frozen=True)
class Lag:
    """Entries of the record that mining has not read: of the workflow that is furthest behind, and of all; and the
    age in seconds of the oldest answer among them."""

    most: int
    entries: int
    seconds: float


def lag() -> Lag:
    with connection.cursor() as cursor:
        cursor.execute(LAG)
        most, entries, seconds = cursor.fetchone()
    return Lag(most, entries, max(seconds, 0.0))


def lag_of(workflow_id: int) -> int:
    """Entries of one workflow that mining has not read."""
    position = WorkflowCounter.objects.filter(pk=workflow_id).values_list("position", flat=True).first() or 0
    read = Reader.objects.filter(pk=workflow_id).values_list("position", flat=True).first() or 0
    return position - read


def workflows_behind() -> dict[int, int]:
    """Id to entries not read, of the workflows whose ledger has gone on."""
    with connection.cursor() as cursor:
        cursor.execute(BEHIND)
        return {workflow_id: entries for workflow_id, entries, _at in cursor.fetchall()}
