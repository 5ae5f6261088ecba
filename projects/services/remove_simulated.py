"""Take a simulated crowd's answers out of the record."""

from django.db import transaction
from django.db.models import F

from projects.models import (
    Answered,
    Classification,
    Decision,
    Discount,
    Evidence,
    Project,
    SubjectState,
    Volunteer,
    Workflow,
    WorkflowCounter,
)
from projects.services.peoples_decision import decide_for_people
from projects.services.recount import recount_subject
from projects.services.retirement import by_people, standing


@transaction.atomic
def remove_simulated(project: Project) -> int:
    """Delete all that simulated volunteers did in the project, and who of them did nothing elsewhere; how many
    classifications that were.

    The one exception to "append-only": what no person did is no record. Tallies and retirement follow from the
    answers that stay; a subject that they don't retire is reopened, as a dated record. The ledger keeps its
    positions, and readers pass over those whose record is gone; what people decided is decided again by the answers
    that stay; a reader that had taken simulated answers in must
    read again from the start (mining does so: mining/services/simulated_crowd.py).
    """
    simulated = Volunteer.objects.filter(simulated=True, classifications__workflow__project=project)
    people = list(simulated.values_list("pk", flat=True).distinct())
    removed = sum(_remove(workflow, people) for workflow in project.workflows.order_by("pk"))
    Volunteer.objects.filter(pk__in=people, classifications=None).delete()
    return removed


def _remove(workflow: Workflow, people: list[int]) -> int:
    """Locks as everybody does: subjects in order, the counter last."""
    answers = Classification.objects.filter(workflow=workflow, volunteer_id__in=people)
    subjects = sorted(set(answers.values_list("subject_id", flat=True)))
    states = SubjectState.objects.filter(workflow=workflow, subject_id__in=subjects)
    list(states.order_by("subject_id").select_for_update())
    counted = answers.shown().count()
    Discount.objects.filter(classification__in=answers).delete()
    Answered.objects.filter(workflow=workflow, volunteer_id__in=people).delete()
    removed, _ = answers.delete()
    Evidence.objects.filter(workflow=workflow, subject_id__in=subjects).delete()
    Decision.objects.of(workflow.pk, subjects).filter(kind=Decision.Kind.PEOPLE).delete()
    for subject in subjects:
        recount_subject(workflow.pk, subject)
    for state in states.filter(retired_at__isnull=False):
        if not by_people(state.retired_reason):
            rows = Evidence.objects.filter(workflow=workflow, subject=state.subject_id)
            decide_for_people(state, workflow.project_id, standing(rows))
    WorkflowCounter.objects.filter(workflow=workflow).update(answers=F("answers") - counted)
    return removed
