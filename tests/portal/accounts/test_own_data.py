"""Download my data, delete me: asked, signed in, and nothing half done."""

import csv
import io
import json
import zipfile
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client

from projects.models import Classification, Consent, Favourite, Subject, Volunteer, Workflow
from projects.services import enter_gold
from projects.services.volunteers import COOKIE, join_account
from tests.portal.pages.helpers import answer, browser, make_pass
from tests.projects.factories import ARMS, SMOOTH, make_workflow

pytestmark = pytest.mark.django_db
PASSWORD = "quiet-nebula-7"


@pytest.fixture
def workflow() -> Workflow:
    made = make_workflow(3)
    made.refresh_from_db()
    return made


def unzipped(client: Client) -> dict[str, Any]:
    response = client.get("/me/data/voorwerp.zip")
    assert response["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert archive.testzip() is None
    return {
        "me": json.loads(archive.read("me.json")),
        "answers": json.loads(archive.read("answers.json")),
        "table": list(csv.DictReader(io.StringIO(archive.read("answers.csv").decode()))),
        "all": b"".join(archive.read(name) for name in archive.namelist()).decode(),
    }


def signed_in(workflow: Workflow) -> Client:
    """Ann, who has answered on a phone and at a desk."""
    user = User.objects.create_user("ann", email="ann@example.org", password=PASSWORD)
    for name, held in (("s0", make_pass()), ("s1", make_pass())):
        answer(workflow, held, name, ARMS)
        join_account(held.public_id, user)
    client = Client()
    client.force_login(user)
    return client


def test_all_of_all_aliases_is_in_the_file(workflow: Workflow) -> None:
    client = signed_in(workflow)
    answer(workflow, make_pass(), "s2")
    Favourite.objects.create(
        volunteer=Volunteer.objects.get(account__isnull=False), subject=Subject.objects.first()
    )
    found = unzipped(client)
    assert found["me"]["account"]["email"] == "ann@example.org"
    assert len(found["me"]["volunteers"]) == 2
    assert len(found["me"]["consents"]) == 2
    assert len(found["me"]["favourites"]) == 1
    assert [each["answers"] for each in found["answers"]] == [ARMS, ARMS]
    assert [json.loads(row["answers"]) for row in found["table"]] == [ARMS, ARMS]
    assert {row["volunteer"] for row in found["table"]} == {each["id"] for each in found["me"]["volunteers"]}


def test_the_file_does_not_tell_a_hidden_check(workflow: Workflow) -> None:
    known = Subject.objects.get(external_id="s1")
    enter_gold(workflow=workflow, subject_id=known.pk, annotations=SMOOTH, expert="account:1")
    held = make_pass()
    for name in ("s0", "s1"):
        answer(workflow, held, name, ARMS)
    found = unzipped(browser(held))
    own = ("id", "subject", "received", "began", "ended")
    work, check = ({k: v for k, v in each.items() if k not in own} for each in found["answers"])
    assert work == check
    for word in ("check", "withheld", "counted", "gold"):
        assert word not in found["all"].replace("counted_at", "")


def test_who_has_nothing_gets_an_empty_file() -> None:
    found = unzipped(Client())
    assert (found["answers"], found["table"], found["me"]["account"]) == ([], [], None)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "tick the box"),
        ({"sure": "yes"}, "the password is not right"),
        ({"sure": "yes", "password": "guess"}, "the password is not right"),
    ],
)
def test_nothing_is_deleted_without_being_sure(
    workflow: Workflow, sent: dict[str, str], sentence: str
) -> None:
    client = signed_in(workflow)
    response = client.post("/me/delete/", sent)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert User.objects.count() == 1


def test_delete_an_account(workflow: Workflow) -> None:
    client, phone = signed_in(workflow), Client()
    phone.force_login(User.objects.get())
    held = Volunteer.objects.get(account__isnull=False)
    client.cookies[COOKIE] = "x"
    response = client.post("/me/delete/", {"sure": "yes", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/deleted/")
    assert response.cookies[COOKIE].value == ""
    assert client.get("/deleted/").status_code == 200
    assert User.objects.count() == 0
    assert ">ann<" not in phone.get("/me/").content.decode()
    assert Classification.objects.count() == 2
    assert not Volunteer.objects.filter(public_id=held.public_id).exists()


def test_delete_without_an_account(workflow: Workflow) -> None:
    held = make_pass()
    answer(workflow, held)
    client = browser(held)
    assert "Your password" not in client.get("/me/delete/").content.decode()
    response = client.post("/me/delete/", {"sure": "yes"})
    assert response.cookies[COOKIE].value == ""
    assert not Volunteer.objects.filter(public_id=held.public_id).exists()
    assert (Classification.objects.count(), Consent.objects.count()) == (1, 1)
    assert "Nothing here yet" in browser(held).get("/me/").content.decode()


def test_a_cookie_left_over_does_not_open_an_accounts_data(workflow: Workflow) -> None:
    user = User.objects.create_user("ann", email="ann@example.org", password=PASSWORD)
    held = make_pass()
    answer(workflow, held)
    join_account(held.public_id, user)
    client = browser(held)
    for address in ("/me/data/voorwerp.zip", "/me/delete/"):
        assert client.get(address)["Location"] == f"/accounts/login/?next={quote(address, safe='')}"
    assert client.post("/me/delete/", {"sure": "yes"}).status_code == 302
    assert User.objects.count() == 1
    assert "sign in to see or delete its data" in client.get("/me/data/").content.decode()


@pytest.fixture(autouse=True)
def _empty_redis(redis_client: object) -> None:
    """Downloads are limited there."""
