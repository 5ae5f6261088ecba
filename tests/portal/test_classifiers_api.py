"""The door for classifiers that were trained elsewhere: what comes in, what is refused, and what becomes of it."""

from math import log
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from mining.models import ModelVersion, Outside, Prediction
from mining.services import outside_judged
from mining.services.champions import roll_back
from mining.services.outside_judged import most_said
from projects.models import Classification, Look, ProjectMember, Subject, Workflow
from projects.services import publish_workflow, record_classification
from projects.services.retire_by_hand import retire_subjects
from tests.portal.pages.test_classifiers import client_of, make_version
from tests.projects.api.caller import refusal
from tests.projects.api.test_tokens import Program, program
from tests.projects.factories import ARTIFACT, SMOOTH, TREE, make_pass, make_workflow, submission

pytestmark = pytest.mark.django_db
RINGS = {"task": "T0", "name": "rings 3.1", "description": "A net", "data": "Release 2", "code": "4f1c2d"}


@pytest.fixture(autouse=True)
def _ledger_at_once(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def zoo() -> Workflow:
    return make_workflow(6)


@pytest.fixture
def ann(zoo: Workflow) -> Program:
    return program(member(zoo, "scientist"), "write")


def member(zoo: Workflow, role: str, name: str = "ann") -> User:
    user = User.objects.create_user(name)
    ProjectMember.objects.create(project=zoo.project, user=user, role=role)
    return user


def ids() -> dict[str, int]:
    return dict(Subject.objects.values_list("external_id", "pk"))


def line(name: str, smooth: float, features: float, artifact: float = 0.0) -> dict[str, Any]:
    return {"name": name, "probabilities": {"smooth": smooth, "features": features, "artifact": artifact}}


def registered(zoo: Workflow, caller: Program, **more: Any) -> str:
    made = caller.post(f"workflows/{zoo.pk}/classifiers", RINGS | more)
    assert made.status_code == 201, made.content
    return f"workflows/{zoo.pk}/classifiers/{made.json()['id']}"


def post(caller: Program, version: str, *lines: dict[str, Any]) -> Any:
    return caller.post(f"{version}/predictions", {"predictions": lines})


def answer(zoo: Workflow, name: str, annotations: Any, times: int) -> None:
    for _ in range(times):
        record_classification(submission(zoo, ids()[name], annotations), make_pass())


def test_posted_and_judged_by_what_people_answer_later(zoo: Workflow, ann: Program) -> None:
    """s0 right, s1 wrong, s2 had an answer before, s3 stays open."""
    answer(zoo, "s2", SMOOTH, 1)
    version = registered(zoo, ann)
    lines = [
        line("s0", 0.7, 0.3),
        line("s1", 0.8, 0.2),
        line("s2", 1.0, 0.0),
        {"subject": ids()["s3"], "probabilities": {"smooth": 0.5, "features": 0.25, "artifact": 0.25}},
    ]
    assert post(ann, version, *lines).json() == {"added": 4, "known": 0}
    assert post(ann, version, *lines[:2]).json() == {"added": 0, "known": 2}
    told = ann.get(version).json()
    assert (told["state"], told["name"], told["answers"]) == (
        "outside",
        "rings 3.1",
        ["smooth", "features", "artifact"],
    )
    assert told["judged"]["alone"] is None
    answer(zoo, "s0", SMOOTH, 3)
    answer(zoo, "s1", ARTIFACT, 2)
    answer(zoo, "s2", SMOOTH, 2)
    answer(zoo, "s3", SMOOTH, 1)
    judged = ann.get(version).json()["judged"]
    assert (judged["said"], judged["early"], judged["champion"]) == (4, 3, None)
    lost = (-log(0.7) - log(outside_judged.FLOOR)) / 2
    assert judged["alone"] == {"subjects": 2, "agreed": 1, "loss": pytest.approx(lost)}
    listed = {each["name"]: each for each in ann.get(f"{version}/predictions").json()["items"]}
    became = {name: (each["early"], each["state"], each["answer"]) for name, each in listed.items()}
    assert became == {
        "s0": (True, "retired", "smooth"),
        "s1": (True, "retired", "artifact"),
        "s2": (False, "retired", "smooth"),
        "s3": (True, "open", None),
    }
    assert listed["s0"]["probabilities"] == {"smooth": 0.7, "features": 0.3, "artifact": 0.0}


def test_against_the_champion_on_the_same_subjects(
    zoo: Workflow, ann: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside_judged, "LEAST", 2)
    speaks = make_version(zoo, "champion", answers=["smooth", "features", "artifact"])
    version = registered(zoo, ann)
    post(ann, version, line("s0", 0.9, 0.1), line("s1", 0.6, 0.4), line("s2", 0.9, 0.1))
    for name, smooth in (("s0", 0.5), ("s1", 0.3)):
        told = [smooth, 1 - smooth, 0.0]
        speaks.predictions.create(
            subject_id=ids()[name], probabilities=told, shares=told, strength=1, top=max(told)
        )
        answer(zoo, name, SMOOTH, 3)
    answer(zoo, "s2", SMOOTH, 3)
    judged = ann.get(version).json()["judged"]
    assert (judged["alone"]["subjects"], judged["champion"]) == (3, speaks.pk)
    assert judged["both"] == {"subjects": 2, "agreed": 2, "loss": pytest.approx(-(log(0.9) + log(0.6)) / 2)}
    assert judged["champions"] == {
        "subjects": 2,
        "agreed": 1,
        "loss": pytest.approx(-(log(0.5) + log(0.3)) / 2),
    }
    gains = [log(0.5 / 0.9), log(0.3 / 0.6)]
    half = 1.96 * abs(gains[0] - gains[1]) / 2
    mean = sum(gains) / 2
    assert judged["difference"] == pytest.approx([mean, mean - half, mean + half])


def test_it_speaks_for_nothing(zoo: Workflow, ann: Program) -> None:
    """Never a champion, by nobody; the page says why."""
    version = registered(zoo, ann)
    post(ann, version, line("s0", 0.7, 0.3))
    made = ModelVersion.objects.get()
    with pytest.raises(ValueError, match="is outside"):
        roll_back(made)
    client = client_of(User.objects.get())
    at = f"/projects/zoo/classifiers/shapes/{made.pk}/"
    for page in (at, f"{at}predictions/", "/projects/zoo/classifiers/shapes/"):
        assert "rings 3.1" in client.get(page).content.decode()
    card = client.get(at).content.decode()
    assert "never speaks for its question" in card
    assert "Release 2" in card
    client.post(f"{at}roll-back/")
    made.refresh_from_db()
    assert made.state == "outside"


def test_one_bad_line_stores_nothing_and_each_is_named(zoo: Workflow, ann: Program) -> None:
    make_workflow(1, slug="ark")
    strange = Subject.objects.get(project__slug="ark").pk
    version = registered(zoo, ann)
    assert post(ann, version, line("s4", 0.2, 0.8)).status_code == 200
    refused = post(
        ann,
        version,
        line("s0", 0.7, 0.3),
        line("s1", 0.7, 0.2),
        {"name": "s2", "probabilities": {"smooth": 1.0}},
        {"subject": strange, "probabilities": {"smooth": 1.0, "features": 0.0, "artifact": 0.0}},
        line("s0", 0.7, 0.3),
        line("s4", 0.3, 0.7),
    )
    status, code, said = refusal(refused)
    assert (status, code) == (400, "invalid")
    assert said == (
        "predictions.1: probabilities are from 0 to 1 and come to 1; these come to 0.9. Lines that can't be taken: 5;"
        " nothing was stored."
    )
    fields = refused.json()["error"]["fields"]
    assert fields["predictions.2"] == (
        "give a probability for each of smooth, features, artifact, and for nothing else"
    )
    assert fields["predictions.3"] == "the workflow asks about no such subject"
    assert fields["predictions.4"] == "its subject stands in an earlier line too"
    assert fields["predictions.5"].startswith("this version has said something else of its subject")
    assert Prediction.objects.count() == 1
    for wrong in ({"probabilities": {}}, {"name": "s0", "subject": 1, "probabilities": {}}):
        assert "either by its id" in refusal(post(ann, version, wrong))[2]
    assert refusal(post(ann, version, *[line("s0", 1, 0)] * 1001))[0] == 400


def test_a_version_never_changes(zoo: Workflow, ann: Program) -> None:
    version = registered(zoo, ann)
    assert registered(zoo, ann) == version
    assert refusal(ann.post(f"workflows/{zoo.pk}/classifiers", RINGS | {"data": "Else"}))[:2] == (
        409,
        "conflict",
    )
    unknown = ann.post(f"workflows/{zoo.pk}/classifiers", RINGS | {"task": "T1"})
    assert refusal(unknown)[2] == (
        "task: the published version asks no such question with choices. There are: T0, T1:bar, T1:arms."
    )
    own = make_version(zoo, "retired")
    assert refusal(post(ann, f"workflows/{zoo.pk}/classifiers/{own.pk}", line("s0", 1, 0)))[:2] == (
        409,
        "conflict",
    )
    fewer = {**TREE, "tasks": {**TREE["tasks"], "T0": {**TREE["tasks"]["T0"]}}}
    fewer["tasks"]["T0"]["answers"] = [
        *TREE["tasks"]["T0"]["answers"],
        {"key": "else", "label": "Else", "next": None},
    ]
    publish_workflow(zoo, fewer)
    assert "other answers" in refusal(post(ann, version, line("s0", 0.7, 0.3)))[2]
    assert Outside.objects.count() == 1


def test_who_posts_or_reads_has_looked(zoo: Workflow, ann: Program) -> None:
    version = registered(zoo, ann)
    post(ann, version, line("s0", 0.7, 0.3))
    assert list(Look.objects.values_list("subject_id", flat=True)) == [ids()["s0"]]
    expert = program(member(zoo, "expert", "eve"), "read", "classify")
    expert.post("consent", {"version": "2026-11"})
    assert expert.get(f"{version}/predictions").json()["items"][0]["name"] == "s0"
    sent = {
        "id": "00000000-0000-4000-8000-000000000001",
        "workflow_version": zoo.published_id or Workflow.objects.get(pk=zoo.pk).published_id,
        "subject": ids()["s0"],
        "annotations": SMOOTH,
    }
    assert expert.post("classifications", sent).json()["counted"] == "withheld"
    assert Classification.objects.get().counted == "withheld"


def test_roles_and_scopes(zoo: Workflow, ann: Program) -> None:
    version = registered(zoo, ann)
    body = {"predictions": [line("s0", 0.7, 0.3)]}
    reads, writes = {}, {}
    for role in ProjectMember.Role.values:
        caller = program(member(zoo, role, f"a-{role}"), "write")
        reads[role] = caller.get(version).status_code
        writes[role] = caller.post(f"{version}/predictions", body).status_code
    assert {role for role, status in reads.items() if status == 200} == {"owner", "scientist", "expert"}
    assert {role for role, status in writes.items() if status == 200} == {"owner", "scientist"}
    stranger = program(User.objects.create_user("stranger"), "write")
    assert refusal(stranger.get(f"{version}/predictions"))[1] == "role"
    reader = program(User.objects.get(username="a-owner"), "read")
    assert refusal(reader.post(f"{version}/predictions", body))[1] == "scope"
    ark = make_workflow(1, slug="ark")
    bound = program(User.objects.get(username="a-owner"), "write", project=ark.project)
    assert bound.get(version).status_code in (403, 404)
    assert refusal(ann.get(f"workflows/{ark.pk}/classifiers/{version.rsplit('/', 1)[-1]}"))[0] in (403, 404)


def test_one_finished_by_hand_without_answers_judges_nothing(zoo: Workflow, ann: Program) -> None:
    version = registered(zoo, ann)
    post(ann, version, line("s0", 0.7, 0.3))
    retire_subjects(zoo, [ids()["s0"]], reason="by hand")
    assert ann.get(version).json()["judged"]["alone"] is None
    assert ann.get(f"{version}/predictions").json()["items"][0]["state"] == "retired"


@pytest.mark.parametrize(
    ("path", "votes", "most"),
    [
        ("T0", {"smooth": 2, "features": 1}, 0),
        ("T0", {"smooth": 1, "features": 1}, None),
        ("T0", {}, None),
        ("T1:bar", {"bar": 2, "arms": 3}, 1),
        ("T1:arms", {"bar": 3}, 0),
    ],
)
def test_what_most_people_said(path: str, votes: dict[str, int], most: int | None) -> None:
    answers = ["smooth", "features"] if path == "T0" else ["no", "yes"]
    assert most_said({"asked": 3, "votes": votes}, path, answers) == most
