"""What is written beside a subject."""

from typing import Any

from projects.models import Announced, Subject


def describe_subject(subject: Subject | Announced, metadata: dict[str, Any]) -> None:
    """Volunteers see it from the next time that the subject is handed out; keys with # are the team's alone."""
    subject.metadata = metadata
    subject.save(update_fields=["metadata"])
