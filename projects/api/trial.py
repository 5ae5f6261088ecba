"""A draft tried in the classifier by its team: subjects to look at, answers checked and kept nowhere."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api.base import VolunteerView
from projects.api.batches import as_json, read_count
from projects.api.bodies import TrialBody, read_body
from projects.exceptions import NotFound
from projects.models import Token, Workflow
from projects.permissions import is_member
from projects.services.trial import check_trial, subjects_to_try


class Trial(VolunteerView):
    """For all of the team, testers too. To others it is not there."""

    scope = {"GET": Token.Scope.WRITE, "POST": Token.Scope.WRITE}

    @extend_schema(
        parameters=[OpenApiParameter("n", int, description="How many, 0 to 50.")], responses={200: dict}
    )
    def get(self, request: Request, workflow_id: int) -> Response:
        workflow = _for_team(request, workflow_id)
        batch = subjects_to_try(workflow, read_count(request.query_params.get("n", "1")))
        return Response(as_json(batch), headers={"Cache-Control": "no-store"})

    @extend_schema(request=TrialBody, responses={200: dict})
    def post(self, request: Request, workflow_id: int) -> Response:
        workflow = _for_team(request, workflow_id)
        body = read_body(request, TrialBody)
        check_trial(workflow, edition=body.edition, subject_id=body.subject, annotations=body.annotations)
        return Response({"subject": body.subject, "stored": False})


def _for_team(request: Request, workflow_id: int) -> Workflow:
    workflow = Workflow.objects.select_related("published").filter(pk=workflow_id).first()
    if workflow is None or not is_member(request._request.user, workflow.project_id):
        raise NotFound
    return workflow
