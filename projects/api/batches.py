"""Subjects handed out, as JSON: the same form for work, training, exam and known answers."""

from typing import Any

from projects.exceptions import Invalid
from projects.models.subject import media_url
from projects.services import Batch
from projects.services.next_subjects import MOST


def read_count(text: str) -> int:
    if not text.isdecimal() or len(text) > 2 or int(text) > MOST:
        raise Invalid(f"n: write a number from 0 to {MOST}.", fields={"n": f"not a number from 0 to {MOST}"})
    return int(text)


def as_json(batch: Batch) -> dict[str, Any]:
    return {
        "workflow": batch.workflow_id,
        "version": batch.version_id,
        "state": batch.state,
        "retry_after": batch.retry_after,
        "message": batch.message,
        "subjects": [
            {
                "id": subject.id,
                "metadata": subject.metadata,
                "media": [_media(media) for media in subject.media],
            }
            for subject in batch.subjects
        ],
    }


def _media(media: dict[str, Any]) -> dict[str, Any]:
    return {
        "url": media_url(media["path"]),
        **{key: media[key] for key in ("mime", "width", "height", "alt")},
    }
