"""Workflows and versions of what comes from elsewhere."""

from collections import Counter
from typing import Any

from django.db.models import Count
from django.utils.text import slugify
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.imports.infer import MOST_TASKS, Known, TooManyTasks, definitions
from projects.imports.kinds import Number
from projects.imports.seen import TaskSeen, VersionSeen, WorkflowSeen
from projects.models import Classification, Project, SubjectSet, Workflow, WorkflowCounter, WorkflowVersion
from projects.models.workflow import EDITION
from projects.services import get_version
from projects.tasks.drawing import DrawingTask
from projects.tasks.number import NumberTask
from projects.tasks.survey import SurveyTask


def ensure_workflow(project: Project, source: str, external_id: str, name: str) -> Workflow:
    """The workflow of that id at the source; else a new one, which takes no answers here."""
    found = Workflow.objects.filter(project=project, source=source, external_id=external_id).first()
    if found is not None:
        return found
    title = (" ".join(name.split()) or _("Workflow %(id)s") % {"id": external_id})[:120]
    slug = _free_slug(project, slugify(title)[:40] or "workflow", slugify(external_id))
    subject_set = SubjectSet.objects.filter(project=project, slug=slug).first() or SubjectSet.objects.create(
        project=project, slug=slug, title=title
    )
    workflow = Workflow.objects.create(
        project=project,
        slug=slug,
        title=title,
        position=project.workflows.count(),
        state=Workflow.State.FINISHED,
        subject_set=subject_set,
        source=source,
        external_id=external_id,
    )
    WorkflowCounter.objects.create(workflow=workflow)
    return workflow


def _free_slug(project: Project, slug: str, more: str) -> str:
    taken = set(project.workflows.values_list("slug", flat=True))
    if slug not in taken:
        return slug
    longer = f"{slug}-{more}"[:45]
    tries = (longer, *(f"{longer}-{n}" for n in range(2, len(taken) + 3)))
    return next(each for each in tries if each not in taken)


def ensure_versions(workflow: Workflow, seen: WorkflowSeen) -> dict[Number, WorkflowVersion]:
    """The version of each number in the file. One that an earlier import put together is taken where it knows all
    that this file's answers name; else it gets another edition, since a version never changes. Raises Invalid.
    """
    there = list(workflow.versions.all())
    try:
        wanted = definitions(seen.versions, known_of(there))
    except TooManyTasks:
        said = {"workflow": workflow.external_id, "most": MOST_TASKS}
        raise Invalid(
            _("Workflow %(workflow)s has more than %(most)s tasks in one version.") % said
        ) from None
    return {
        number: _covering(there, number, wanted[number], seen.versions[number])
        or _make(workflow, there, number, wanted[number])
        for number in sorted(wanted)
    }


def known_of(versions: list[WorkflowVersion]) -> dict[str, Known]:
    """What all versions say of each task; its kind by the newest."""
    known: dict[str, Known] = {}
    for version in reversed(versions):
        for name, task in get_version(version.pk).definition.tasks.items():
            each = known.setdefault(name, Known(task.kind))
            if each.kind == task.kind:
                each.take(task)
    return known


def _editions(there: list[WorkflowVersion], number: Number) -> list[WorkflowVersion]:
    return [v for v in there if v.major == number[0] and v.minor % EDITION == number[1]]


def _covering(
    there: list[WorkflowVersion], number: Number, wanted: dict[str, Any], seen: VersionSeen
) -> WorkflowVersion | None:
    for version in _editions(there, number):
        if version.inferred and _covers(version, wanted, seen):
            return version
    return None


def _covers(version: WorkflowVersion, wanted: dict[str, Any], seen: VersionSeen) -> bool:
    tasks = get_version(version.pk).definition.tasks
    for name, body in wanted["tasks"].items():
        task = tasks.get(name)
        if task is None or task.kind != body["kind"]:
            return False
        known = {(True, each.key) for each in task.options} | {(False, each.label) for each in task.options}
        if isinstance(task, SurveyTask) and not _asks(task, SurveyTask.model_validate(body)):
            return False
        if isinstance(task, NumberTask) and not _in_range(task, seen.tasks[name]):
            return False
        drawn = task.as_drawing()
        if isinstance(drawn, DrawingTask):
            asked = type(task).model_validate(body).as_drawing()
            if not isinstance(asked, DrawingTask) or not _has_tools(drawn, asked):
                return False
        elif task.options and not seen.tasks[name].choices.keys() <= known:
            return False
    return True


def _has_tools(task: DrawingTask, wanted: DrawingTask) -> bool:
    """Whether each mark that the file has may be drawn with the task's tools, and asked about in the same way."""
    for tool in wanted.tools:
        mine = task.tool(tool.key)
        if mine is None or (mine.shape, len(mine.details)) != (tool.shape, len(tool.details)):
            return False
        for ours, theirs in zip(mine.details, tool.details, strict=True):
            if ours.kind != theirs.kind or not set(theirs.answer_keys) <= set(ours.answer_keys):
                return False
    return True


def _asks(task: SurveyTask, wanted: SurveyTask) -> bool:
    """Whether about each choice of the file may be said what the file says."""
    for choice in wanted.answers:
        mine = task.choice(choice.key)
        known = {question.key: question for question in (task.asked_of(mine) if mine else ())}
        for asked in wanted.asked_of(choice):
            own = known.get(asked.key)
            if own is None or own.kind != asked.kind or not set(asked.answer_keys) <= set(own.answer_keys):
                return False
            if isinstance(own, NumberTask) and isinstance(asked, NumberTask):
                inside = own.min <= asked.min and asked.max <= own.max
                if not inside:
                    return False
    return True


def _in_range(task: NumberTask, seen: TaskSeen) -> bool:
    return not seen.numbers or (task.min <= seen.least and seen.most <= task.max)


def _make(
    workflow: Workflow, there: list[WorkflowVersion], number: Number, definition: dict[str, Any]
) -> WorkflowVersion:
    minors = [version.minor for version in _editions(there, number)]
    minor = max(minors) + EDITION if minors else number[1]
    return WorkflowVersion.objects.create(
        workflow=workflow, major=number[0], minor=minor, definition=definition, inferred=True
    )


def stand_for(workflow: Workflow) -> None:
    """Of inferred versions the one most answered stands for the workflow on its pages; the team's own goes before."""
    if workflow.published is not None and not workflow.published.inferred:
        return
    answers = Counter(
        dict(
            Classification.objects.filter(workflow=workflow)
            .values_list("version_id")
            .annotate(answers=Count("pk"))
        )
    )
    inferred = workflow.versions.filter(inferred=True)
    most = max(inferred, key=lambda each: (answers[each.pk], each.major, each.minor), default=None)
    if most is not None and most.pk != workflow.published_id:
        workflow.published = most
        workflow.save(update_fields=["published"])
