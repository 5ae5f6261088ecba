"""From an address to what it names, for those who may see it, and what their role lets them do."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from rest_framework.request import Request

from projects.exceptions import NotFound, NotYourRole, OtherProject, SignIn
from projects.models import Project, Workflow
from projects.permissions import Who, get_visible_project, visible_projects

May = Callable[[Who, int], bool]


def project_at(request: Request, slug: str, may: May | None = None) -> Project:
    """Raises NotFound, OtherProject, and where `may` (one of projects.permissions) says no NotYourRole."""
    project = get_visible_project(request.user, slug)
    require(request, may, project.pk)
    return project


def workflow_at(request: Request, workflow_id: int, may: May | None = None) -> Workflow:
    found = Workflow.objects.select_related("project", "published", "subject_set")
    workflow = found.filter(pk=workflow_id, project__in=visible_projects(request.user)).first()
    if workflow is None:
        raise NotFound
    require(request, may, workflow.project_id)
    return workflow


def require(request: Request, may: May | None, project_id: int) -> None:
    if may is not None and not may(request.user, project_id):
        raise NotYourRole if request.user.is_authenticated else SignIn


def somebody(request: Request) -> AbstractBaseUser:
    """The account that asks. Raises SignIn."""
    user: Any = request.user
    if not user.is_authenticated:
        raise SignIn
    found: AbstractBaseUser = user
    return found


def unbound(request: Request) -> AbstractBaseUser:
    """The account that asks, not by a token that is bound to a project: for what makes another. Raises OtherProject."""
    user = somebody(request)
    if getattr(user, "bound_to", None) is not None:
        raise OtherProject
    return user
