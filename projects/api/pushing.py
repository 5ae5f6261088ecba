"""Subjects that a program sends: first its pictures, then what is to be told and known of them."""

import hashlib
import tempfile
import threading
from pathlib import Path
from typing import Any

from django.core import signing
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api.bodies import read_body
from projects.api.changes import PushBody, PushedSubject
from projects.api.once import KEY, once
from projects.api.places import project_at
from projects.api.resources import Resource, set_of
from projects.api.shapes import PushedShape, UploadShape
from projects.api.subjects import SubjectList
from projects.exceptions import Invalid, TooLarge
from projects.imports.archive import MOST_BYTES
from projects.imports.measured import FORMATS, measured
from projects.models import Project
from projects.permissions import may_edit
from projects.services.import_subjects import NewMedia, NewSubject
from projects.services.push_subjects import push_subjects
from projects.services.store_media import store_media

SALT = "voorwerp.upload"
_ONE_AT_A_TIME = threading.Lock()
"""A picture of 50 million pixels takes 200 MB while it is decoded."""


class Raw(BaseParser):
    """The body is the file: nothing parses it."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        return {}


class Uploads(Resource):
    """A picture (PNG, JPEG, WebP or GIF, up to 25 MB) as the whole body. What is answered as `media` names it in
    subjects of this project; the same picture twice is one. For owners and scientists."""

    limit = "upload"
    parser_classes = [Raw]

    @extend_schema(request={"image/png": OpenApiTypes.BINARY}, responses={201: UploadShape})
    def post(self, request: Request, slug: str) -> Response:
        project = project_at(request, slug, may_edit)
        content = _content(request)
        try:
            with _ONE_AT_A_TIME:
                kind, width, height = measured(content)
        except ValueError as error:
            raise Invalid(f"This is not taken: {error}.") from None
        mime, ending = FORMATS[kind]
        digest = hashlib.sha256(content).hexdigest()
        path = f"{project.slug}/u-{digest[:32]}{ending}"
        with tempfile.TemporaryDirectory() as folder:
            beside = Path(folder) / "picture"
            beside.write_bytes(content)
            store_media(beside, path)
        told = {"path": path, "mime": mime, "width": width, "height": height, "sha256": digest}
        name = signing.dumps([project.pk, told], salt=SALT, compress=True)
        return UploadShape(media=name, mime=mime, width=width, height=height).respond(201)


class SubjectsOfProject(SubjectList):
    """A project's subjects: read, and brought in."""

    @extend_schema(request=PushBody, responses={200: PushedShape}, parameters=[KEY])
    @once
    def post(self, request: Request, slug: str) -> Response:
        """Up to 500 at once; all or nothing. A name that the project knows is brought up to date: its metadata and
        attributes are those given here, its pictures stay. For owners and scientists."""
        body = read_body(request, PushBody)
        project = project_at(request, slug, may_edit)
        new = [_new(project, each) for each in body.subjects]
        pushed = push_subjects(set_of(project, body.subject_set), new)
        return PushedShape(added=pushed.added, known=pushed.known).respond()


def _new(project: Project, each: PushedSubject) -> NewSubject:
    alt = [*each.alt, *([""] * len(each.media))]
    media = [NewMedia(**_uploaded(project, name), alt=alt[at]) for at, name in enumerate(each.media)]
    return NewSubject(each.name, media, dict(each.metadata), dict(each.attributes))


def _uploaded(project: Project, name: str) -> dict[str, Any]:
    """What an upload to this project was answered with. Raises Invalid."""
    try:
        owner, told = signing.loads(name, salt=SALT)
    except (signing.BadSignature, ValueError):
        owner, told = 0, {}
    if owner != project.pk:
        raise Invalid(
            "media: upload the picture to this project first, and give what that answered as `media`."
        )
    return dict(told)


def _content(request: Request) -> bytes:
    """Read as a stream: Django's own limit is for bodies that are parsed."""
    content = bytes(request._request.read(MOST_BYTES + 1))
    if len(content) > MOST_BYTES:
        raise TooLarge(f"A picture has {MOST_BYTES // 1024**2} MB at most: make it smaller.")
    return content
