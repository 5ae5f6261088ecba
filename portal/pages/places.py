"""From an address to what it names, for those who may see it; to others it is as if it did not exist."""

from collections.abc import Callable

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from portal.pages.own_work import aliases
from projects.exceptions import ForgedCookie, NotFound
from projects.models import Project, Volunteer, Workflow
from projects.permissions import Who, get_visible_project
from projects.services.volunteers import volunteer_of

May = Callable[[Who, int], bool]
"""(user, project id): whether they may."""


def get_project(request: HttpRequest, slug: str) -> Project:
    try:
        return get_visible_project(request.user, slug)
    except NotFound:
        raise Http404 from None


def get_project_for(request: HttpRequest, slug: str, may: May) -> Project:
    """For those of the team who may (one of projects.permissions); to others the page is not there."""
    project = get_project(request, slug)
    if not may(request.user, project.pk):
        raise Http404
    return project


def get_workflow(project: Project, slug: str) -> Workflow:
    workflow = get_object_or_404(
        project.workflows.select_related("counter", "published", "subject_set"), slug=slug
    )
    workflow.project = project
    return workflow


def person_of(request: HttpRequest) -> Volunteer | None:
    """This visitor as a volunteer (the person, not the alias); None for who has not answered yet."""
    try:
        return volunteer_of(request)
    except ForgedCookie:
        return None


def own_aliases(request: HttpRequest) -> list[int]:
    """Ids of all volunteers that are this visitor; none for who has not answered yet."""
    volunteer = person_of(request)
    return aliases(volunteer) if volunteer else []
