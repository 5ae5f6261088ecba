"""A project's own pages: its home, the live part of it, its texts, its colour."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from mining.models import Suggestion
from mining.services.attribute_runs import discoveries_are_public
from portal.pages import activity
from portal.pages.accent import stylesheet
from portal.pages.pictures import mosaics
from portal.pages.places import get_project
from portal.pages.practice import cards
from portal.pages.prose import render as render_prose
from portal.talk.services.boards import has_talk
from projects.models import Lane, Policy, Project, Workflow
from projects.permissions import (
    is_member,
    may_arrange,
    may_decide,
    may_edit,
    may_enter_gold,
    may_import,
    may_judge,
    may_moderate,
    may_rule,
)

TILES = 14


def _live(project: Project, workflows: list[Workflow]) -> dict[str, Any]:
    return {
        "totals": activity.totals([project]).get(project.pk, activity.Totals()),
        "events": activity.newest(workflows),
    }


@require_safe
def home(request: HttpRequest, slug: str) -> HttpResponse:
    project = get_project(request, slug)
    workflows = list(project.workflows.select_related("counter"))
    member = is_member(request.user, project.pk)
    context = {
        "project": project,
        "cards": cards(request, project, workflows),
        "has_qualifications": any(workflow.requires for workflow in workflows) or _lanes_ask(project),
        "has_policies": Policy.objects.filter(project=project).exists(),
        "may_rule": may_rule(request.user, project.pk),
        "may_arrange": may_arrange(request.user, project.pk),
        "may_decide": may_decide(request.user, project.pk),
        "may_enter_gold": may_enter_gold(request.user, project.pk),
        "pictures": mosaics(workflows[:1], TILES).get(workflows[0].subject_set_id, []) if workflows else [],
        "description": render_prose(project.description),
        "pages": project.pages.all(),
        "suggested": Suggestion.objects.filter(workflow__project=project, state="open").count()
        if may_judge(request.user, project.pk)
        else None,
        "may_edit": may_edit(request.user, project.pk),
        "may_import": may_import(request.user, project.pk),
        "is_member": member,
        "talk": may_moderate(request.user, project.pk) or has_talk(project.pk),
        "unusual": member or discoveries_are_public(project) is not None,
        "simulated": activity.simulated_answers([project]).get(project.pk, 0),
        **_live(project, workflows),
    }
    return render(request, "pages/project.html", context)


def _lanes_ask(project: Project) -> bool:
    """Whether an open lane asks for a qualification: the way to it must be found, and nothing is said of the lane."""
    return Lane.objects.filter(workflow__project=project, closed_at=None).exclude(requires=[]).exists()


@require_safe
def live(request: HttpRequest, slug: str) -> HttpResponse:
    """The fragment that a hint makes the page fetch again."""
    project = get_project(request, slug)
    response = render(request, "pages/_live.html", _live(project, list(project.workflows.all())))
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def about(request: HttpRequest, slug: str, page: str) -> HttpResponse:
    project = get_project(request, slug)
    shown = get_object_or_404(project.pages, slug=page)
    context = {
        "project": project,
        "page": shown,
        "pages": project.pages.all(),
        "body": render_prose(shown.body),
    }
    return render(request, "pages/about.html", context)


@require_safe
@cache_control(max_age=300)
def accent(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's colour as a stylesheet: inline style is forbidden on this site."""
    project = get_project(request, slug)
    return HttpResponse(stylesheet(project.slug, project.accent), content_type="text/css; charset=utf-8")
