"""Uploads that go on where they were cut off: the protocol, whose they are, and what becomes of them."""

import base64
import hashlib
import http.client
import time
from contextlib import closing
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from projects.imports.uploading import begin as begin_upload
from projects.imports.uploading import forget
from projects.imports.waiting import path_of, run_waiting
from projects.models import Import, Project, Subject, Upload
from tests.portal.pages.lab_hands import packed, picture, signed_in

PLACE = "/lab/zoo/subjects/uploads/"
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = "application/offset+octet-stream"
ZIP = packed({f"p{n}.png": picture(n) for n in range(3)})


def make_project() -> Project:
    project = Project.objects.create(slug="zoo", title="Zoo")
    project.subject_sets.create(slug="all", title="All")
    return project


def name(text: str) -> str:
    return f"filename {base64.b64encode(text.encode()).decode()}"


def begin(client: Client, length: int = len(ZIP), **headers: str) -> Any:
    sent = TUS | {"Upload-Length": str(length), "Upload-Metadata": name("Stérne.zip")} | headers
    return client.post(PLACE, headers=sent)


def patch(client: Client, address: str, offset: int, content: bytes, **headers: str) -> Any:
    sent = TUS | {"Upload-Offset": str(offset)} | headers
    return client.generic("PATCH", address, content, content_type=BYTES, headers=sent)


def where(client: Client, address: str) -> int:
    return int(client.head(address, headers=TUS).headers["Upload-Offset"])


@pytest.mark.django_db
def test_a_file_comes_in_parts_and_becomes_subjects(django_capture_on_commit_callbacks: Any) -> None:
    client = signed_in(make_project())
    offered = client.options(PLACE)
    assert offered.headers["Tus-Extension"] == "creation,expiration,checksum,termination"
    made = begin(client)
    assert (made.status_code, made.headers["Upload-Offset"]) == (201, "0")
    address = made.headers["Location"]
    head = client.head(address, headers=TUS)
    assert head.headers["Upload-Length"] == str(len(ZIP))
    assert head.headers["Cache-Control"] == "no-store"
    checksum = f"sha256 {base64.b64encode(hashlib.sha256(ZIP[:100]).digest()).decode()}"
    wrong = patch(client, address, 0, ZIP[1:101], **{"Upload-Checksum": checksum})
    assert (wrong.status_code, where(client, address)) == (460, 0)
    assert patch(client, address, 0, ZIP[:100], **{"Upload-Checksum": checksum}).status_code == 204
    for offset in (0, 99, 101):  # sent again, or from elsewhere
        assert patch(client, address, offset, ZIP[offset:]).status_code == 409
    assert where(client, address) == 100
    assert patch(client, address, 100, ZIP[100:] + b"x").status_code == 400
    with django_capture_on_commit_callbacks(execute=True):
        ended = patch(client, address, 100, ZIP[100:])
    assert (ended.status_code, ended.headers["Upload-Offset"]) == (204, str(len(ZIP)))
    record = Import.objects.get()
    assert (record.file_name, record.report["options"]) == ("Stérne.zip", {"subject_set": "all"})
    with storages["private"].open(path_of(record)) as whole:
        assert whole.read() == ZIP
    assert parts_of(Upload.objects.get()) == 0
    assert where(client, address) == len(ZIP)  # the last answer may have got lost
    run_waiting(record)
    assert Subject.objects.count() == 3


def parts_of(upload: Upload) -> int:
    """How many files of it lie in the storage."""
    storage = storages["private"]
    folders = [each for each in storage.listdir("uploads")[0] if each.startswith(str(upload.pk))]
    return sum(len(storage.listdir(f"uploads/{each}")[1]) for each in folders)


@pytest.mark.django_db
def test_an_upload_is_its_owners_alone_and_ends_by_itself(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.IMPORT_MAX_BYTES = len(ZIP)
    project = make_project()
    ann, bob = signed_in(project), signed_in(project, "scientist")
    address = begin(ann).headers["Location"]
    assert patch(ann, address, 0, ZIP[:50]).status_code == 204
    assert bob.head(address, headers=TUS).status_code == 404
    assert patch(bob, address, 50, ZIP[50:]).status_code == 404
    assert signed_in(project, "expert").post(PLACE, headers=TUS).status_code == 404
    assert ann.head(address).status_code == 412
    assert ann.post(PLACE, headers=TUS).status_code == 400
    large = begin(ann, len(ZIP) + 1)
    assert (large.status_code, "at most" in large.text) == (413, True)
    assert begin(ann, **{"Upload-Metadata": "filename %%%"}).status_code == 400
    assert ann.generic("PATCH", address, b"x", content_type="text/plain", headers=TUS).status_code == 415
    upload = Upload.objects.get()
    assert parts_of(upload) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert forget(timezone.now() + timedelta(hours=47)) == 0
        assert forget(timezone.now() + timedelta(hours=49)) == 1
    assert parts_of(upload) == 0
    assert ann.head(address, headers=TUS).status_code == 404
    for _ in range(7):
        last = begin(ann).headers["Location"]
    assert Upload.objects.count() == 5
    assert ann.delete(last, headers=TUS).status_code == 204
    assert Upload.objects.count() == 4
    assert not Import.objects.exists()


def test_what_was_cut_off_goes_on_at_its_byte(live_site: str) -> None:
    """Over a real connection, which is closed in the middle of a part. The server has read all of it but what lay in
    its buffers, some hundred kB."""
    content, sent = Random(8).randbytes(3_000_000), 2_000_000
    project = make_project()
    client = signed_in(project)
    upload = begin_upload(
        project, file_name="p.zip", length=len(content), options={"subject_set": "all"}, by=User.objects.get()
    )
    address = f"{PLACE}{upload.pk}/"
    token = client.get("/lab/zoo/subjects/").cookies["csrftoken"].value
    headers = TUS | {
        "Cookie": f"sessionid={client.cookies['sessionid'].value}; csrftoken={token}",
        "X-CSRFToken": token,
        "Content-Type": BYTES,
    }
    with closing(http.client.HTTPConnection(urlsplit(live_site).netloc, timeout=30)) as site:

        def ask(method: str, body: bytes | None = None, **more: str) -> tuple[int, int]:
            site.request(method, address, body, headers | more)
            answer = site.getresponse()
            answer.read()
            return answer.status, int(answer.headers.get("Upload-Offset", -1))

        with closing(http.client.HTTPConnection(urlsplit(live_site).netloc, timeout=30)) as cut:
            cut.putrequest("PATCH", address)
            for header, value in (
                headers | {"Upload-Offset": "0", "Content-Length": str(len(content))}
            ).items():
                cut.putheader(header, value)
            cut.endheaders(content[:sent])
        offset, until = 0, time.monotonic() + 30
        while not offset and time.monotonic() < until:
            _status, offset = ask("HEAD")
        assert 1_000_000 < offset <= sent
        assert ask("PATCH", content[:10], **{"Upload-Offset": str(offset + 1)})[0] == 409
        rest = ask("PATCH", content[offset:], **{"Upload-Offset": str(offset)})
    assert rest == (204, len(content))
    with storages["private"].open(path_of(Import.objects.get())) as whole:
        assert whole.read() == content
