"""News that `projects` sends after commit. A signal is a hint, never the data; nothing depends on its arrival."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.dispatch import Signal

classification_recorded = Signal()
"""workflow_id, subject_id, project_id"""

subject_retired = Signal()
"""workflow_id, subject_id, project_id"""

evidence_posted = Signal()
"""workflow_id, project_id"""

subjects_decided = Signal()
"""workflow_id, project_id"""

claims_changed = Signal()
"""workflow_id, project_id"""


def send_on_commit(signal: Signal, **news: Any) -> None:
    """A receiver that fails is logged by Django and harms nobody: the record is already safe."""
    send: Callable[[], object] = lambda: signal.send_robust(sender=None, **news)  # noqa: E731 (typed callback)
    transaction.on_commit(send)
