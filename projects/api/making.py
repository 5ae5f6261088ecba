"""A workflow while it is made and run: its draft, what is published, its state, lanes, what is retired by hand."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api.bodies import read_body
from projects.api.changes import DraftBody, LaneBody, RetireBody, WorkflowChange
from projects.api.once import IF_MATCH, KEY, check_match, once
from projects.api.paging import Query, after, page, parameters, read_query
from projects.api.places import somebody, workflow_at
from projects.api.resources import Resource
from projects.api.shapes import Changed, DraftShape, LaneShape, Page, VersionShape, WorkflowShape
from projects.bundles.icons import checked
from projects.drafting import Definition
from projects.exceptions import Invalid, NotFound
from projects.models import Draft, Workflow
from projects.permissions import may_arrange, may_edit
from projects.services.drafts import change_draft, draft_of, publish_draft
from projects.services.lane_moves import Which, put_in
from projects.services.make_project import describe_workflow
from projects.services.retire_by_hand import reopen_subjects, retire_subjects
from projects.tasks.definition import parse_definition


class WorkflowState(Resource):
    """A workflow's name and state, which hold at once: paused and finished ones take no answers. For owners and
    scientists."""

    @extend_schema(request=WorkflowChange, responses=WorkflowShape, parameters=[KEY])
    @once
    def post(self, request: Request, workflow_id: int) -> Response:
        body = read_body(request, WorkflowChange)
        workflow = workflow_at(request, workflow_id, may_edit)
        stands = {name: getattr(workflow, name) for name in ("title", "tagline", "state", "requires")}
        describe_workflow(workflow, **(stands | body.model_dump(exclude_unset=True)))
        return WorkflowShape.of(workflow).respond()


class DraftOf(Resource):
    """What its team is making of a workflow, and nobody is asked yet. For owners and scientists."""

    @extend_schema(responses=DraftShape)
    def get(self, request: Request, workflow_id: int) -> Response:
        return _draft(draft_of(workflow_at(request, workflow_id, may_edit)))

    @extend_schema(request=DraftBody, responses=DraftShape, parameters=[KEY, IF_MATCH])
    @once
    def put(self, request: Request, workflow_id: int) -> Response:
        """The next edition. If-Match must name the one that you have seen."""
        body = read_body(request, DraftBody)
        workflow = workflow_at(request, workflow_id, may_edit)
        definition = _checked(body.definition)
        edition = _seen(request, workflow)
        return _draft(
            change_draft(workflow, edition=edition, step=lambda _before: definition, by=somebody(request))
        )


class Publish(Resource):
    """Ask volunteers what the draft asks. If-Match must name the edition that you have seen."""

    @extend_schema(request=None, responses={200: VersionShape}, parameters=[KEY, IF_MATCH])
    @once
    def post(self, request: Request, workflow_id: int) -> Response:
        workflow = workflow_at(request, workflow_id, may_edit)
        return VersionShape.of(publish_draft(workflow, edition=_seen(request, workflow))).respond()


class Retire(Resource):
    """Subjects that need no more answers, whatever the condition says. All or nothing. For owners and scientists."""

    @extend_schema(request=RetireBody, responses=Changed, parameters=[KEY])
    @once
    def post(self, request: Request, workflow_id: int) -> Response:
        body = read_body(request, RetireBody)
        workflow = workflow_at(request, workflow_id, may_edit)
        return Changed(changed=retire_subjects(workflow, body.subjects, reason=body.reason)).respond()


class Reopen(Resource):
    """The same the other way."""

    @extend_schema(request=RetireBody, responses=Changed, parameters=[KEY])
    @once
    def post(self, request: Request, workflow_id: int) -> Response:
        body = read_body(request, RetireBody)
        workflow = workflow_at(request, workflow_id, may_edit)
        reason = {"reason": body.reason} if body.reason else {}
        return Changed(changed=reopen_subjects(workflow, body.subjects, **reason)).respond()


class Lanes(Resource):
    """A workflow's lanes. For owners, scientists and moderators."""

    @extend_schema(parameters=parameters(Query), responses=Page[LaneShape])
    def get(self, request: Request, workflow_id: int) -> Response:
        asked = read_query(request, Query)
        workflow = workflow_at(request, workflow_id, may_arrange)
        rows = list(workflow.lanes.filter(pk__gt=after(request, asked)).order_by("pk")[: asked.limit + 1])
        return page(request, asked, rows, lambda row: row.pk, LaneShape.of).respond()


class PutIn(Resource):
    """Open subjects into a lane, out of the one in which they are. All or nothing."""

    @extend_schema(request=LaneBody, responses=Changed, parameters=[KEY])
    @once
    def post(self, request: Request, workflow_id: int, lane: str) -> Response:
        body = read_body(request, LaneBody)
        workflow = workflow_at(request, workflow_id, may_arrange)
        found = workflow.lanes.filter(slug=lane).first()
        if found is None:
            raise NotFound
        if bool(body.subjects) == bool(body.names):
            raise Invalid("Say which subjects, either by id in `subjects` or by name in `names`.")
        which = Which(ids=body.subjects or None, names=body.names or None)
        moved = put_in(found, which, priority=body.place, by=somebody(request))
        return Changed(changed=moved.moved).respond()


def _draft(draft: Draft) -> Response:
    shape = DraftShape(edition=draft.edition, definition=draft.definition)
    return shape.respond(ETag=_tag(draft.edition))


def _tag(edition: int) -> str:
    return f'"edition-{edition}"'


def _seen(request: Request, workflow: Workflow) -> int:
    """The draft's edition, which If-Match must name; whoever saves meanwhile is met by the service."""
    edition = draft_of(workflow).edition
    check_match(request, _tag(edition), must=True)
    return edition


def _checked(definition: Definition) -> Definition:
    """Whole, as one that is published, and its icons fit to stand in a page. Raises Invalid."""
    if parse_definition(definition).inferred:
        raise Invalid("definition: leave `inferred` out, which marks what an import has put together.")
    try:
        icons = {name: checked(markup) for name, markup in definition.get("icons", {}).items()}
    except ValueError as error:
        raise Invalid(f"icons: {error}.", fields={"icons": str(error)}) from None
    return {**definition, "icons": icons} if icons else definition
