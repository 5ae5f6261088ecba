"""From an address of the pages on attributes to its run, for those who may read it; to others it is not there."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from mining.ballots import NO, YES, choice_of, paths_of, task_of
from mining.models import AttributeRun
from mining.services.attribute_runs import READABLE, published
from portal.pages.places import get_project, get_workflow
from projects.models import Workflow
from projects.permissions import is_member, may_mine
from projects.services import get_version
from projects.services.look_at_answers import look_at_answers
from projects.services.volunteers import join_account, volunteer_of
from projects.tasks import Task


def workflow_of(request: HttpRequest, slug: str, workflow: str) -> tuple[Workflow, bool]:
    """And whether who asks is of the team."""
    project = get_project(request, slug)
    return get_workflow(project, workflow), is_member(request.user, project.pk)


def readable_run(request: HttpRequest, slug: str, workflow: str, number: int) -> tuple[AttributeRun, bool]:
    """Any run for the team; for others the one that is published. Who is shown open subjects has looked at them."""
    found, member = workflow_of(request, slug, workflow)
    runs = AttributeRun.objects.filter(kind__in=READABLE, workflow=found)
    run = get_object_or_404(runs.select_related("started_by", "consensus"), pk=number)
    run.workflow = found
    if not member:
        shown = published(found, run.kind)
        if shown is None or shown.run_id != run.pk:
            raise Http404
    elif run.with_open and run.status == AttributeRun.Status.DONE and request.user.is_authenticated:
        person = volunteer_of(request) or join_account(None, request.user)
        look_at_answers(found.pk, person)
    return run, member


def mining_run(request: HttpRequest, slug: str, workflow: str, number: int) -> AttributeRun:
    """For those who may cancel and publish."""
    found, _member = workflow_of(request, slug, workflow)
    if not may_mine(request.user, found.project_id):
        raise Http404
    run: AttributeRun = get_object_or_404(AttributeRun, workflow=found, pk=number)
    run.workflow = found
    return run


def questions(workflow: Workflow) -> list[tuple[str, list[tuple[str, str]]]]:
    """(question, [(PATH or PATH=KEY, words)]) of all that has answers to choose from, as a select's groups."""
    if workflow.published_id is None:
        return []
    definition = get_version(workflow.published_id).definition
    groups = []
    for name, task in definition.tasks.items():
        if not task.choices:
            continue
        labels = {choice.key: choice.label for choice in task.choices}
        if task.chooses_one:
            choices = [(name, "*"), *((f"{name}={key}", label) for key, label in labels.items())]
        else:
            choices = [(path, labels[choice_of(path) or ""]) for path in paths_of(definition, name)]
        groups.append((task.question, choices))
    return groups


def words(tasks: dict[str, Task], path: str, key: str) -> str:
    """A run's question, as a sentence: the question, and the answer that it is about. tasks: all of the workflow."""
    task = tasks.get(task_of(path))
    if task is None:
        return f"{path} {key}".strip()
    labels = {choice.key: choice.label for choice in task.choices} | {YES: "", NO: ""}
    chosen = labels.get(choice_of(path) or key, choice_of(path) or key)
    return f"{task.question} {chosen}".strip()
