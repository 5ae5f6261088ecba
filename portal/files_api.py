"""Files and releases under /api/v1: asked for, watched, cancelled, fetched in parts; by the services of the pages."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.pages.exports import hurry, may_cancel, record_for, send_file
from projects.api.bodies import read_body
from projects.api.changes import Change
from projects.api.downloads import AnyAccept
from projects.api.once import KEY, once
from projects.api.paging import Query, after, page, parameters, read_query
from projects.api.places import project_at, somebody
from projects.api.resources import Resource
from projects.api.shapes import Page, Shape
from projects.exceptions import Conflict, Invalid, NotYourRole
from projects.exports.forms import FORMS
from projects.exports.releases.build import about_of
from projects.exports.releases.make import make_release
from projects.exports.releases.metadata import citation
from projects.exports.waiting import ask, file_name, stop
from projects.models import Export, Project, Release
from projects.permissions import is_member, may_release, require_download

RANGE = OpenApiParameter(
    "Range",
    str,
    OpenApiParameter.HEADER,
    description="Such as bytes=1000-: a download that broke off goes on where it was.",
)
FILE: dict[Any, Any] = {
    (status, form.mime.partition(";")[0]): OpenApiTypes.BINARY
    for status in (200, 206)
    for form in FORMS.values()
}
FILE[416, "text/plain"] = OpenApiTypes.STR


class ExportBody(Change):
    table: str = Field(max_length=40, examples=["catalogue"], description="As docs/data.md names them.")
    form: str = Field(max_length=40, examples=["fits"])
    workflow: str = Field("", max_length=50, description="Its slug; empty: all published ones together.")


class ReleaseMade(Change):
    title: str = Field("", max_length=200)
    description: str = Field("", max_length=5000)
    creators: list[str] = Field(max_length=200, description="Who is to be cited: Family name, first name.")
    licence: str = Field(max_length=20, examples=["CC-BY-4.0"])


class ExportShape(Shape):
    id: uuid.UUID
    name: str = Field(examples=["zoo-shapes-catalogue.fits"])
    table: str
    form: str
    workflow: str = Field(description="Empty: all.")
    team: bool = Field(description="With open subjects, for the team.")
    state: str = Field(description="waiting, running, done, failed or cancelled.", examples=["done"])
    rows: int = Field(description="Written so far.")
    size: int | None
    sha256: str
    message: str
    until: datetime | None = Field(description="When the file is deleted.")

    @classmethod
    def of(cls, record: Export) -> "ExportShape":
        names = ("table", "form", "team", "state", "rows", "size", "sha256", "message", "until")
        return cls(
            id=record.public_id,
            name=file_name(record),
            workflow=record.workflow.slug if record.workflow else "",
            **{name: getattr(record, name) for name in names},
        )


class ReleaseShape(Shape):
    number: int
    export: uuid.UUID = Field(description="Its archive is the file of this export.")
    state: str = Field(examples=["done"])
    licence: str
    citation: str
    checksum: str = Field(description="SHA-256 of its sha256sums.txt; empty until it is made.")
    files: list[dict[str, Any]]

    @classmethod
    def of(cls, release: Release) -> "ReleaseShape":
        return cls(
            number=release.number,
            export=release.export.public_id,
            state=release.export.state,
            licence=release.licence,
            citation=citation(about_of(release)),
            checksum=release.checksum,
            files=release.files,
        )


def with_data(request: Request, slug: str) -> Project:
    project = project_at(request, slug)
    require_download(request.user, project)
    return project


def export_at(request: Request, slug: str, export: uuid.UUID) -> Export:
    project_at(request, slug)
    return record_for(request._request, slug, export)


class Exports(Resource):
    """Files that a worker writes. For the team with open subjects; for others, once the data are public, without."""

    @extend_schema(parameters=parameters(Query), responses=Page[ExportShape])
    def get(self, request: Request, slug: str) -> Response:
        asked = read_query(request, Query)
        project = with_data(request, slug)
        found = Export.objects.filter(project=project, release=None, pk__gt=after(request, asked))
        if not is_member(request.user, project.pk):
            found = found.filter(team=False)
        rows = found.select_related("workflow", "project").order_by("pk")[: asked.limit + 1]
        return page(request, asked, list(rows), lambda row: row.pk, ExportShape.of).respond()

    @extend_schema(request=ExportBody, responses={200: ExportShape}, parameters=[KEY])
    @once
    def post(self, request: Request, slug: str) -> Response:
        """Ask for one. What goes on already, or was made of the same record within a minute, is given again."""
        body = read_body(request, ExportBody)
        project = with_data(request, slug)
        workflow = None
        if body.workflow:
            workflow = project.workflows.select_related("project").filter(slug=body.workflow).first()
            if workflow is None or workflow.published_id is None:
                raise Invalid("workflow: the project has published none of that slug.")
        record = ask(
            project,
            table=body.table,
            form=body.form,
            workflow=workflow,
            team=is_member(request.user, project.pk),
            by=somebody(request),
        )
        if record.state == Export.State.WAITING:
            transaction.on_commit(hurry)
        return ExportShape.of(record).respond()


class OneExport(Resource):
    """How far it is."""

    @extend_schema(responses=ExportShape)
    def get(self, request: Request, slug: str, export: uuid.UUID) -> Response:
        return ExportShape.of(export_at(request, slug, export)).respond()


class CancelExport(Resource):
    """It is not written. By who asked for it, and by the team."""

    @extend_schema(request=None, responses={200: ExportShape}, parameters=[KEY])
    @once
    def post(self, request: Request, slug: str, export: uuid.UUID) -> Response:
        record = export_at(request, slug, export)
        if not may_cancel(request._request, record):
            raise NotYourRole
        if not stop(record):
            raise Conflict("It had ended before.")
        record.refresh_from_db()
        return ExportShape.of(record).respond()


class ExportFile(APIView):
    """The finished file, or a part of it. A member who is given the team's file has seen others' answers (Look)."""

    limit = "download"
    content_negotiation_class = AnyAccept

    @extend_schema(responses=FILE, parameters=[RANGE])
    def get(self, request: Request, slug: str, export: uuid.UUID) -> HttpResponseBase:
        return send_file(request._request, export_at(request, slug, export))


class Releases(Resource):
    """Numbered archives of a project's data, to be cited. The archive: the file of its `export`."""

    @extend_schema(parameters=parameters(Query), responses=Page[ReleaseShape])
    def get(self, request: Request, slug: str) -> Response:
        asked = read_query(request, Query)
        found = Release.objects.filter(project=with_data(request, slug), number__gt=after(request, asked))
        rows = found.select_related("export", "project").order_by("number")[: asked.limit + 1]
        return page(request, asked, list(rows), lambda row: row.number, ReleaseShape.of).respond()

    @extend_schema(request=ReleaseMade, responses={200: ReleaseShape}, parameters=[KEY])
    @once
    def post(self, request: Request, slug: str) -> Response:
        """Make the next; it can't be taken back. One that is being made is given to who asks meanwhile. For owners and
        scientists."""
        body = read_body(request, ReleaseMade)
        project = project_at(request, slug, may_release)
        made = make_release(project, **body.model_dump(), by=somebody(request))
        transaction.on_commit(hurry)
        return ReleaseShape.of(made).respond()
