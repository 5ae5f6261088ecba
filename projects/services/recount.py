"""Count one subject again from the record, after an event that takes answers out of the count."""

from django.db import transaction

from projects import conditions
from projects.models import Classification, Evidence, SubjectState, Workflow
from projects.services.machine import floor_of
from projects.services.retirement import apply_condition, by_people, mark_reopened, standing
from projects.services.tallies import count_all, empty
from projects.services.versions import get_version


@transaction.atomic
def recount_subject(workflow_id: int, subject_id: int) -> None:
    """Tallies, answered and retirement of one subject, from its counted classifications.

    Work: as many rows as the subject has answers. A subject whose condition no longer holds is reopened, with both
    events kept; one whose condition now holds is retired. One that people retired, not answers, stays so.
    """
    state = SubjectState.objects.select_for_update().get(workflow_id=workflow_id, subject_id=subject_id)
    answers = list(counted_of(workflow_id, subject_id))
    by_task = count_all(get_version(a.version_id).definition.votes(a.annotations) for a in answers)
    rows = {e.task: e for e in Evidence.objects.filter(workflow_id=workflow_id, subject_id=subject_id)}
    for task in rows.keys() | by_task.keys():
        Evidence.objects.update_or_create(
            workflow_id=workflow_id,
            subject_id=subject_id,
            task=task,
            defaults={"tallies": by_task.get(task) or empty()},
        )
    state.answered = len(answers)
    published = Workflow.objects.values_list("published_id", flat=True).get(pk=workflow_id)
    if published is not None:
        version = get_version(published)
        evidence = standing(Evidence.objects.filter(workflow_id=workflow_id, subject_id=subject_id))
        if state.retired_at is None:
            apply_condition(state, version, evidence)
        elif not by_people(state.retired_reason) and (
            conditions.evaluate(version.definition.retirement, state.answered, evidence) is False
            or state.answered < floor_of(workflow_id)
        ):
            mark_reopened(state, "an answer was taken out of the count")
    state.save(update_fields=["answered", "retired_at", "retired_reason"])


def counted_of(workflow_id: int, subject_id: int) -> list[Classification]:
    """The subject's counted classifications by order of receipt (ids of one subject are given under its lock)."""
    return list(
        Classification.objects.standing()
        .filter(workflow_id=workflow_id, subject_id=subject_id)
        .order_by("id")
    )
