"""Tell the record that an alias's answers are a person's from here on."""

from django.utils import timezone

from projects.models import Classification, Joining, Volunteer, WorkflowCounter


def append_joinings(alias: Volunteer, person: Volunteer) -> None:
    """A Joining in the ledger of each workflow in which the alias has answered.

    Call it last in the transaction: it takes the counters' locks, in the order of workflows so that nobody waits in a
    circle, and nothing that another transaction holds at its commit may be wanted after them.
    """
    answered = Classification.objects.filter(volunteer=alias).values("workflow_id").distinct()
    counters = WorkflowCounter.objects.select_for_update().filter(workflow_id__in=answered)
    Joining.objects.bulk_create(
        Joining(workflow_id=counter.pk, volunteer=alias, person=person, at=timezone.now())
        for counter in counters.order_by("workflow_id")
    )


def ensure_joining(workflow_id: int, alias_id: int, person_id: int) -> None:
    """An alias that answers after it was joined, perhaps in a workflow that was new to it: see `append_joinings`."""
    Joining.objects.get_or_create(
        workflow_id=workflow_id,
        volunteer_id=alias_id,
        defaults={"person_id": person_id, "at": timezone.now()},
    )
