"""Projects, their workflows with every published version, and their subject sets."""

from django.db import transaction
from django.db.models import Count
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.api.base import OnlyJson
from projects.api.bodies import read_body
from projects.api.changes import LaunchBody, NewProject, NewSet, NewWorkflow, ProjectChange
from projects.api.once import IF_MATCH, KEY, check_match, once, tag_of
from projects.api.paging import Query, after, page, parameters, read_query
from projects.api.places import project_at, unbound, workflow_at
from projects.api.shapes import Page, ProjectShape, SetShape, VersionShape, WorkflowShape
from projects.exceptions import Invalid
from projects.models import Project, SubjectSet, WorkflowVersion
from projects.permissions import is_member, may_edit, may_own
from projects.services.copy_project import copy_project
from projects.services.launch import launch
from projects.services.make_project import describe_project, make_workflow
from projects.services.subject_sets import make_subject_set


class Resource(APIView):
    """By session or token; answers in JSON whatever was asked for."""

    content_negotiation_class = OnlyJson


class OneProject(Resource):
    """A project, and what its team writes of it."""

    @extend_schema(responses=ProjectShape)
    def get(self, request: Request, slug: str) -> Response:
        return _tagged(project_at(request, slug))

    @extend_schema(request=ProjectChange, responses=ProjectShape, parameters=[KEY, IF_MATCH])
    @once
    def patch(self, request: Request, slug: str) -> Response:
        """Some of its texts. For owners and scientists."""
        body = read_body(request, ProjectChange)
        project = project_at(request, slug, may_edit)
        with transaction.atomic():
            project = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
            check_match(request, tag_of(ProjectShape.of(project).model_dump(mode="json")))
            describe_project(project, **body.model_dump(exclude_unset=True))
        return _tagged(project)


class CopyProject(Resource):
    """Another project that asks the same, for who may edit this one: a private draft of your own, without its subjects,
    answers and people."""

    @extend_schema(request=NewProject, responses={201: ProjectShape}, parameters=[KEY])
    @once
    def post(self, request: Request, slug: str) -> Response:
        body = read_body(request, NewProject)
        project = project_at(request, slug, may_edit)
        made = copy_project(project, by=unbound(request), **body.model_dump())
        return ProjectShape.of(made).respond(201)


class Launch(Resource):
    """Who sees the project, and whether it takes answers. For owners."""

    @extend_schema(request=LaunchBody, responses=ProjectShape, parameters=[KEY])
    @once
    def post(self, request: Request, slug: str) -> Response:
        body = read_body(request, LaunchBody)
        project = project_at(request, slug, may_own)
        launch(project, body.to)
        project.refresh_from_db()
        return ProjectShape.of(project).respond()


def _tagged(project: Project) -> Response:
    shape = ProjectShape.of(project)
    return shape.respond(ETag=tag_of(shape.model_dump(mode="json")))


class WorkflowsOfProject(Resource):
    """A project's workflows; those that are not published yet for who may edit them."""

    @extend_schema(parameters=parameters(Query), responses=Page[WorkflowShape])
    def get(self, request: Request, slug: str) -> Response:
        asked = read_query(request, Query)
        project = project_at(request, slug)
        found = project.workflows.select_related("published", "counter", "subject_set")
        if not may_edit(request.user, project.pk):
            found = found.filter(published__isnull=False)
        rows = found.filter(pk__gt=after(request, asked)).order_by("pk")[: asked.limit + 1]
        return page(request, asked, list(rows), lambda row: row.pk, WorkflowShape.of).respond()

    @extend_schema(request=NewWorkflow, responses={201: WorkflowShape}, parameters=[KEY])
    @once
    def post(self, request: Request, slug: str) -> Response:
        """One that asks nothing yet. For owners and scientists."""
        body = read_body(request, NewWorkflow)
        project = project_at(request, slug, may_edit)
        made = make_workflow(
            project,
            title=body.title,
            tagline=body.tagline,
            subject_set=set_of(project, body.subject_set),
        )
        return WorkflowShape.of(made).respond(201)


class Versions(Resource):
    """Every version of a workflow that was published, the oldest first; outside the team the one that stands."""

    @extend_schema(parameters=parameters(Query), responses=Page[VersionShape])
    def get(self, request: Request, workflow_id: int) -> Response:
        asked = read_query(request, Query)
        workflow = workflow_at(request, workflow_id)
        found = WorkflowVersion.objects.filter(workflow=workflow, pk__gt=after(request, asked))
        if not is_member(request.user, workflow.project_id):
            found = found.filter(pk=workflow.published_id or 0)
        rows = list(found.order_by("pk")[: asked.limit + 1])
        return page(request, asked, rows, lambda row: row.pk, VersionShape.of).respond()


class Sets(Resource):
    """A project's subject sets, with how many subjects are in each."""

    @extend_schema(parameters=parameters(Query), responses=Page[SetShape])
    def get(self, request: Request, slug: str) -> Response:
        asked = read_query(request, Query)
        project = project_at(request, slug)
        found = project.subject_sets.filter(pk__gt=after(request, asked))
        rows = list(found.annotate(number=Count("subjects")).order_by("pk")[: asked.limit + 1])
        return page(request, asked, rows, lambda row: row.pk, SetShape.of).respond()

    @extend_schema(request=NewSet, responses={201: SetShape}, parameters=[KEY])
    @once
    def post(self, request: Request, slug: str) -> Response:
        """An empty one. For owners and scientists."""
        body = read_body(request, NewSet)
        made = make_subject_set(project_at(request, slug, may_edit), title=body.title)
        return SetShape.of(made).respond(201)


def set_of(project: Project, slug: str) -> SubjectSet:
    """Raises Invalid, naming the sets that there are."""
    found = project.subject_sets.filter(slug=slug).first()
    if found is None:
        there = ", ".join(project.subject_sets.values_list("slug", flat=True)[:20])
        raise Invalid(
            f"subject_set: the project has no set of that slug; it has: {there}.",
            fields={"subject_set": "unknown"},
        )
    return found
