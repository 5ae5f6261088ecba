"""Take a counted classification out of the count, as a dated record."""

from django.db import transaction
from django.utils import timezone

from projects.models import Answered, Classification, Discount, Look, Volunteer
from projects.services.recount import recount_subject


@transaction.atomic
def discount(classification: Classification, reason: str) -> Discount | None:
    """From here on the classification counts no more; tallies and retirement of its subject follow.

    The row itself stays as it is. Safe to repeat: None where it did not count anyway.
    """
    if classification.counted != Classification.Counted.YES:
        return None
    record = write_discount(classification, reason)
    if record is not None:
        recount_subject(classification.workflow_id, classification.subject_id)
    return record


def write_discount(classification: Classification, reason: str) -> Discount | None:
    """The record alone: the caller counts the subject again. None where one stands."""
    record, made = Discount.objects.get_or_create(
        classification=classification,
        defaults={"workflow_id": classification.workflow_id, "at": timezone.now(), "reason": reason},
    )
    if made:
        return record
    if record.lifted_at is None:
        return None
    record.at, record.reason, record.lifted_at = timezone.now(), reason, None
    record.save()
    return record


@transaction.atomic
def restore(classification: Classification) -> bool:
    """The answer counts again: its discount is lifted, as a dated event of the record. False where none stood."""
    record = (
        Discount.objects.select_for_update().filter(classification=classification, lifted_at=None).first()
    )
    if record is None:
        return False
    record.lifted_at = timezone.now()
    record.save(update_fields=["lifted_at"])
    recount_subject(classification.workflow_id, classification.subject_id)
    return True


@transaction.atomic
def move_answers(alias: Volunteer, person: Volunteer) -> None:
    """All that the alias answered or looked at is the person's; where both answered, the earlier one counts."""
    # In the order in which everybody locks subjects, so that nobody waits in a circle.
    answers = Answered.objects.filter(volunteer=alias).order_by("workflow_id", "subject_id")
    for answered in answers.select_related("classification"):
        key = {"volunteer": person, "workflow_id": answered.workflow_id, "subject_id": answered.subject_id}
        other = Answered.objects.select_for_update().filter(**key).select_related("classification").first()
        if other is None:
            Answered.objects.create(**key, classification=answered.classification)
            continue
        earlier = min(other.classification, answered.classification, key=_receipt)
        later = answered.classification if earlier == other.classification else other.classification
        discount(later, "alias")
        Answered.objects.filter(**key).update(classification=earlier)
    Answered.objects.filter(volunteer=alias).delete()
    for look in Look.objects.filter(volunteer=alias):
        Look.objects.get_or_create(volunteer=person, workflow_id=look.workflow_id, subject_id=look.subject_id)


def _receipt(classification: Classification) -> tuple[bool, object, int]:
    """What counts before what does not, then by order of receipt; of a corrected answer those of the first."""
    first = classification.first
    return first.counted != Classification.Counted.YES, first.received_at, first.pk
