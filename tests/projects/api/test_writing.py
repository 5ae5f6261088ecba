"""A team's verbs by token: from nothing to a public project, done once however often they are sent."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from projects.api import pushing
from projects.models import (
    ApiCall,
    CatalogueAttribute,
    Draft,
    Project,
    ProjectMember,
    Retirement,
    Subject,
    Workflow,
)
from projects.services.lanes import make_lane
from tests.portal.pages.lab_hands import picture
from tests.projects.api.caller import refusal
from tests.projects.api.test_tokens import Program, program
from tests.projects.factories import TREE, make_workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(db: None) -> User:
    return User.objects.create_user("ann")


def send(caller: Program, method: str, address: str, body: Any = None, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return getattr(caller.client, method)(
        f"/api/v1/{address}", body, content_type="application/json", headers={**caller.headers, **named}
    )


def upload(caller: Program, slug: str, content: bytes) -> Any:
    return caller.client.post(
        f"/api/v1/projects/{slug}/media", content, content_type="image/png", headers=caller.headers
    )


def made(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json()


def test_from_nothing_to_a_public_project(ann: User) -> None:
    caller = program(ann, "write")
    project = made(send(caller, "post", "projects", {"title": "Rings", "slug": "rings"}), 201)
    assert (project["state"], project["is_public"]) == ("draft", False)
    shown = made(upload(caller, "rings", picture(9)), 201)
    assert (shown["mime"], shown["width"], shown["height"]) == ("image/png", 8, 6)
    assert made(upload(caller, "rings", picture(9)), 201)["mime"] == "image/png"
    body = {
        "subjects": [
            {
                "name": name,
                "media": [shown["media"]],
                "alt": ["A ring"],
                "metadata": {"field": "A", "#run": 7},
                "attributes": {"radius": 1.5, "band": "g"},
            }
            for name in ("r1", "r2")
        ]
    }
    assert made(send(caller, "post", "projects/rings/subjects", body)) == {"added": 2, "known": 0}
    body["subjects"][0]["attributes"]["radius"] = 2.5
    assert made(send(caller, "post", "projects/rings/subjects", body)) == {"added": 0, "known": 2}
    found = caller.get("projects/rings/subjects", name="r1").json()["items"][0]
    assert (found["attributes"], found["metadata"]) == (
        {"radius": 2.5, "band": "g"},
        {"field": "A", "#run": 7},
    )
    assert found["media"][0]["alt"] == "A ring"
    described = CatalogueAttribute.objects.values_list("key", "kind").order_by("position")
    assert list(described) == [("radius", "number"), ("band", "category")]
    flow = made(send(caller, "post", "projects/rings/workflows", {"title": "Shapes"}), 201)
    address = f"workflows/{flow['id']}"
    tag = caller.get(f"{address}/draft").headers["ETag"]
    saved = send(caller, "put", f"{address}/draft", {"definition": TREE}, If_Match=tag)
    assert (made(saved)["edition"], saved.headers["ETag"]) == (1, '"edition-1"')
    assert made(send(caller, "post", f"{address}/publish", If_Match='"edition-1"'))["number"] == "1.0"
    assert made(send(caller, "post", "projects/rings/launch", {"to": "public"}))["is_public"] is True
    assert made(send(caller, "post", f"{address}/state", {"state": "paused"}))["state"] == "paused"
    lane = make_lane(workflow=Workflow.objects.get(), title="First")
    moved = made(send(caller, "post", f"{address}/lanes/{lane.slug}/subjects", {"names": ["r1"], "place": 3}))
    assert moved == {"changed": 1}
    assert [each["slug"] for each in caller.get(f"{address}/lanes").json()["items"]] == ["first"]
    subject = Subject.objects.get(external_id="r2").pk
    for verb, retired in (("retire", True), ("reopen", False)):
        assert made(send(caller, "post", f"{address}/{verb}", {"subjects": [subject]})) == {"changed": 1}
        assert Retirement.objects.latest("pk").retired is retired
    copied = made(send(caller, "post", "projects/rings/copy", {"title": "Rings 2", "slug": "rings-2"}), 201)
    assert copied["is_public"] is False
    assert made(send(caller, "post", "projects/rings/sets", {"title": "Second"}), 201)["slug"] == "second"


def test_a_call_under_one_key_is_done_once(ann: User) -> None:
    caller = program(ann, "write")
    body = {"title": "Rings", "slug": "rings"}
    first = send(caller, "post", "projects", body, Idempotency_Key="k1")
    again = send(caller, "post", "projects", body, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Project.objects.count() == 1
    other = send(caller, "post", "projects", body | {"slug": "other"}, Idempotency_Key="k1")
    assert refusal(other)[:2] == (409, "idempotency_conflict")
    taken = send(caller, "post", "projects", body, Idempotency_Key="k2")
    assert refusal(taken)[0] == 400
    Project.objects.all().delete()
    assert (
        send(caller, "post", "projects", body, Idempotency_Key="k2").status_code == 201
    )  # not kept, so tried
    someone = program(User.objects.create_user("bob"), "write")
    assert send(someone, "post", "projects", body | {"slug": "b"}, Idempotency_Key="k1").status_code == 201
    assert refusal(send(caller, "post", "projects", body, Idempotency_Key="x" * 65))[0] == 400
    assert sorted(ApiCall.objects.values_list("key", flat=True)) == ["k1", "k1", "k2"]


def test_nobody_overwrites_what_they_have_not_seen(ann: User) -> None:
    workflow = make_workflow()
    ProjectMember.objects.create(project=workflow.project, user=ann, role="scientist")
    caller = program(ann, "write")
    address = f"workflows/{workflow.pk}/draft"
    assert refusal(send(caller, "put", address, {"definition": TREE}))[:2] == (428, "precondition_required")
    changed = {**TREE, "glance": False}
    assert send(caller, "put", address, {"definition": changed}, If_Match='"edition-0"').status_code == 200
    stale = send(caller, "put", address, {"definition": TREE}, If_Match='"edition-0"')
    assert refusal(stale)[:2] == (412, "precondition_failed")
    publish = send(caller, "post", f"workflows/{workflow.pk}/publish", If_Match='"edition-0"')
    assert refusal(publish)[:2] == (412, "precondition_failed")
    assert Draft.objects.get().definition["glance"] is False
    tag = caller.get("projects/zoo").headers["ETag"]
    renamed = send(caller, "patch", "projects/zoo", {"title": "Ark"}, If_Match=tag)
    assert made(renamed)["title"] == "Ark"
    assert renamed.headers["ETag"] == caller.get("projects/zoo").headers["ETag"] != tag
    late = send(caller, "patch", "projects/zoo", {"title": "Zoo"}, If_Match=tag)
    assert refusal(late)[:2] == (412, "precondition_failed")
    assert Project.objects.get().title == "Ark"
    assert made(send(caller, "patch", "projects/zoo", {"tagline": "x"}))["title"] == "Ark"


def test_who_may_not_changes_nothing(ann: User) -> None:
    workflow = make_workflow()
    flow = f"workflows/{workflow.pk}"
    subject = Subject.objects.first()
    assert subject is not None
    calls = [
        ("patch", "projects/zoo", {"title": "Mine"}),
        ("post", "projects/zoo/copy", {"title": "Mine", "slug": "mine"}),
        ("post", "projects/zoo/launch", {"to": "finished"}),
        ("post", "projects/zoo/sets", {"title": "Mine"}),
        ("post", "projects/zoo/workflows", {"title": "Mine"}),
        ("post", "projects/zoo/subjects", {"subjects": [{"name": "x", "media": ["y"]}]}),
        ("post", "projects/zoo/media", {}),
        ("post", f"{flow}/state", {"state": "finished"}),
        ("put", f"{flow}/draft", {"definition": TREE}),
        ("post", f"{flow}/publish", {}),
        ("post", f"{flow}/retire", {"subjects": [subject.pk]}),
        ("post", f"{flow}/reopen", {"subjects": [subject.pk]}),
        ("post", f"{flow}/appeals", {"subject": subject.pk, "text": "x"}),
        ("post", f"{flow}/lanes/x/subjects", {"subjects": [subject.pk]}),
    ]
    ProjectMember.objects.create(project=workflow.project, user=ann, role="tester")
    writes, reads = program(ann, "write"), program(ann, "read")
    owner = User.objects.create_user("owner")
    ProjectMember.objects.create(project=workflow.project, user=owner, role="owner")
    elsewhere = program(owner, "write", project=Project.objects.create(slug="other", title="Other"))
    for method, address, body in calls:
        assert refusal(send(writes, method, address, body))[:2] == (403, "role"), address
        assert refusal(send(reads, method, address, body))[:2] == (403, "scope"), address
        assert refusal(send(elsewhere, method, address, body))[0] in (403, 404), address
        assert elsewhere.client.post(f"/api/v1/{address}", {}).status_code in (401, 403, 405), address
    assert refusal(send(elsewhere, "post", "projects", {"title": "N", "slug": "n"}))[1] == "other_project"
    assert Project.objects.get(slug="zoo").title == "Zoo"
    assert (Retirement.objects.count(), Draft.objects.count(), Project.objects.count()) == (0, 0, 2)


def test_bad_bodies_get_a_sentence(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    workflow = make_workflow()
    ProjectMember.objects.create(project=workflow.project, user=ann, role="owner")
    caller = program(ann, "write")
    assert "it is no picture" in refusal(upload(caller, "zoo", b"<svg/>"))[2]
    shown = made(upload(caller, "zoo", picture(1)), 201)["media"]
    monkeypatch.setattr(pushing, "MOST_BYTES", 10)
    assert refusal(upload(caller, "zoo", picture(1)))[:2] == (413, "too_large")
    other = make_workflow(slug="other")
    ProjectMember.objects.create(project=other.project, user=ann, role="owner")
    subjects = "projects/{}/subjects"
    one = {"name": "new", "media": [shown]}
    stolen = send(caller, "post", subjects.format("other"), {"subjects": [one]})
    assert "upload the picture to this project first" in refusal(stolen)[2]
    for body, says in (
        ({"subjects": []}, "subjects: "),
        ({"subjects": [one, one]}, "given twice"),
        ({"subjects": [one], "subject_set": "none"}, "it has: all."),
        (
            {"subjects": [one | {"attributes": {"a": "x"}}, one | {"name": "n2", "attributes": {"a": 1}}]},
            "category",
        ),
        ({"subjects": [one | {"attributes": {"a b": 1}}]}, "subjects.0.attributes"),
        ({"subjects": [one], "more": 1}, "more: "),
    ):
        status, _code, said = refusal(send(caller, "post", subjects.format("zoo"), body))
        assert (status, says in said) == (400, True), said
    evil = {
        **TREE,
        "icons": {"a": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><script/></svg>'},
    }
    draft = send(
        caller, "put", f"workflows/{workflow.pk}/draft", {"definition": evil}, If_Match='"edition-0"'
    )
    assert refusal(draft)[2].startswith("icons: ")
    both = send(caller, "post", f"workflows/{workflow.pk}/retire", {"subjects": [1]})
    assert "There is no subject 1" in refusal(both)[2]
    assert not Subject.objects.filter(external_id="new").exists()
