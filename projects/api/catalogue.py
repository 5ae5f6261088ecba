"""What anybody may read of projects and workflows."""

from typing import Any

from django.db.models import Q
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.api.bodies import read_body
from projects.api.changes import NewProject
from projects.api.once import KEY, once
from projects.api.places import unbound
from projects.api.shapes import ProjectShape
from projects.exceptions import NotFound
from projects.models import Workflow
from projects.permissions import visible_projects
from projects.services.make_project import make_project


def _project(project: Any) -> dict[str, Any]:
    return {
        "slug": project.slug,
        "title": project.title,
        "tagline": project.tagline,
        "accent": project.accent,
        "state": project.state,
    }


def _progress(workflow: Workflow) -> dict[str, int]:
    counter = getattr(workflow, "counter", None)
    if counter is None:
        return {"answers": 0, "subjects": 0, "retired": 0}
    return {"answers": counter.answers, "subjects": counter.subjects, "retired": counter.retired}


class Projects(APIView):
    """The projects that you may see, with their workflows and progress."""

    @extend_schema(
        parameters=[OpenApiParameter("mine", bool, description="1: those of whose team you are.")],
        responses={200: dict},
    )
    def get(self, request: Request) -> Response:
        projects = visible_projects(request.user).prefetch_related("workflows__counter")
        if request.query_params.get("mine") == "1" and request.user.pk is not None:
            projects = projects.filter(members__user_id=request.user.pk)
        return Response(
            {
                "projects": [
                    _project(project)
                    | {
                        "workflows": [
                            {
                                "id": w.pk,
                                "slug": w.slug,
                                "title": w.title,
                                "state": w.state,
                                "progress": _progress(w),
                            }
                            for w in project.workflows.all()
                        ]
                    }
                    for project in projects
                ]
            }
        )

    @extend_schema(request=NewProject, responses={201: ProjectShape}, parameters=[KEY])
    @once
    def post(self, request: Request) -> Response:
        """A private draft that you own, with an empty set of subjects."""
        body = read_body(request, NewProject)
        made = make_project(by=unbound(request), **body.model_dump())
        return ProjectShape.of(made).respond(201)


class WorkflowDetail(APIView):
    """A workflow with the definition of its published version."""

    @extend_schema(responses={200: dict})
    def get(self, request: Request, workflow_id: int) -> Response:
        workflow = (
            Workflow.objects.select_related("project", "published", "counter")
            .filter(Q(pk=workflow_id), project__in=visible_projects(request.user), published__isnull=False)
            .first()
        )
        if workflow is None or workflow.published is None:
            raise NotFound
        return Response(
            {
                "id": workflow.pk,
                "slug": workflow.slug,
                "title": workflow.title,
                "state": workflow.state,
                "project": _project(workflow.project),
                "version": workflow.published_id,
                "version_number": workflow.published.number,
                "progress": _progress(workflow),
                "definition": workflow.published.definition,
            }
        )
