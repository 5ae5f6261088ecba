"""Rows that an expert gave as known answers."""

from collections.abc import Sequence

from projects.imports.parsed import Parsed
from projects.models import Classification, GoldAnswer

GOLD = "gold"
"""Why their classifications are withheld: they are known answers, and kept out of tallies and limits."""


def keep_gold(rows: Sequence[tuple[Classification, Parsed]]) -> int:
    """Write down what the experts say of the subjects; returns how many. The ledger's entries follow in recount.py."""
    made = GoldAnswer.objects.bulk_create(
        GoldAnswer(
            workflow_id=stored.workflow_id,
            subject_id=stored.subject_id,
            version_id=stored.version_id,
            expert=row.user_name[:160],
            annotations=stored.annotations,
            at=stored.received_at,
        )
        for stored, row in rows
    )
    return len(made)
