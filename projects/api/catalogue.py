"""What anybody may read of projects and workflows."""

from typing import Any

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.exceptions import NotFound
from projects.models import Workflow
from projects.permissions import visible_projects


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

    @extend_schema(responses={200: dict})
    def get(self, request: Request) -> Response:
        projects = visible_projects(request.user).prefetch_related("workflows__counter")
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
