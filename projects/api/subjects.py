"""Subjects with what the catalogue knows of them and where they stand."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

from django.db.models import Exists, OuterRef, QuerySet
from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api.paging import Query, after, page, parameters, read_query
from projects.api.places import project_at
from projects.api.resources import Resource
from projects.api.shapes import Page, StateShape, SubjectShape
from projects.exceptions import NotFound
from projects.models import Project, Subject, SubjectState
from projects.permissions import Who, is_member, require_download, visible_projects


class SubjectQuery(Query):
    subject_set: str = Field("", max_length=50, description="The slug of a set.")
    name: str = Field("", max_length=200, description="The team's own name for it.")
    workflow: int = Field(0, ge=0, description="Those that this workflow asks about.")
    state: Literal["", "open", "retired"] = Field("", description="With `workflow`: open or retired there.")


class SubjectList(Resource):
    """A project's subjects by id. For the team all; for others, once the data are public, those that no workflow asks
    about any more: what the catalogue knows of an open one could tell who answers it."""

    @extend_schema(parameters=parameters(SubjectQuery), responses=Page[SubjectShape])
    def get(self, request: Request, slug: str) -> Response:
        asked = read_query(request, SubjectQuery)
        project = project_at(request, slug)
        require_download(request.user, project)
        team = is_member(request.user, project.pk)
        found = shown(project, team=team).filter(pk__gt=after(request, asked))
        if asked.subject_set:
            found = found.filter(subject_set__slug=asked.subject_set)
        if asked.name:
            found = found.filter(external_id=asked.name)
        if asked.workflow:
            states = SubjectState.objects.filter(workflow_id=asked.workflow, subject_id=OuterRef("pk"))
            if asked.state:
                states = states.filter(retired_at__isnull=asked.state == "open")
            found = found.filter(Exists(states))
        rows = list(found.order_by("pk")[: asked.limit + 1])
        stand = states_of([row.pk for row in rows[: asked.limit]])
        made = page(
            request,
            asked,
            rows,
            lambda row: row.pk,
            lambda row: SubjectShape.of(row, stand[row.pk], team=team),
        )
        return made.respond()


class OneSubject(Resource):
    """A subject, for whom the list of its project would show it."""

    @extend_schema(responses=SubjectShape)
    def get(self, request: Request, subject_id: int) -> Response:
        return subject_shape(request.user, subject_id).respond()


def subject_shape(user: Who, subject_id: int) -> SubjectShape:
    """Raises NotFound, Private."""
    project = Project.objects.filter(subjects=subject_id, pk__in=visible_projects(user)).first()
    if project is None:
        raise NotFound
    require_download(user, project)
    team = is_member(user, project.pk)
    subject = shown(project, team=team).filter(pk=subject_id).first()
    if subject is None:
        raise NotFound
    return SubjectShape.of(subject, states_of([subject.pk])[subject.pk], team=team)


def shown(project: Project, *, team: bool) -> QuerySet[Subject]:
    found = Subject.objects.filter(project=project).select_related("subject_set").prefetch_related("media")
    if team:
        return found
    states = SubjectState.objects.filter(subject_id=OuterRef("pk"))
    return found.filter(Exists(states), ~Exists(states.filter(retired_at__isnull=True)))


def states_of(subjects: Sequence[int]) -> dict[int, list[StateShape]]:
    """Where each stands, by workflow. What a known subject is for is not told."""
    found: dict[int, list[StateShape]] = defaultdict(list)
    for state in SubjectState.objects.filter(subject_id__in=subjects).order_by("subject_id", "workflow_id"):
        found[state.subject_id].append(
            StateShape(
                workflow=state.workflow_id,
                state="retired" if state.retired_at else "open",
                retired_at=state.retired_at,
                reason=state.retired_reason,
            )
        )
    return found
