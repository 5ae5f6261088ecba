"""The page on which a team imports: who may, what it takes, what it tells."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from projects.imports.waiting import path_of, run_waiting, storage
from projects.models import Import, Project
from tests.projects.imports.rows import row, text

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/projects/birds/import/"


@pytest.fixture
def project(redis_client: object) -> Project:
    return Project.objects.create(slug="birds", title="Birds", is_public=True, state="live")


def signed_in(project: Project, role: str | None) -> Client:
    user = User.objects.create_user(f"a-{role}")
    if role:
        project.members.create(user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


def upload(client: Client, data: bytes, **more: Any) -> Any:
    given = {"source": "zooniverse", "encoding": "utf-8", "written": "", **more}
    return client.post(HERE, {"file": SimpleUploadedFile("export.csv", data), **given})


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("scientist", 200), ("moderator", 404), ("expert", 404), (None, 404)]
)
def test_owners_and_scientists_only(project: Project, role: str | None, status: int) -> None:
    client = signed_in(project, role)
    record = Import.objects.create(
        project=project, kind="votes", source="x", file_name="a.csv", state="running"
    )
    assert client.get(HERE).status_code == status
    assert client.get(HERE + "state/").status_code == status
    assert client.get(f"{HERE}{record.pk}/broken.csv").status_code == status
    assert client.post(f"{HERE}{record.pk}/cancel/").status_code == (302 if status == 200 else 404)
    assert ("/import/" in client.get("/projects/birds/").content.decode()) == (status == 200)


def test_nobody_without_an_account(project: Project) -> None:
    assert Client().get(HERE).status_code == 404
    assert upload(Client(), b"").status_code == 404
    assert Import.objects.count() == 0


def test_an_upload_waits_runs_and_is_told(project: Project) -> None:
    client = signed_in(project, "scientist")
    rows = [row(1), row(2, annotations="["), row(3, user_id="1001")]
    assert upload(client, text(*rows).encode(), written="7.T0 , 7.T0").status_code == 302
    record = Import.objects.get()
    assert (record.state, record.file_name, record.source) == ("waiting", "export.csv", "zooniverse")
    assert record.report["options"] == {"strict": False, "encoding": "utf-8", "written": ["7.T0", "7.T0"]}
    assert str(record.started_by) == "a-scientist"
    page = client.get(HERE)
    assert "waiting for the worker" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    seen = client.get(f"{HERE}state/?seen={record.pk}")
    assert "HX-Refresh" not in seen
    run_waiting(record)
    assert client.get(f"{HERE}state/?seen={record.pk}")["HX-Refresh"] == "true"
    told = client.get(HERE).content.decode()
    for words in ("answers added", "rows that could not be taken", "line 3: annotations is no JSON"):
        assert words in told
    broken = client.get(f"{HERE}{record.pk}/broken.csv")
    assert broken["Content-Disposition"] == f'attachment; filename="import-{record.pk}-broken-rows.csv"'
    assert broken.content.decode().splitlines() == [
        "line,reason",
        '3,"annotations is no JSON (Expecting value, character 2)"',
    ]


def test_cancelling_deletes_the_file(project: Project) -> None:
    client = signed_in(project, "owner")
    upload(client, text(row(1)).encode())
    record = Import.objects.get()
    told = client.post(f"{HERE}{record.pk}/cancel/", follow=True).content.decode()
    assert "Cancelled: nothing of export.csv was stored." in told
    record.refresh_from_db()
    assert (record.state, storage().exists(path_of(record))) == ("cancelled", False)
    again = client.post(f"{HERE}{record.pk}/cancel/", follow=True).content.decode()
    assert "export.csv had ended before." in again


@override_settings(IMPORT_MAX_BYTES=100)
def test_too_large_a_file_is_refused_with_both_sizes(project: Project) -> None:
    told = upload(signed_in(project, "owner"), text(row(1)).encode()).content.decode()
    assert "bytes; at most 100\xa0bytes can be uploaded. Compress it with gzip" in told
    assert Import.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"source": "Zoo!"}, "Use small letters, digits and . _ - only."),
        ({"source": ""}, "This field is required."),
        ({"encoding": "utf-16"}, "Select a valid choice."),
    ],
)
def test_what_the_form_refuses(project: Project, changes: dict[str, str], sentence: str) -> None:
    assert sentence in upload(signed_in(project, "owner"), text(row(1)).encode(), **changes).content.decode()
    assert Import.objects.count() == 0


def test_a_catalogue_table_by_id_and_on_the_sky(project: Project) -> None:
    """Uploaded, taken in by the worker, told with what was left out; the form says what it lacks."""
    subjects = project.subject_sets.create(slug="all", title="All").subjects
    subjects.create(project=project, external_id="b1", attributes={"ra": 10.0, "dec": 60.0})
    client, at = signed_in(project, "scientist"), HERE + "catalogue/"

    def upload_table(text: str, **given: str) -> Any:
        more = {"source": "survey", "encoding": "utf-8", "join": "id", **given}
        return client.post(at, {"file": SimpleUploadedFile("t.csv", text.encode()), **more})

    assert upload_table("id,x,y\nb1,-1,\n", id_column="id", sentinels="-1").status_code == 302
    record = Import.objects.get()
    assert (record.kind, record.state) == ("catalogue", "waiting")
    run_waiting(record)
    told = client.get(HERE).content.decode()
    assert "<code>y</code>: all its values are missing" in told
    assert "subjects that a row was joined to" in told
    place = {"join": "sky", "ra": "r", "dec": "d", "subject_keys": "ra dec", "radius": "3"}
    assert upload_table("r,d,z\n10.0,60.0005,7\n", **place).status_code == 302
    run_waiting(Import.objects.first())
    subject = subjects.get()
    assert subject.attributes == {"ra": 10.0, "dec": 60.0, "x": -1.0, "z": 7.0, "r": 10.0, "d": 60.0005}
    assert "Missing where it is -1.0. " in client.get("/projects/birds/data/").content.decode()
    refused = upload_table("id,x\n", id_column="").content.decode()
    assert "Name the column that holds the subjects&#x27; ids." in refused
    assert "Write two keys" in upload_table("r,d\n", **place | {"subject_keys": "ra"}).content.decode()
    assert Client().get(at).status_code == 404
    assert signed_in(project, "moderator").get(at).status_code == 404
    assert Import.objects.count() == 2
