"""That a finished subject has another answer: noted for the webhooks that tell it, where the evidence is written."""

from collections.abc import Collection, Iterable
from typing import Any

from projects.models import ChangedConsensus, Evidence, Webhook

HALF = 0.5
Said = dict[tuple[int, str], Any]
"""(subject, task) to what leads there."""


def listeners(project_id: int) -> list[int]:
    """Webhooks that tell changes of consensus; paused ones too, which go on where they were."""
    found = Webhook.objects.filter(project=project_id, kinds__contains=[Webhook.Kind.CONSENSUS])
    return list(found.values_list("pk", flat=True))


def said(rows: Iterable[Evidence]) -> Said:
    """What the rows come to: the answers above one half and the greatest; the value of what is not chosen."""
    return {(row.subject_id, row.task): _leads(row) for row in rows}


def _leads(row: Evidence) -> Any:
    """By mining's numbers, or by plain counts before it has weighed the subject, as the catalogue."""
    shares = row.probabilities
    if not shares and row.asked is None and row.tallies["asked"]:
        shares = {key: n / row.tallies["asked"] for key, n in row.tallies["votes"].items()}
    if not shares:
        return row.value
    greatest = max(sorted(shares), key=lambda key: shares[key])
    return sorted({greatest, *(key for key, share in shares.items() if share > HALF)})


def note_changes(workflow_id: int, webhooks: Collection[int], before: Said, after: Said) -> None:
    """before, after: of subjects that were finished before this evidence came. Counts of what is not chosen are
    compared with no value."""
    changed = {
        key[0]
        for key, leads in after.items()
        if key in before and type(before[key]) is type(leads) and before[key] != leads
    }
    ChangedConsensus.objects.bulk_create(
        ChangedConsensus(webhook_id=webhook, workflow_id=workflow_id, subject_id=subject)
        for webhook in webhooks
        for subject in sorted(changed)
    )
