"""Known answers over HTTP: for the team, in the classifier."""

from django.contrib.auth.models import AbstractBaseUser
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api.base import VolunteerView
from projects.api.batches import as_json, read_count
from projects.api.bodies import KnownBody, read_body
from projects.exceptions import Invalid, NotFound
from projects.models import Token, Use, Workflow
from projects.permissions import may_enter_gold
from projects.services.gold import Known
from projects.services.team_gold import member_enters_gold, subjects_to_know


class KnownAnswers(VolunteerView):
    """What the team's experts answer next, and what they say. To others it is not there."""

    scope = {"GET": Token.Scope.WRITE, "POST": Token.Scope.WRITE}

    @extend_schema(
        parameters=[
            OpenApiParameter("n", int, description="How many, 0 to 50."),
            OpenApiParameter("subject", int, description="This one, though it be known already."),
        ],
        responses={200: dict},
    )
    def get(self, request: Request, workflow_id: int) -> Response:
        workflow, _ = _for_experts(request, workflow_id)
        wanted = request.query_params.get("subject")
        if wanted is not None and (not wanted.isdecimal() or len(wanted) > 18):
            raise Invalid("subject: write a number.", fields={"subject": "not a number"})
        count = read_count(request.query_params.get("n", "1"))
        batch = subjects_to_know(workflow, int(wanted) if wanted else None, count)
        return Response(as_json(batch), headers={"Cache-Control": "no-store"})

    @extend_schema(request=KnownBody, responses={201: dict})
    def post(self, request: Request, workflow_id: int) -> Response:
        workflow, user = _for_experts(request, workflow_id)
        body = read_body(request, KnownBody)
        known = body.use and Known(
            use=Use[body.use.upper()],
            secret=body.secret and body.use == "check",
            right_message=body.right_message,
            wrong_message=body.wrong_message,
        )
        answer = member_enters_gold(
            user,
            workflow=workflow,
            subject_id=body.subject,
            annotations=body.annotations,
            known=known or None,
        )
        return Response({"id": answer.pk, "subject": answer.subject_id}, status=201)


def _for_experts(request: Request, workflow_id: int) -> tuple[Workflow, AbstractBaseUser]:
    workflow = Workflow.objects.select_related("project").filter(pk=workflow_id).first()
    user = request._request.user
    if workflow is None or not user.is_authenticated or not may_enter_gold(user, workflow.project_id):
        raise NotFound
    return workflow, user
