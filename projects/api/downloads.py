"""A workflow's files, sent while they are written."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from projects.exceptions import NotFound
from projects.exports.files import COLUMNS, file_name, pieces
from projects.exports.tables import TABLES
from projects.models import Workflow
from projects.permissions import get_visible_project, is_member, require_download
from projects.services.look_at_answers import look_at_answers
from projects.services.volunteers import join_account, volunteer_of

CSV = {(200, "text/csv"): OpenApiTypes.STR}


class AnyAccept(DefaultContentNegotiation):
    """The file is CSV whatever the Accept header says; only an error is rendered, as JSON."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class Download(APIView):
    """For the team always; for everybody once the project has made its data public.

    The team's file holds all subjects; that its member has now seen others' answers is kept (Look).
    """

    limit = "download"
    content_negotiation_class = AnyAccept
    table = COLUMNS

    @extend_schema(responses=CSV)
    def get(self, request: Request, slug: str, workflow: str) -> StreamingHttpResponse:
        project = get_visible_project(request.user, slug)
        require_download(request.user, project)
        found = Workflow.objects.select_related("project").filter(project=project, slug=workflow).first()
        if found is None:
            raise NotFound
        user = request.user
        team = is_member(user, project.pk)
        text = pieces(self.table, found, team=team)
        if team and user.is_authenticated and shows_answers(self.table):
            person = volunteer_of(request._request) or join_account(None, user)
            look_at_answers(found.pk, person)
        return attachment(request._request, text, file_name(self.table, found))


def _download(name: str, table: str, says: str) -> type[Download]:
    return type(name, (Download,), {"table": table, "__doc__": says, "__module__": __name__})


DOWNLOADS = [
    _download(*each)
    for each in (
        ("Catalogue", "catalogue",
         "One row a subject: metadata, attributes, consensus of each task, path, why and when it was retired."),
        ("Marks", "marks",
         "One row a thing that volunteers have drawn: its mean shape, how many drew it, the chance that it is real."),
        ("RawClassifications", "classifications",
         "One row an answer, in the 14 columns of the reference platform's export; names are pseudonyms."),
        ("Annotations", "annotations",
         "One row an annotation, a mark or a question about a mark; no cell holds JSON."),
        ("Votes", "votes", "One row a vote of an answer that counts: what mining reads."),
        ("Subjects", "subjects",
         "One row a subject, in the 11 columns of the reference platform's export and ours."),
        ("Workflows", "workflows",
         "One row a published version, in the 16 columns of the reference platform's export and ours."),
        ("Merits", "merits",
         "One row a person and question of a run: their figure of merit, by pseudonym. For the team."),
        ("Unusual", "unusual",
         "One row an unusual object; for visitors the discoveries that the team has published."),
        ("Columns", COLUMNS, "What each column of the other files says."),
    )
]  # fmt: skip
"""A view a table: (name, which names the call in the OpenAPI document; table; what a row is)."""


def shows_answers(table: str) -> bool:
    """Whether whoever is given the team's file of the table has seen others' answers."""
    return table != COLUMNS and TABLES[table].answers


def attachment(
    request: HttpRequest,
    pieces: Iterator[str] | Iterator[bytes],
    name: str,
    kind: str = "text/csv; charset=utf-8",
) -> StreamingHttpResponse:
    """Django collects a plain iterator whole before it sends it through ASGI, and an asynchronous one elsewhere."""
    body = _stepwise(pieces) if isinstance(request, ASGIRequest) else pieces
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(body, content_type=kind, headers=headers)


async def _stepwise(pieces: Iterator[str] | Iterator[bytes]) -> AsyncIterator[str | bytes]:
    """Each piece is made in the request's thread; between two of them no database connection is held."""

    def step() -> str | bytes | None:
        try:
            return next(pieces, None)
        finally:
            close_old_connections()

    while (piece := await sync_to_async(step)()) is not None:
        yield piece
