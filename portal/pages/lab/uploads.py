"""Resumable uploads after the protocol tus 1.0.0 (https://tus.io): core, creation, expiration, checksum, termination.

Who begins an upload goes on with it; to others it is not there.
"""

import base64
import binascii
import hashlib
import tempfile
import uuid
from typing import IO

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.pages.imports import hurry
from portal.pages.places import get_project_for
from projects.exceptions import Invalid, VoorwerpError
from projects.imports.uploading import add_part, begin, check_place, drop
from projects.models import Project, Upload
from projects.permissions import may_edit

VERSION = "1.0.0"
HASHES = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
"""sha1 is what the protocol asks every server to know; it guards against accidents, not against anybody."""
MISMATCH = 460
"""The protocol's own status for a checksum that is not that of what came."""
TYPE = "application/offset+octet-stream"
PIECE = 64 * 1024
IN_MEMORY = 1024 * 1024


@require_http_methods(["OPTIONS", "POST"])
def uploads(request: HttpRequest, slug: str) -> HttpResponse:
    """OPTIONS: what is spoken here. POST: a new one, which its Location names."""
    project = get_project_for(request, slug, may_edit)
    if request.method == "OPTIONS":
        return _offered()
    if refused := _wrong_version(request):
        return refused
    assert request.user.is_authenticated  # noqa: S101 (of the team)
    try:
        told = _metadata(request.headers.get("Upload-Metadata", ""))
        made = begin(
            project,
            file_name=told.get("filename", ""),
            length=_number(request, "Upload-Length"),
            options={"subject_set": _set(project, told.get("subject_set", ""))},
            by=request.user,
        )
    except VoorwerpError as error:
        return _said(error.status, str(error))
    response = _said(201)
    response["Location"] = reverse("lab:upload", args=[slug, made.pk])
    return _with_place(response, made)


@require_http_methods(["OPTIONS", "HEAD", "PATCH", "DELETE"])
def upload(request: HttpRequest, slug: str, upload: uuid.UUID) -> HttpResponse:
    """HEAD: where it stands. PATCH: the next part; of one that is cut off what came is kept. DELETE: give it up."""
    project = get_project_for(request, slug, may_edit)
    if request.method == "OPTIONS":
        return _offered()
    if refused := _wrong_version(request):
        return refused
    found = Upload.objects.filter(pk=upload, project=project, by_id=request.user.pk).first()
    if found is None or (found.expires_at < timezone.now()):
        raise Http404
    if request.method == "DELETE":
        drop(found)
        return _said(204)
    if request.method == "HEAD":
        response = _with_place(_said(200), found)
        response["Upload-Length"] = str(found.length)
        return response
    if request.content_type != TYPE:
        return _said(415, _("Content-Type: %(type)s.") % {"type": TYPE})
    try:
        return _take(request, found)
    except VoorwerpError as error:
        return _said(error.status, str(error))


def _take(request: HttpRequest, found: Upload) -> HttpResponse:
    offset = _number(request, "Upload-Offset")
    check_place(found, offset)  # before anything is read; and again under the lock
    algorithm, digest = _checksum(request)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as part:
        size, seen = _received(request, part, found.length - found.offset, algorithm)
        if digest and seen != digest:
            return _said(MISMATCH, _("What came is not what was sent: send this part again."))
        part.seek(0)
        standing = add_part(found, offset=offset, part=part, size=size)
    if standing.done_at:
        transaction.on_commit(hurry)
    return _with_place(_said(204), standing)


def _received(request: HttpRequest, part: IO[bytes], most: int, algorithm: str) -> tuple[int, bytes]:
    """How many bytes came into `part`, and their hash. Raises Invalid for more than `most`."""
    size, seen = 0, HASHES[algorithm]()
    try:
        while piece := request.read(PIECE):
            size += len(piece)
            if size > most:
                raise Invalid(_("More bytes than the file has left."))
            seen.update(piece)
            part.write(piece)
    except UnreadablePostError:
        pass  # cut off: what came is kept
    return size, seen.digest()


def _checksum(request: HttpRequest) -> tuple[str, bytes]:
    """(algorithm, digest); an empty digest where none was sent."""
    given = request.headers.get("Upload-Checksum", "")
    algorithm, _blank, digest = given.partition(" ")
    if not given:
        return "sha1", b""
    if algorithm not in HASHES:
        raise Invalid(_("Upload-Checksum: one of %(all)s.") % {"all": ", ".join(HASHES)})
    return algorithm, _decoded(digest)


def _metadata(text: str) -> dict[str, str]:
    """Pairs of a key and base64, with commas between."""
    found = {}
    for pair in text.split(","):
        key, _blank, value = pair.strip().partition(" ")
        if key:
            found[key] = _decoded(value).decode("utf-8", "replace").replace("\0", "")
    return found


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(_("What should be base64 is none: %(text)s.") % {"text": text[:40]}) from None


def _number(request: HttpRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise Invalid(_("%(header)s: a number of bytes.") % {"header": header})
    return int(text)


def _set(project: Project, slug: str) -> str:
    """That of the project with this address, else its first."""
    sets = list(project.subject_sets.values_list("slug", flat=True))
    if not sets:
        raise Invalid(_("The project has no set of subjects."))
    return slug if slug in sets else sets[0]


def _wrong_version(request: HttpRequest) -> HttpResponse | None:
    if request.headers.get("Tus-Resumable") == VERSION:
        return None
    response = _said(412, _("Tus-Resumable: %(version)s.") % {"version": VERSION})
    response["Tus-Version"] = VERSION
    return response


def _offered() -> HttpResponse:
    response = _said(204)
    response["Tus-Version"] = VERSION
    response["Tus-Extension"] = "creation,expiration,checksum,termination"
    response["Tus-Checksum-Algorithm"] = ",".join(HASHES)
    response["Tus-Max-Size"] = str(settings.IMPORT_MAX_BYTES)
    return response


def _said(status: int, sentence: str = "") -> HttpResponse:
    response = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    response["Tus-Resumable"] = VERSION
    response["Cache-Control"] = "no-store"
    return response


def _with_place(response: HttpResponse, standing: Upload) -> HttpResponse:
    response["Upload-Offset"] = str(standing.offset)
    response["Upload-Expires"] = http_date(standing.expires_at.timestamp())
    return response
