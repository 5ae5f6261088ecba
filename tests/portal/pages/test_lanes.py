"""The team's pages of lanes: who may, what they say, what they do; what a volunteer never hears of."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from projects.models import Lane, LaneChange, ProjectMember, Qualification, SubjectState, Workflow
from projects.services.lane_moves import Which, put_in
from projects.services.lanes import close_lane, make_lane
from tests.portal.pages.helpers import answer, browser, make_pass, member
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db
HERE = "/projects/zoo/lanes/shapes/"
THERE = f"{HERE}doubtful/"


@pytest.fixture
def workflow() -> Workflow:
    made = make_workflow(4)
    Qualification.objects.create(project=made.project, slug="greek", title="Reads Greek", kind="language")
    made.project.attributes.create(key="radius", label="Radius")
    subject = made.project.subjects.get(external_id="s3")
    subject.attributes = {"radius": 21.5}
    subject.save()
    return made


@pytest.fixture
def lane(workflow: Workflow) -> Lane:
    made = make_lane(workflow=workflow, title="Doubtful", priority=3, requires=["greek"])
    put_in(made, Which(names=["s0", "s1"]))
    return made


def team(workflow: Workflow, role: str = "scientist") -> Client:
    user = member(workflow.project)
    ProjectMember.objects.filter(user=user).update(role=role)
    client = Client()
    client.force_login(user)
    return client


def inside(lane: Lane) -> list[str]:
    rows = SubjectState.objects.filter(lane=lane).order_by("subject__external_id")
    return list(rows.values_list("subject__external_id", flat=True))


@pytest.mark.parametrize(
    ("role", "status"),
    [("owner", 200), ("scientist", 200), ("moderator", 200), ("expert", 404), ("tester", 404), (None, 404)],
)
def test_for_owners_scientists_and_moderators_only(
    workflow: Workflow, lane: Lane, role: str | None, status: int
) -> None:
    client = team(workflow, role) if role else browser(make_pass())
    assert [client.get(place).status_code for place in (HERE, THERE)] == [status, status]
    page = client.get("/projects/zoo/").text
    assert (f'href="{HERE}"' in page) == (status == 200)
    assert "Doubtful" not in page
    assert (
        'href="/projects/zoo/qualifications/"' in page
    )  # the way to what a lane asks for, and no word of the lane
    if status == 404:
        assert client.post(THERE, {"do": "close"}).status_code == 404
        assert client.post(HERE, {"title": "Mine", "priority": 1}).status_code == 404
        assert list(Lane.objects.values_list("title", "closed_at")) == [("Doubtful", None)]


def test_a_lane_is_made_changed_closed_and_opened_by_the_forms(workflow: Workflow) -> None:
    client = team(workflow)
    fields: dict[str, Any] = {"title": "Doubtful", "priority": "3", "requires": ["greek"], "order": "radius"}
    rule = {"source": "matching", "attribute": "radius", "comparison": "gte", "value": "16"}
    assert client.post(HERE, fields | rule).headers["Location"] == THERE
    lane = Lane.objects.get()
    assert (lane.where, lane.requires, inside(lane)) == ([["gte", "radius", 16.0]], ["greek"], ["s3"])
    page = client.get(THERE).text
    assert "radius at least 16.0" in page
    assert "Nobody has Reads Greek yet, so nobody is handed anything of this lane." in page
    assert (
        client.post(THERE, fields | rule | {"do": "save", "priority": "5", "value": "16.0"}).status_code
        == 302
    )
    newest = LaneChange.objects.first()
    assert (newest.changes, newest.by.username) == ({"priority": [3, 5]}, "bob")
    client.post(THERE, {"do": "close"})
    page = client.get(THERE).text
    assert "Put subjects in" not in page
    client.post(THERE, {"do": "reopen"})
    assert Lane.objects.get().closed_at is None


def test_subjects_are_put_in_and_taken_out_by_name_rule_and_lane(workflow: Workflow, lane: Lane) -> None:
    client = team(workflow)
    said = client.post(THERE, {"do": "put_in", "names": "s1\n s2 \n\n", "origin": "any"}, follow=True).text
    assert "1 subject moved. 1 was there already." in said
    said = client.post(
        THERE,
        {
            "do": "put_in",
            "names": "",
            "attribute": "radius",
            "comparison": "gt",
            "value": "20",
            "origin": "pool",
        },
        follow=True,
    ).text
    assert "1 subject moved." in said
    assert inside(lane) == ["s0", "s1", "s2", "s3"]
    other = make_lane(workflow=workflow, title="Other")
    client.post(f"{HERE}other/", {"do": "put_in", "names": "s2", "origin": "lane:doubtful"})
    assert inside(other) == ["s2"]
    client.post(f"{HERE}other/", {"do": "put_in", "origin": "lane:doubtful"})
    assert (inside(lane), inside(other)) == ([], ["s0", "s1", "s2", "s3"])
    assert "4 subjects moved." in client.post(f"{HERE}other/", {"do": "take_out"}, follow=True).text
    assert not SubjectState.objects.exclude(lane=None).exists()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (
            {"do": "put_in", "names": "s2\nnine", "origin": "any"},
            "No subject of this workflow is called nine",
        ),
        ({"do": "put_in", "origin": "pool"}, "Say which subjects: their names, an attribute, or the lane"),
        ({"do": "put_in", "origin": "lane:other"}, "is not one of the available choices"),
        (
            {"do": "put_in", "attribute": "radius", "comparison": "gt", "value": "big", "origin": "any"},
            "radius is a number: compare it with one.",
        ),
        ({"do": "save", "title": "", "priority": "1", "source": "team"}, "This field is required."),
        (
            {"do": "save", "title": "x", "priority": "5000", "source": "team"},
            "whole number from -1000 to 1000",
        ),
        ({"do": "save", "title": "x", "priority": "1", "source": "matching"}, "Say which subjects come into"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(
    workflow: Workflow, lane: Lane, sent: dict[str, str], sentence: str
) -> None:
    response = team(workflow).post(THERE, sent)
    assert response.status_code == 400
    assert sentence in response.text.replace("&#x27;", "'")
    assert (inside(lane), Lane.objects.get().title) == (["s0", "s1"], "Doubtful")


def test_what_a_form_does_not_offer_is_refused_with_a_sentence(workflow: Workflow, lane: Lane) -> None:
    client = team(workflow)
    assert "Choose what to do with the lane." in client.post(THERE, {"do": "burn"}, follow=True).text
    close_lane(lane)
    response = client.post(THERE, {"do": "put_in", "names": "s2", "origin": "any"})
    assert response.status_code == 400
    assert inside(lane) == ["s0", "s1"]


def test_the_list_tells_progress_age_rate_and_end(workflow: Workflow, lane: Lane) -> None:
    Lane.objects.update(requires=[], made_at=timezone.now() - timedelta(days=1))
    SubjectState.objects.filter(lane=lane).update(laned_at=timezone.now() - timedelta(days=1, hours=1))
    for _ in range(3):
        answer(workflow, make_pass(), "s0")
    page = " ".join(team(workflow).get(HERE).text.split())
    assert '<progress value="1" max="2"' in page
    assert '<span class="number">1 / 2</span>' in page
    assert "1 day, 1 hour ago" in page
    assert '<td class="number">3</td>' in page
    assert f"<td>{timezone.now() + timedelta(days=1):%Y-%m-%d}</td>" in page
