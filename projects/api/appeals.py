"""Appeals by a program, such as a seller's portal, and what became of them."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api.bodies import read_body
from projects.api.changes import AppealBody
from projects.api.once import KEY, once
from projects.api.paging import Query, after, page, parameters, read_query
from projects.api.places import somebody, workflow_at
from projects.api.resources import Resource
from projects.api.shapes import AppealShape, Page
from projects.models import Appeal
from projects.permissions import may_decide
from projects.services.appeals import enter_appeal


class Appeals(Resource):
    """Appeals against decisions of a workflow. For owners, scientists, moderators and experts."""

    @extend_schema(parameters=parameters(Query), responses=Page[AppealShape])
    def get(self, request: Request, workflow_id: int) -> Response:
        """Those that are judged, with the outcome; the oldest first."""
        asked = read_query(request, Query)
        workflow = workflow_at(request, workflow_id, may_decide)
        found = Appeal.objects.filter(workflow=workflow, pk__gt=after(request, asked)).exclude(outcome="")
        rows = list(found.select_related("decision").order_by("pk")[: asked.limit + 1])
        return page(request, asked, rows, lambda row: row.pk, AppealShape.of).respond()

    @extend_schema(request=AppealBody, responses={201: AppealShape}, parameters=[KEY])
    @once
    def post(self, request: Request, workflow_id: int) -> Response:
        """Enter one against what stands. The same text again is the same appeal."""
        body = read_body(request, AppealBody)
        workflow = workflow_at(request, workflow_id, may_decide)
        made = enter_appeal(workflow, body.subject, body.text, somebody(request), body.region)
        return AppealShape.of(made).respond(201)
