"""From an address of the team's pages on runs to what it names; to others it is as if it did not exist."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from mining.ballots import NO, YES, choice_of, task_of
from mining.models import Published, Run
from portal.pages.letters import LANGUAGES
from portal.pages.overlay import Overlay, overlay
from portal.pages.places import get_project_for, get_workflow
from projects.exports.catalogue import all_tasks
from projects.models import Media, Workflow
from projects.permissions import is_member, may_judge, may_mine
from projects.tasks import Task
from projects.tasks.highlighter import HIGHLIGHTER
from projects.tasks.survey import SURVEY
from projects.tasks.transcription import TRANSCRIPTION

UNCHOSEN = ("text", "number", "drawing", "tags", TRANSCRIPTION, HIGHLIGHTER, SURVEY)
"""Kinds without answers to filter by."""


def team_workflow(request: HttpRequest, slug: str, workflow: str) -> Workflow:
    return get_workflow(get_project_for(request, slug, is_member), workflow)


def miner_workflow(request: HttpRequest, slug: str, workflow: str) -> Workflow:
    """For those who may start, cancel and publish."""
    return get_workflow(get_project_for(request, slug, may_mine), workflow)


def run_of(workflow: Workflow, number: int, *, done: bool = False) -> Run:
    """done: only one whose rows are there to be looked at."""
    run: Run = get_object_or_404(Run.objects.select_related("started_by"), workflow=workflow, pk=number)
    if done and not run.has_rows:
        raise Http404
    return run


def context(request: HttpRequest, workflow: Workflow, **more: Any) -> dict[str, Any]:
    """What every one of these pages has."""
    published = Published.objects.filter(workflow=workflow).select_related("by").first()
    return {
        "project": workflow.project,
        "workflow": workflow,
        "may_mine": may_mine(request.user, workflow.project_id),
        "may_judge": may_judge(request.user, workflow.project_id),
        "published": published,
        **more,
    }


def private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def answer_words(tasks: Mapping[str, Task], path: str) -> dict[str, str]:
    """Key to label of the answers at a path, in the order in which they are offered. tasks: all of the workflow."""
    if choice_of(path):
        return {NO: _("no"), YES: _("yes")}
    task = tasks.get(task_of(path))
    return {option.key: option.label for option in task.options} if task else {}


class Questions:
    """The questions of a run, by their path, in words."""

    def __init__(self, workflow: Workflow, run: Run, *, choices_only: bool = False) -> None:
        """The one that every answer comes to is first. choices_only: without those whose answers are put together."""
        self._tasks = all_tasks(workflow)
        found = run.report.get("questions", {})
        self.texts = {path for path in found if found[path].get("kind") in ("text", TRANSCRIPTION)}
        self.unchosen = {path for path in found if found[path].get("kind") in UNCHOSEN}
        listed = sorted(found, key=lambda path: not found[path].get("main"))
        self.paths: dict[str, str] = {
            path: self.words(path) for path in listed if not (choices_only and found[path].get("kind"))
        }

    def chosen(self, asked: str) -> str:
        """The path asked for, else that of the first question; 404 where the run has none."""
        if not self.paths:
            raise Http404
        return asked if asked in self.paths else next(iter(self.paths))

    def words(self, path: str) -> str:
        task = self._tasks.get(task_of(path))
        choice = choice_of(path)
        if task is None:
            return path
        return f"{task.question} {_label(task, choice)}" if choice else task.question

    def language(self, path: str) -> str:
        """The language tag of a text's letters; empty where the task does not say."""
        return LANGUAGES.get(getattr(self._tasks.get(path), "keyboard", None), "")

    def answers(self, path: str) -> dict[str, str]:
        """Key to label."""
        return answer_words(self._tasks, path)

    def draws(self, path: str) -> bool:
        task = self._tasks.get(task_of(path))
        return task is not None and task.as_drawing() is not None

    def marks(self, path: str, value: dict[str, Any] | None, picture: Media | None) -> Overlay | None:
        """What was drawn, over the picture."""
        task = self._tasks.get(task_of(path))
        return overlay(task, value, picture) if task else None

    def found(self, path: str, value: dict[str, Any] | None) -> str:
        """What was put together of many answers, where they are no votes on keys."""
        task = self._tasks.get(task_of(path))
        return task.found(value) if task else ""


def _label(task: Task, key: str) -> str:
    return next((choice.label for choice in task.choices if choice.key == key), key)
