"""A person's statistics, for nobody else: how much, how long, how well, and what would make it better."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mining.services.told_merit import Estimate, OfClass, Told, told_merit
from portal.pages import own_numbers
from portal.pages.own_filter import taken_part
from portal.pages.own_numbers import Week
from portal.pages.places import person_of
from projects.models import Project, Workflow
from projects.services import get_version
from projects.tasks import Task

OFTEN = 0.15
"""Share of another answer from which it is worth a sentence."""


@dataclass(frozen=True)
class Question:
    """One question that the person has enough votes on; classes: (answer, share of agreeing)."""

    question: str
    told: Told
    classes: list[tuple[str, Estimate]]
    advice: str


@dataclass(frozen=True)
class OfWorkflow:
    """questions: None while the worker reckons."""

    workflow: Workflow
    agreement: Estimate | None
    questions: list[Question] | None


@dataclass(frozen=True)
class OfProject:
    """weeks: the newest; answers and hours: of all weeks; most: answers of the fullest week shown."""

    project: Project
    answers: int
    hours: float
    weeks: list[Week]
    workflows: list[OfWorkflow]

    @property
    def most(self) -> int:
        return max((week.answers for week in self.weeks), default=1)


@require_safe
@never_cache
def statistics(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    projects = of(person.pk) if person else []
    waits = any(part.questions is None for each in projects for part in each.workflows)
    return render(request, "pages/me_statistics.html", {"projects": projects, "waits": waits})


def of(person: int) -> list[OfProject]:
    """By project, most answers first."""
    weeks, agreement = own_numbers.weeks(person), own_numbers.agreement(person)
    workflows: dict[int, list[OfWorkflow]] = {}
    projects: dict[int, Project] = {}
    for workflow in taken_part(person):
        projects[workflow.project_id] = workflow.project
        found = OfWorkflow(workflow, agreement.get(workflow.pk), _questions(person, workflow))
        workflows.setdefault(workflow.project_id, []).append(found)
    shown = [
        OfProject(
            project,
            sum(week.answers for week in weeks.get(pk, [])),
            sum(week.hours for week in weeks.get(pk, [])),
            weeks.get(pk, [])[: own_numbers.WEEKS],
            workflows[pk],
        )
        for pk, project in projects.items()
    ]
    return sorted(shown, key=lambda each: -each.answers)


def _questions(person: int, workflow: Workflow) -> list[Question] | None:
    merit = told_merit(person, workflow.pk)
    if merit is None or workflow.published_id is None:
        return None if merit is None else []
    tasks = get_version(workflow.published_id).definition.tasks
    found = []
    for told in merit:
        name, _colon, choice = told.task.partition(":")
        if name in tasks:
            words = _words(tasks[name], choice)
            classes = [(words(each.key), each.right) for each in told.classes]
            question = tasks[name].question + (f" {_label(tasks[name], choice)}" if choice else "")
            found.append(Question(question, told, classes, _advice(told, words)))
    return found


def _label(task: Task, key: str) -> str:
    return next((choice.label for choice in task.choices if choice.key == key), key)


def _words(task: Task, choice: str) -> Any:
    """Of the answers to a question: as its choices are called, or yes and no where it is about one choice."""
    if choice:
        return lambda key: {"yes": _("yes"), "no": _("no")}.get(key, key)
    return lambda key: _label(task, key)


def _advice(told: Told, words: Any) -> str:
    """What would raise it, from the answers most often taken for another; says of no picture what it is."""
    weak = [each for each in told.classes if each.instead_share >= OFTEN]
    if not weak:
        return _("You agree with the others about everything here: more answers make the intervals narrower.")
    least: OfClass = min(weak, key=lambda each: each.right[0])
    said = {"one": words(least.key), "other": words(least.instead), "share": round(least.instead_share * 100)}
    return (
        _(
            "Where the others see “%(one)s” you say “%(other)s” in %(share)s of 100 cases: what tells the two apart is "
            "in the help of the question, the tutorial and the guide."
        )
        % said
    )
