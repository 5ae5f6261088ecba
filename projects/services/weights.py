"""What a person's votes weigh where votes are weighed: a dated record. Tallies, limits and counts are not touched."""

from django.db import transaction
from django.utils import timezone

from projects.exceptions import Invalid
from projects.models import Classification, Volunteer, Weight, Workflow

CHUNK = 50
"""Answers that one record weighs again: so many subjects are locked meanwhile."""


@transaction.atomic
def set_weight(*, workflow: Workflow, volunteer: Volunteer, factor: float, reason: str) -> list[Weight]:
    """From now on the person's votes in the workflow, those of all aliases, weigh so much; those before too, as their
    subjects are weighed again. Nothing where they weigh so much already. Raises Invalid unless 0 < factor <= 1.

    Call it last in a transaction: at its commit it takes the workflow's counter.
    """
    if not 0 < factor <= 1:
        raise Invalid(f"A weight lies above 0 and is at most 1, not {factor}.")
    person = Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer.person_id)
    if standing_weight(workflow.pk, person.pk) == factor:
        return []
    people = Volunteer.objects.of_person(person.pk).values("pk")
    answers = Classification.objects.standing().filter(workflow=workflow, volunteer__in=people)
    ids = list(answers.order_by("subject_id").values_list("pk", flat=True))
    at = timezone.now()
    return Weight.objects.bulk_create(
        Weight(
            workflow=workflow,
            volunteer=person,
            factor=factor,
            again=ids[start : start + CHUNK],
            at=at,
            reason=reason,
        )
        for start in range(0, max(len(ids), 1), CHUNK)
    )


def standing_weight(workflow_id: int, person: int) -> float:
    """As the newest record of any of the person's volunteers has it; 1 without one."""
    people = Volunteer.objects.of_person(person).values("pk")
    newest = Weight.objects.filter(workflow=workflow_id, volunteer__in=people).order_by("-pk").first()
    return newest.factor if newest else 1.0
