"""News of the record becomes hints to open pages."""

from typing import Any

from django.dispatch import receiver

from portal.live import publish
from projects.signals import (
    claims_changed,
    classification_recorded,
    evidence_posted,
    subject_retired,
    subjects_decided,
)

NEWS = [claims_changed, classification_recorded, evidence_posted, subject_retired, subjects_decided]


@receiver(NEWS, dispatch_uid="voorwerp-live")
def tell(sender: Any, project_id: int, **news: Any) -> None:
    publish.project_changed(project_id)
