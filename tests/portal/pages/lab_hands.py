"""Pictures, archives and forms for the tests of the lab."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from projects.models import Draft, Project, ProjectMember


def picture(shade: int, kind: str = "PNG", size: tuple[int, int] = (8, 6)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (shade, 20, 30)).save(made, kind)
    return made.getvalue()


def packed(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def signed_in(project: Project | None, role: str | None = "owner") -> Client:
    user = User.objects.create_user(f"a-{role}")
    if role and project:
        ProjectMember.objects.create(project=project, user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


def edition(workflow_slug: str = "shapes") -> int:
    newest = Draft.objects.filter(workflow__slug=workflow_slug).order_by("-edition").first()
    return newest.edition if newest else 0


def question(**more: Any) -> dict[str, Any]:
    """A question with two answers, as its form sends it."""
    return {
        "question": "What is it?",
        "required": "on",
        "row-label": ["Smooth", "Star or artifact", ""],
        "row-key": ["", "", ""],
        "row-next": ["", "", ""],
        "do": "save",
    } | more
