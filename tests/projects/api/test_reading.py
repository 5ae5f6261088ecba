"""Lists by cursor, and who sees what of subjects, consensus and votes."""

import csv
import io
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from portal import limits
from projects.models import Look, ProjectMember, Subject, Workflow
from projects.services import record_classification
from projects.services.tokens import make_token
from projects.services.volunteers import join_account, pass_of_account
from tests.projects.api.caller import refusal
from tests.projects.api.test_tokens import Program, program
from tests.projects.factories import ARMS, SMOOTH, make_pass, make_workflow, submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def zoo() -> Workflow:
    """s0 has three answers and is retired, s1 has one and is open, s2 and s3 have none."""
    workflow = make_workflow()
    for name, annotations in (("s0", SMOOTH), ("s0", SMOOTH), ("s0", ARMS), ("s1", ARMS)):
        subject = Subject.objects.get(external_id=name)
        record_classification(submission(workflow, subject.pk, annotations), make_pass())
    workflow.refresh_from_db()
    return workflow


@pytest.fixture
def ann(zoo: Workflow) -> User:
    user = User.objects.create_user("ann")
    ProjectMember.objects.create(project=zoo.project, user=user, role="tester")
    return user


def names(answer: Any) -> list[str]:
    return [item["name"] for item in answer.json()["items"]]


def follow(caller: Program, first: Any) -> list[Any]:
    """All items, page by page."""
    found, answer = [], first
    while True:
        assert answer.status_code == 200, answer.content
        found += answer.json()["items"]
        if answer.json()["next"] is None:
            return found
        answer = caller.client.get(answer.json()["next"], headers=caller.headers)


def test_pages_tell_all_once_and_only_of_their_own_query(zoo: Workflow, ann: User) -> None:
    caller = program(ann, "read")
    first = caller.get("projects/zoo/subjects", limit=3)
    assert len(first.json()["items"]) == 3
    assert sorted(each["name"] for each in follow(caller, first)) == ["s0", "s1", "s2", "s3"]
    cursor = first.json()["next"].split("cursor=")[1].replace("%3A", ":")
    more = caller.get("projects/zoo/subjects", limit=1, cursor=cursor)
    assert len(more.json()["items"]) == 1
    for query in ({"cursor": cursor, "name": "s1"}, {"cursor": "x"}, {"cursor": cursor[:-1] + "!"}):
        status, code, says = refusal(caller.get("projects/zoo/subjects", **query))
        assert (status, code) == (400, "invalid")
        assert says.startswith("cursor: ")
    other = refusal(caller.get("projects/zoo/sets", cursor=cursor))
    assert (
        other[2]
        == "cursor: it belongs to another query: begin again without it, or ask with the same filters."
    )
    assert refusal(caller.get("projects/zoo/subjects", nam="s1"))[2].startswith(
        "nam: there is no such filter here"
    )
    assert refusal(caller.get("projects/zoo/subjects", limit=201))[0] == 400


def test_subjects_by_set_name_and_state(zoo: Workflow, ann: User) -> None:
    caller = program(ann, "read")
    address = "projects/zoo/subjects"
    assert names(caller.get(address, name="s2")) == ["s2"]
    assert names(caller.get(address, subject_set="nothing")) == []
    assert names(caller.get(address, workflow=zoo.pk, state="retired")) == ["s0"]
    assert sorted(names(caller.get(address, workflow=zoo.pk, state="open"))) == ["s1", "s2", "s3"]
    (subject,) = caller.get(address, name="s0").json()["items"]
    assert subject == caller.get(f"subjects/{subject['id']}").json()
    assert subject["metadata"] == {"field": "A", "#secret": "x"}
    (state,) = subject["workflows"]
    assert (state["workflow"], state["state"], state["reason"]) == (zoo.pk, "retired", "votes ≥ 3")


def test_outside_the_team_only_what_is_finished_once_data_are_public(zoo: Workflow) -> None:
    stranger = program(User.objects.create_user("bob"), "read")
    open_one = Subject.objects.get(external_id="s1").pk
    places = ["projects/zoo/subjects", f"subjects/{open_one}", f"workflows/{zoo.pk}/consensus"]
    assert {refusal(stranger.get(each))[1] for each in places} == {"private"}
    assert refusal(stranger.get(f"workflows/{zoo.pk}/votes"))[:2] == (403, "role")
    assert refusal(Client().get(f"/api/v1/workflows/{zoo.pk}/votes"))[:2] == (401, "sign_in")
    zoo.project.data_public = True
    zoo.project.save()
    assert names(stranger.get("projects/zoo/subjects")) == ["s0"]
    assert stranger.get("projects/zoo/subjects").json()["items"][0]["metadata"] == {"field": "A"}
    assert refusal(stranger.get(f"subjects/{open_one}"))[0] == 404
    assert names(stranger.get(f"workflows/{zoo.pk}/consensus")) == ["s0"]
    assert stranger.get(f"workflows/{zoo.pk}/consensus", subject=open_one).json()["items"] == []
    assert Look.objects.count() == 0


def test_a_member_who_reads_open_consensus_has_looked(zoo: Workflow, ann: User) -> None:
    caller = program(ann, "read")
    found = {
        each["name"]: each for each in follow(caller, caller.get(f"workflows/{zoo.pk}/consensus", limit=1))
    }
    assert sorted(found) == ["s0", "s1", "s2", "s3"]
    task = found["s0"]["tasks"]["T0"]
    assert (task["asked"], task["votes"]["smooth"], task["answer"]) == (3, 2, "smooth")
    assert found["s0"]["path"] == "T0.smooth"
    assert found["s1"]["retired_at"] is None
    (look,) = Look.objects.all()
    assert (look.subject.external_id, look.volunteer.account) == ("s1", ann)


def test_votes_are_the_teams_under_the_names_of_its_files(zoo: Workflow, ann: User) -> None:
    caller = program(ann, "read")
    found = follow(caller, caller.get(f"workflows/{zoo.pk}/votes", limit=2))
    assert [(each["task"], each["key"], each["value"]) for each in found if each["task"] == "T0"] == [
        ("T0", "smooth", 1.0),
        ("T0", "smooth", 1.0),
        ("T0", "features", 1.0),
        ("T0", "features", 1.0),
    ]
    of_arms = [(each["key"], each["value"]) for each in found if each["task"] == "T1"]
    assert of_arms == [("bar", 0.0), ("arms", 1.0)] * 2
    file = caller.get("projects/zoo/workflows/shapes/classifications.csv")
    rows = csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode()))
    assert {each["volunteer"] for each in found} == {row["user_name"] for row in rows}
    assert [look.subject.external_id for look in Look.objects.all()] == ["s1"]


def test_what_did_not_change_is_not_sent_again(zoo: Workflow, ann: User) -> None:
    caller = program(ann, "read")
    for address in (
        "projects/zoo",
        "projects/zoo/workflows",
        f"workflows/{zoo.pk}/versions",
        "projects/zoo/sets",
    ):
        tag = caller.get(address).headers["ETag"]
        headers = {**caller.headers, "If-None-Match": tag}
        again = caller.client.get(f"/api/v1/{address}", headers=headers)
        assert (again.status_code, again.content) == (304, b""), address
    zoo.subject_set.title = "Another"
    zoo.subject_set.save()
    changed = caller.client.get("/api/v1/projects/zoo/sets", headers=headers)
    assert changed.json()["items"] == [{"slug": "all", "title": "Another", "subjects": 4}]


def test_ones_own_answers_and_nothing_of_what_they_did(zoo: Workflow, ann: User) -> None:
    own = join_account(None, ann)
    held = pass_of_account(own, make_pass())
    subject = Subject.objects.get(external_id="s2").pk
    record_classification(submission(zoo, subject), held)
    caller = program(ann, "read")
    (answer,) = caller.get("classifications", workflow=zoo.pk).json()["items"]
    assert set(answer) == {"id", "workflow", "workflow_version", "subject", "annotations", "received_at"}
    assert (answer["subject"], answer["annotations"]) == (subject, SMOOTH)
    assert refusal(Client().get("/api/v1/classifications"))[:2] == (401, "sign_in")
    assert program(User.objects.create_user("bob"), "read").get("classifications").json()["items"] == []


def test_what_is_left_of_a_minute_is_told_by_account(
    zoo: Workflow, ann: User, redis_client: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RATE_LIMITS_ON = True
    monkeypatch.setattr(limits, "spend", partial(limits.spend, now=6000.0))  # within one minute
    first, second = program(ann, "read"), Program(make_token(user=ann, name="b", scopes=["read"])[1])
    told = [int(each.get("projects/zoo").headers["RateLimit-Remaining"]) for each in (first, second, first)]
    assert told[0] - 1 == told[1]
    assert told[1] - 1 == told[2]
    last = first.get("projects/zoo").headers
    assert (last["RateLimit-Limit"], last["RateLimit-Reset"]) == ("6000", "61")
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "api": 4}
    refused = second.get("projects/zoo")
    assert refusal(refused)[:2] == (429, "too_many_requests")
    assert (refused.headers["RateLimit-Remaining"], refused.headers["Retry-After"]) == ("0", "61")
