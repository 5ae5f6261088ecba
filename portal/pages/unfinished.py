"""What a person has begun: subjects that were handed to this browser and wait for an answer. Half answered ones are
known only to the browser (static/elements/half-answered.js marks them)."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from portal.pages.pictures import of_subjects
from projects.models import Lease, Media, Workflow

MOST = 50


@dataclass
class Waiting:
    """Subjects of one workflow; until: when the first of them may go to somebody else."""

    workflow: Workflow
    until: datetime
    pictures: list[tuple[int, Media | None]] = field(default_factory=list)


def waiting(holder: uuid.UUID | None) -> list[Waiting]:
    """By workflow, in the order of their ids, which says nothing. Three queries at most."""
    if holder is None:
        return []
    leases = Lease.objects.filter(holder=holder, expires_at__gt=timezone.now())
    leases = leases.order_by("workflow_id", "subject_id")[:MOST]
    rows = list(leases)
    if not rows:
        return []
    workflows = Workflow.objects.select_related("project").in_bulk({row.workflow_id for row in rows})
    pictures = of_subjects(row.subject_id for row in rows)
    found: dict[int, Waiting] = {}
    for row in rows:
        each = found.setdefault(row.workflow_id, Waiting(workflows[row.workflow_id], row.expires_at))
        each.until = min(each.until, row.expires_at)
        each.pictures.append((row.subject_id, pictures.get(row.subject_id)))
    return list(found.values())
