"""Weigh a record that is far ahead, such as an import's: in large pieces, in a process of its own, one at a time.

`follow` takes 200 entries a transaction, since volunteers wait for the subjects that it locks. Taking 20,000 costs a
third of it an entry, and leaves the same state to the bit, since that is a fold over the ledger (docs/decisions/0004).
It suits a workflow that is finished: there nobody waits. So an import needs no other way into the online state.
"""

from django.db import connection

from mining.services.follow import LOCK, follow
from projects.models import Workflow

FAR = 10_000
"""Entries behind from which a workflow is no longer followed by the worker's own threads, where each answer is to be
weighed within a second."""

WHOLE = 20_000
"""Entries a transaction of a workflow that is finished."""

OPEN = 1_000
"""Entries a transaction of one that is not: its subjects are locked for a second at most."""


def catch_up(workflow_id: int) -> int:
    """Read on to the end; returns how many entries were read: none where another process catches up with anything."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, 0)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            finished = Workflow.objects.filter(pk=workflow_id, state=Workflow.State.FINISHED).exists()
            return follow(workflow_id, batch=WHOLE if finished else OPEN)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, 0)", [LOCK])
