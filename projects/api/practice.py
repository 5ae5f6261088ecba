"""Training and exams over HTTP: what is asked, where one stands, and beginning an exam."""

from typing import Any

from django.http import HttpRequest
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api.base import VolunteerView, require_member
from projects.exceptions import NotFound, Private
from projects.models import Volunteer, Workflow
from projects.services import Batch
from projects.services.exams import (
    begin_exam,
    exam_standing,
    exam_subjects,
    training_standing,
    training_subjects,
)
from projects.services.gates import missing_qualifications
from projects.services.next_subjects import check_open
from projects.services.versions import get_version
from projects.services.volunteers import make_volunteer, require_pass, volunteer_of

USES = {"training": training_subjects, "exam": exam_subjects}


def practice_batch(request: Request, workflow_id: int, use: str, n: int) -> Batch:
    """The next subjects of a training or an exam. Raises NotFound for another use, NoExamNow, and what is closed."""
    if use not in USES:
        raise NotFound
    workflow = open_workflow(request, workflow_id)
    return USES[use](workflow, volunteer_of(request._request), n)


def open_workflow(request: Request, workflow_id: int) -> Workflow:
    """Raises NotFound, Private, Paused, WorkflowFinished."""
    workflow = Workflow.objects.select_related("project").filter(pk=workflow_id).first()
    if workflow is None:
        raise NotFound
    project = workflow.project
    values = (workflow.state, workflow.published_id, project.state, project.is_public)
    try:
        check_open(*values, False)
    except Private as error:
        require_member(request, project.pk, error)
        check_open(*values, True)
    return workflow


class Practice(VolunteerView):
    """Where one stands with a workflow's training, its exam, and the qualifications that it asks for."""

    @extend_schema(responses={200: dict})
    def get(self, request: Request, workflow_id: int) -> Response:
        workflow = open_workflow(request, workflow_id)
        found = standing(workflow, volunteer_of(request._request))
        return Response(found, headers={"Cache-Control": "no-store"})


class BeginExam(VolunteerView):
    """Begin the exam, or go on with the one that is open."""

    @extend_schema(request=None, responses={200: dict})
    def post(self, request: Request, workflow_id: int) -> Response:
        workflow = open_workflow(request, workflow_id)
        volunteer = person(request._request)
        begin_exam(workflow, volunteer)
        return Response(standing(workflow, volunteer))


def person(request: HttpRequest) -> Volunteer:
    """The caller as a volunteer, made now if this is the first that they do. Raises ConsentRequired."""
    found = volunteer_of(request)
    if found is not None:
        return found
    made = make_volunteer(require_pass(request))
    return made.joined_to or made


def standing(workflow: Workflow, volunteer: Volunteer | None) -> dict[str, Any]:
    """As the pages show it: {"training", "exam", "missing"}, null where the workflow has none, or no known
    answers for its training yet."""
    assert workflow.published_id is not None  # noqa: S101 (it is open)
    definition = get_version(workflow.published_id).definition
    missing = missing_qualifications(workflow.pk, volunteer.person_id if volunteer else None)
    found: dict[str, Any] = {
        "training": None,
        "exam": None,
        "missing": [{"slug": q.slug, "title": q.title, "kind": q.kind, "rule": q.rule} for q in missing],
    }
    if definition.training is not None:
        done, of = training_standing(workflow, volunteer)
        found["training"] = {"done": done, "subjects": of} if of else None
    if definition.exam is not None:
        at = exam_standing(workflow, volunteer)
        found["exam"] = {
            "state": at.state,
            "answered": at.answered,
            "subjects": at.subjects,
            "score": at.score,
            "pass_mark": definition.exam.pass_mark,
            "tries_left": at.tries_left,
            "retry_at": at.retry_at and at.retry_at.isoformat(),
        }
    return found
