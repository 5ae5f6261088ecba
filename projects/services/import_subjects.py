"""Bring subjects into a set."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from projects.exceptions import Invalid
from projects.models import Media, Subject, SubjectSet, Workflow
from projects.models.subject import random_id
from projects.services.enlist_subjects import enlist_subjects


@dataclass(frozen=True)
class NewMedia:
    """A file that already lies under the media folder, or an http(s) address."""

    path: str
    mime: str
    width: int | None = None
    height: int | None = None
    alt: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class NewSubject:
    """id: one that was promised (announce.py); None: a new one."""

    external_id: str
    media: list[NewMedia]
    metadata: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    id: int | None = None


@transaction.atomic
def import_subjects(subject_set: SubjectSet, new: Iterable[NewSubject]) -> int:
    """Add the subjects that the project does not know yet (by external id) and return how many were added.

    Known ones get the new metadata and attributes; their media stay. They come into the queue of every workflow
    that uses the set. All or nothing: raises Invalid for an id given twice or a subject without media.
    """
    rows = list(new)
    _check(rows)
    known = {
        subject.external_id: subject
        for subject in Subject.objects.filter(
            project_id=subject_set.project_id, external_id__in=[row.external_id for row in rows]
        )
    }
    for row in rows:
        if subject := known.get(row.external_id):
            subject.metadata, subject.attributes = row.metadata, row.attributes
    Subject.objects.bulk_update(known.values(), ["metadata", "attributes"], batch_size=1000)
    fresh = [row for row in rows if row.external_id not in known]
    subjects = Subject.objects.bulk_create(
        [
            Subject(
                id=row.id or random_id(),
                project_id=subject_set.project_id,
                subject_set=subject_set,
                external_id=row.external_id,
                metadata=row.metadata,
                attributes=row.attributes,
            )
            for row in fresh
        ],
        batch_size=1000,
    )
    Media.objects.bulk_create(
        [
            Media(subject=subject, position=position, **vars(media))
            for subject, row in zip(subjects, fresh, strict=True)
            for position, media in enumerate(row.media)
        ],
        batch_size=1000,
    )
    for workflow in Workflow.objects.filter(subject_set=subject_set):
        enlist_subjects(workflow)
    return len(subjects)


def _check(rows: list[NewSubject]) -> None:
    seen: set[str] = set()
    for row in rows:
        if not row.external_id:
            raise Invalid("A subject has no external_id.")
        if row.external_id in seen:
            raise Invalid(f"The external_id {row.external_id} is given twice.")
        if not row.media:
            raise Invalid(f"The subject {row.external_id} has no media.")
        seen.add(row.external_id)
