"""The two calls of the hot path, and what belongs to them: consent, release, glance, favourites."""

import uuid
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api.base import VolunteerView, require_member
from projects.api.batches import as_json, read_count
from projects.api.bodies import MOST_METADATA, ClassificationBody, ConsentBody, ReleaseBody, read_body
from projects.api.findings import OwnQuery, own_answers
from projects.api.paging import parameters
from projects.api.practice import practice_batch
from projects.api.shapes import OwnAnswer, Page
from projects.exceptions import ForgedCookie, Invalid, NotFound, Private, SignIn
from projects.models import Favourite, Subject, Token, Workflow
from projects.permissions import visible_projects
from projects.services import (
    Recorded,
    Submission,
    get_version,
    glance,
    next_subjects,
    record_classification,
    redo_classification,
    release_leases,
    told_truth,
)
from projects.services.volunteers import (
    NO_CONSENT,
    Pass,
    give_consent,
    is_carried,
    join_account,
    make_volunteer,
    read_pass,
    require_pass,
    set_pass,
    volunteer_of,
)

NO_TAB = uuid.UUID(int=0)


class NextSubjects(VolunteerView):
    """Subjects to look at, on lease."""

    limit = "next"

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "n", int, description="How many, 0 to 50. 0 only keeps this tab's leases alive."
            ),
            OpenApiParameter("tab", uuid.UUID, description="The browser tab's own random id."),
            OpenApiParameter(
                "use", str, description="`training` or `exam`: its subjects, without a lease. Else work."
            ),
            OpenApiParameter(
                "resume", bool, description="Hand out this tab's unanswered leases again first."
            ),
        ],
        responses={200: dict},
    )
    def get(self, request: Request, workflow_id: int) -> Response:
        count = read_count(request.query_params.get("n", "1"))
        if use := request.query_params.get("use"):
            batch = practice_batch(request, workflow_id, use, count)
            return Response(as_json(batch), headers={"Cache-Control": "no-store"})
        held, is_new = _visit(request)
        values: dict[str, Any] = {
            "workflow_id": workflow_id,
            "holder": held.public_id,
            "tab": _uuid(request.query_params.get("tab")),
            "n": count,
            "resume": request.query_params.get("resume") == "1",
        }
        try:
            batch = next_subjects(**values)
        except Private as error:
            project = Workflow.objects.values_list("project_id", flat=True).get(pk=workflow_id)
            require_member(request, project, error)
            batch = next_subjects(**values, member=True)
        response = Response(as_json(batch), headers={"Cache-Control": "no-store"})
        if is_new:
            set_pass(response, held)
        return response


class Classifications(VolunteerView):
    """Record an answer: stored once whatever happens to the connection. And read one's own."""

    limit = "record"
    scope = {"GET": Token.Scope.READ}

    @extend_schema(parameters=parameters(OwnQuery), responses=Page[OwnAnswer])
    def get(self, request: Request) -> Response:
        """The account's own answers, the oldest first."""
        user = request._request.user
        if not user.is_authenticated:
            raise SignIn
        return own_answers(request, user)

    @extend_schema(request=ClassificationBody, responses={201: dict, 200: dict})
    def post(self, request: Request) -> Response:
        body = read_body(request, ClassificationBody)
        if len(str(body.metadata)) > MOST_METADATA:
            raise Invalid(f"metadata: at most {MOST_METADATA:,} characters.", fields={"metadata": "too long"})
        held = require_pass(request._request)
        submission = Submission(
            uuid=body.id,
            version_id=body.workflow_version,
            subject_id=body.subject,
            annotations=body.annotations,
            started_at=body.started_at,
            finished_at=body.finished_at,
            metadata=body.metadata,
        )
        record = redo_classification if body.corrects else record_classification
        try:
            recorded = record(submission, held)
        except Private as error:
            require_member(request, get_version(body.workflow_version).project_id, error)
            recorded = record(submission, held, member=True)
        answer = _recorded(recorded) | told_truth(recorded, submission, held)
        return Response(answer, status=200 if recorded.replay else 201)


class Release(VolunteerView):
    """A tab closes: its leases go back."""

    @extend_schema(request=ReleaseBody, responses={204: None})
    def post(self, request: Request, workflow_id: int) -> Response:
        body = read_body(request, ReleaseBody)
        if held := read_pass(request._request):
            release_leases(workflow_id=workflow_id, holder=held.public_id, tab=body.tab)
        return Response(status=204)


class GiveConsent(VolunteerView):
    """Accept the privacy text; from then on the cookie names a random volunteer."""

    limit = "consent"

    @extend_schema(request=ConsentBody, responses={204: None})
    def post(self, request: Request) -> Response:
        body = read_body(request, ConsentBody)
        try:
            held = _visit(request)[0]
        except ForgedCookie:  # left over from another installation, say: this is where a new one is given
            held = _newcomer(request)
        held = give_consent(held, body.version)
        response = Response(status=204)
        if not is_carried(request._request):
            set_pass(response, held)
        return response


class Glance(VolunteerView):
    """How others answered a subject that you have answered."""

    @extend_schema(parameters=[OpenApiParameter("workflow", int, required=True)], responses={200: dict})
    def get(self, request: Request, subject_id: int) -> Response:
        workflow = request.query_params.get("workflow", "")
        if not workflow.isdecimal() or len(workflow) > 18:
            raise Invalid(_("Say which workflow: ?workflow=ID."))
        person = volunteer_of(request._request)
        found = glance(workflow_id=int(workflow), subject_id=subject_id, volunteer=person)
        return Response(found, headers={"Cache-Control": "no-store"})


class Favourites(VolunteerView):
    """Keep a subject, or no longer."""

    @extend_schema(request=None, responses={204: None})
    def put(self, request: Request, subject_id: int) -> Response:
        visible = visible_projects(request._request.user)
        if not Subject.objects.filter(pk=subject_id, project__in=visible).exists():
            raise NotFound
        person = volunteer_of(request._request) or make_volunteer(require_pass(request._request))
        Favourite.objects.get_or_create(volunteer=person, subject_id=subject_id)
        return Response(status=204)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, subject_id: int) -> Response:
        if person := volunteer_of(request._request):
            Favourite.objects.filter(volunteer=person, subject_id=subject_id).delete()
        return Response(status=204)


def _visit(request: Request) -> tuple[Pass, bool]:
    """The caller's pass and whether it is new: who looks before agreeing gets one without consent."""
    if held := read_pass(request._request):
        return held, False
    return _newcomer(request), True


def _newcomer(request: Request) -> Pass:
    """A pass without consent: of somebody new, or of the account's volunteer who lost the cookie."""
    user = request._request.user
    public_id = join_account(None, user).public_id if user.is_authenticated else uuid.uuid4()
    return Pass(public_id, NO_CONSENT, 0)


def _uuid(text: str | None) -> uuid.UUID:
    if not text:
        return NO_TAB
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Invalid("tab: write a UUID.", fields={"tab": "not a UUID"}) from None


def _recorded(recorded: Recorded) -> dict[str, Any]:
    return {
        "id": str(recorded.uuid),
        "workflow": recorded.workflow_id,
        "subject": recorded.subject_id,
        "counted": recorded.told,
        "received_at": recorded.received_at.isoformat(),
    }
