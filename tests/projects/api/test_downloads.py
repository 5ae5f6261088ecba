"""Who gets which file, over HTTP."""

import csv
import io
import json

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from projects.exports.files import pieces
from projects.models import Look, Volunteer
from projects.services import record_classification
from projects.services.volunteers import Pass, join_account
from tests.projects.exports.conftest import Zoo, zoo
from tests.projects.factories import SMOOTH, make_workflow, submission

__all__ = ["zoo"]
NAMES = ["catalogue", "classifications", "columns"]
TABLES = NAMES[:2]


def address(name: str, workflow: str = "shapes", project: str = "zoo") -> str:
    return reverse(f"api:{name}.csv", kwargs={"slug": project, "workflow": workflow})


def signed_in(name: str, **flags: bool) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user(name, password="pw", **flags))
    return client


def member(of: Zoo) -> Client:
    client = signed_in("maria")
    of.workflow.project.members.create(user=get_user_model().objects.get(username="maria"), role="scientist")
    return client


def text(response) -> str:
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content).decode()


def subjects(response) -> list[int]:
    field = "subject_id" if "catalogue" in response.headers["Content-Disposition"] else "subject_ids"
    return sorted({int(row[field]) for row in csv.DictReader(io.StringIO(text(response)))})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("who", ["anonymous", "stranger"])
def test_before_the_data_are_public_they_are_the_teams(zoo: Zoo, name: str, who: str):
    client = Client() if who == "anonymous" else signed_in("stranger")
    response = client.get(address(name))
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (403, "private")
    assert error["message"] == "This project's data are for its team until it makes them public."
    assert error["request_id"] == response.headers["X-Request-ID"]


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("who", ["member", "staff"])
def test_the_team_gets_all_and_has_then_looked(zoo: Zoo, name: str, who: str):
    client = member(zoo) if who == "member" else signed_in("root", is_staff=True)
    response = client.get(address(name))
    team = "".join(pieces(name, zoo.workflow, team=True))
    assert text(response) == team
    assert (response.headers["Content-Type"], response.headers["Content-Disposition"]) == (
        "text/csv; charset=utf-8",
        f'attachment; filename="zoo-shapes-{name}.csv"',
    )
    person = Volunteer.objects.get(account__username="maria" if who == "member" else "root")
    # s2 is open and has an answer; s0 and s1 are retired; of s3 there was nothing to see.
    assert list(Look.objects.values_list("volunteer_id", "subject_id")) == [(person.pk, zoo.subjects[2])]
    client.get(address(name))
    assert Look.objects.count() == 1


def test_who_has_looked_is_withheld_afterwards(zoo: Zoo):
    client = member(zoo)
    text(client.get(address("catalogue")))
    person = Volunteer.objects.get(account__username="maria")
    held = Pass(person.public_id, zoo.passes[0].consent_version, 1)
    told = [
        record_classification(submission(zoo.workflow, zoo.subjects[each], SMOOTH), held).counted
        for each in (2, 3)
    ]
    assert told == ["withheld", "yes"]


def test_a_member_without_a_volunteer_gets_one_to_have_looked(zoo: Zoo):
    client = member(zoo)
    Volunteer.objects.filter(account__username="maria").delete()
    text(client.get(address("catalogue")))
    assert Look.objects.get().volunteer.account.username == "maria"


@pytest.mark.parametrize("name", TABLES)
def test_public_data_leave_out_open_subjects_and_nobody_has_looked(zoo: Zoo, name: str):
    zoo.workflow.project.data_public = True
    zoo.workflow.project.save()
    for client in (Client(), signed_in("stranger")):
        assert subjects(client.get(address(name))) == zoo.subjects[:2]
    assert Look.objects.count() == 0


def test_the_documentation_is_no_look(zoo: Zoo):
    client = member(zoo)
    rows = list(csv.DictReader(io.StringIO(text(client.get(address("columns"))))))
    assert "meta_#secret" in [row["column"] for row in rows]
    assert Look.objects.count() == 0
    zoo.workflow.project.data_public = True
    zoo.workflow.project.save()
    assert "meta_#secret" not in text(Client().get(address("columns")))


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"is_public": False}, {}),
        ({"state": "draft"}, {}),
        ({}, {"workflow": "none"}),
        ({}, {"project": "none"}),
    ],
)
def test_what_is_not_there_or_not_to_be_seen(zoo: Zoo, change: dict[str, object], path: dict[str, str]):
    project = zoo.workflow.project
    project.data_public = True
    for field, value in change.items():
        setattr(project, field, value)
    project.save()
    response = Client().get(address("catalogue", **path))
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


def test_a_workflow_of_another_project_is_not_found(zoo: Zoo):
    make_workflow(slug="other", data_public=True)
    zoo.workflow.project.workflows.update(slug="mine")
    assert Client().get(address("catalogue", "mine", "other")).status_code == 404


def test_an_unpublished_workflow_is_refused_with_a_sentence(zoo: Zoo):
    zoo.workflow.published = None
    zoo.workflow.save()
    response = member(zoo).get(address("catalogue"))
    assert (response.status_code, response.json()["error"]["message"]) == (
        400,
        "The workflow shapes was never published, so it has no data.",
    )
    assert Look.objects.count() == 0


def test_the_accept_header_is_no_matter(zoo: Zoo):
    response = member(zoo).get(address("columns"), headers={"accept": "text/csv"})
    assert text(response).startswith("table,column,")
    refused = Client().get(address("columns"), headers={"accept": "text/csv"})
    assert json.loads(refused.content)["error"]["code"] == "private"


def test_an_aliass_download_is_its_persons_look(zoo: Zoo):
    client = member(zoo)
    person = join_account(None, get_user_model().objects.get(username="maria"))
    Volunteer.objects.filter(public_id=zoo.passes[1].public_id).update(joined_to=person)
    text(client.get(address("catalogue")))
    assert Look.objects.get().volunteer_id == person.pk


def test_downloads_are_limited(zoo: Zoo, settings, redis_client):
    settings.RATE_LIMITS_ON = True
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "download": 1}
    client = member(zoo)
    answers = [client.get(address("columns")) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].json()["error"]["code"] == "too_many_requests"
    assert 1 <= int(answers[1].headers["Retry-After"]) <= 62


@pytest.mark.django_db(transaction=True)
def test_the_real_site_streams_a_file(zoo: Zoo, live_site: str):
    import httpx

    zoo.workflow.project.data_public = True
    zoo.workflow.project.save()
    response = httpx.get(live_site + address("classifications"))
    assert response.text == "".join(pieces("classifications", zoo.workflow, team=False))
    assert response.headers["Transfer-Encoding"] == "chunked"
