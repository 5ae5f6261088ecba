"""Publish a version of a workflow."""

from typing import Any

from django.db import transaction

from projects import conditions
from projects.exceptions import Invalid
from projects.models import SubjectState, Use, Workflow, WorkflowCounter, WorkflowVersion
from projects.services.enlist_subjects import enlist_subjects
from projects.tasks.definition import WorkflowDefinition, parse_definition


@transaction.atomic
def publish_workflow(workflow: Workflow, definition: dict[str, Any]) -> WorkflowVersion:
    """Check the definition, store it as the next version, and make it the published one.

    An unchanged definition publishes nothing and returns the version that stands. Subjects of the workflow's set
    come into its queue; a new vote limit holds for open subjects at once. Raises Invalid.
    """
    parsed = parse_definition(definition)
    WorkflowCounter.objects.get_or_create(workflow=workflow)
    stands = workflow.published
    if stands is not None and stands.definition == definition:
        enlist_subjects(workflow)
        return stands
    if parsed.inferred:
        raise Invalid(
            "This definition was put together by an import; write one without `inferred` to publish it."
        )
    major, minor = _next_number(stands, parsed)
    version = WorkflowVersion.objects.create(
        workflow=workflow, major=major, minor=minor, definition=definition
    )
    workflow.published = version
    workflow.save(update_fields=["published"])
    SubjectState.objects.filter(workflow=workflow, retired_at__isnull=True, use=Use.WORK).update(
        wanted=conditions.vote_limit(parsed.retirement)
    )
    enlist_subjects(workflow)
    return version


def _next_number(stands: WorkflowVersion | None, parsed: WorkflowDefinition) -> tuple[int, int]:
    """Major grows when tasks, answer keys or the way through them change; over all numbers that were imported."""
    if stands is None:
        return 1, 0
    if stands.inferred:
        newest = WorkflowVersion.objects.filter(workflow_id=stands.workflow_id).latest("major")
        return newest.major + 1, 0
    if _skeleton(parse_definition(stands.definition)) == _skeleton(parsed):
        return stands.major, stands.minor + 1
    return stands.major + 1, 0


def _skeleton(definition: WorkflowDefinition) -> object:
    return definition.first_task, [
        (
            name,
            task.kind,
            task.required,
            task.ways(),
            sorted(task.next_tasks()),
        )
        for name, task in definition.tasks.items()
    ]
