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
    record, made = Discount.objects.get_or_create(
        classification=classification,
        defaults={"workflow_id": classification.workflow_id, "at": timezone.now(), "reason": reason},
    )
    if not made:
        return None
    recount_subject(classification.workflow_id, classification.subject_id)
    return record


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
    """What counts before what does not, then by order of receipt."""
    counts = classification.counted == Classification.Counted.YES
    return not counts, classification.received_at, classification.pk
