"""The requests of the reference platform's client, sent by hand: what it gets, and what a stranger or a slip gets."""

import json
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.test import Client

from portal.panoptes.media import LASTS
from portal.panoptes.subjects import MEDIA
from projects.exports.waiting import run_waiting, tend
from projects.imports.archive import MOST_BYTES
from projects.models import Announced, Export, Project, Subject, SubjectState, Workflow
from projects.services.drafts import change_draft, draft_of
from projects.services.tokens import make_token, revoke_token
from tests.mining.helpers import Crowd
from tests.portal.panoptes.hands import Hand, said
from tests.portal.panoptes.test_client import png, team_member
from tests.projects.factories import SMOOTH, TREE, make_workflow


@pytest.fixture
def project(live_site: str) -> Project:
    return make_workflow(1).project


@pytest.fixture
def hands(live_site: str) -> Iterator[dict[str, Hand]]:
    """One each for whoever is asked for."""
    with ExitStack() as stack:
        made: dict[str, Hand] = defaultdict(lambda: Hand(live_site))
        stack.callback(lambda: [hand.http.close() for hand in made.values()])
        yield made


@pytest.fixture
def ann(hands: dict[str, Hand], project: Project) -> Hand:
    """An owner who has connected."""
    _user, password = team_member(project)
    hands["ann"].connect("ann", password)
    return hands["ann"]


def announced(hand: Hand, project: Project, *locations: Any, **metadata: Any) -> dict[str, Any]:
    links = {"project": str(project.pk)}
    return hand.make("subjects", locations=list(locations or ["image/png"]), metadata=metadata, links=links)


def put(row: dict[str, Any], content: bytes, at: int = 0, mime: str = "image/png") -> httpx.Response:
    (address,) = row["locations"][at].values()
    return httpx.put(address, content=content, headers={"Content-Type": mime, "x-ms-blob-type": "BlockBlob"})


def test_signing_in_takes_an_app_password_then_a_cookie_then_a_bearer(
    hands: dict[str, Hand], project: Project
) -> None:
    user, password = team_member(project)
    user.set_password("her own password")
    user.save()
    other = make_token(user=user, name="read", scopes=["read"])[1]
    hand = hands["ann"]
    for name, wrong in [("ann", "her own password"), ("bob", password), ("ann", other), ("ann", "x\x00🌀")]:
        response = hand.sign_in(name, wrong)
        assert response.status_code in (400, 401)
        assert isinstance(response.json()["error"], str)
        assert hand.token().status_code == 401
    stale = hand.http.post(
        f"{hand.root}/users/sign_in", json={"user": {"login": "ann", "password": password}}
    )
    assert (stale.status_code, "authenticity_token" in stale.json()["error"]) == (422, True)
    response = hand.sign_in("ann", password)
    assert response.json()["users"][0]["id"] == str(user.pk)
    cookie = response.headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "Path=/panoptes/", "SameSite=Strict"))
    assert said(hand.call("GET", "/me")) == (
        401, "Sign in first: connect with your user name and an app password.",
    )  # fmt: skip
    assert hand.token().json()["expires_in"] == 7200
    assert hand.get("/me")["users"][0]["login"] == "ann"
    assert hand.token(grant_type="client_credentials", client_secret="x").status_code == 400
    hand.http.cookies.clear()
    assert hand.token().status_code == 401
    refresh = hand.granted["refresh_token"]
    assert hand.token(grant_type="refresh_token", refresh_token=refresh).status_code == 200
    hand.bearer = {"Authorization": f"Bearer {refresh}"}
    assert hand.call("GET", "/me").status_code == 401  # what refreshes opens nothing itself
    hand.bearer = {"Authorization": f"Bearer {hand.granted['access_token']}"}
    revoke_token(user, user.tokens.get(name="scripts").pk)
    assert hand.call("GET", "/me").status_code == 401
    assert hand.token(grant_type="refresh_token", refresh_token=refresh).status_code == 401


def test_a_stranger_can_do_nothing(ann: Hand, hands: dict[str, Hand], project: Project) -> None:
    """Nor a tester of the team, nor the owner with an app password for another project."""
    workflow = project.workflows.get()
    row = announced(ann, project)
    other = make_workflow(1, slug="other", is_public=False).project
    hands["stranger"].connect("stranger", team_member(other, "stranger")[1])
    hands["tester"].connect("tester", team_member(project, "tester", "tester")[1])
    owner = project.members.get(role="owner").user
    other.members.create(user=owner, role="owner")
    bound = make_token(user=owner, name="bound", scopes=["app_password"], project=other)[1]
    hands["bound"].connect("ann", bound)
    weak = ("stranger", "tester", "bound")
    subject, subject_set = Subject.objects.get(project=project), workflow.subject_set
    tag = '"x"'
    calls: list[tuple[str, str, Any]] = [
        (
            "POST",
            "/subject_sets",
            {"subject_sets": {"display_name": "x", "links": {"project": str(project.pk)}}},
        ),
        (
            "POST",
            "/subjects",
            {"subjects": {"locations": ["image/png"], "links": {"project": str(project.pk)}}},
        ),
        ("POST", "/workflows", {"workflows": {"display_name": "x", "links": {"project": str(project.pk)}}}),
        ("PUT", f"/projects/{project.pk}", {"projects": {"display_name": "x"}}),
        ("DELETE", f"/subject_sets/{subject_set.pk}", None),
        ("DELETE", f"/subjects/{row['id']}", None),
        ("POST", f"/subject_sets/{subject_set.pk}/links/subjects", {"subjects": [row["id"]]}),
        ("DELETE", f"/subject_sets/{subject_set.pk}/links/subjects/{subject.pk}", None),
        ("DELETE", f"/workflows/{workflow.pk}/links/subject_sets/{subject_set.pk}", None),
        ("POST", f"/workflows/{workflow.pk}/retired_subjects", {"subject_ids": [subject.pk]}),
        ("POST", f"/workflows/{workflow.pk}/unretire_subjects", {"subject_ids": [subject.pk]}),
    ]
    for name in weak:
        hand = hands[name]
        for method, path, body in calls:
            response = hand.call(method, path, body, tag)
            assert response.status_code in (403, 404, 412), (name, method, path, response.text)
        etag = hand.call("GET", f"/projects/{project.pk}").headers.get("ETag", tag)
        response = hand.call("PUT", f"/projects/{project.pk}", {"projects": {"display_name": "x"}}, etag)
        assert response.status_code in (403, 404), (name, response.text)
    for name in ("stranger", "bound"):
        hand = hands[name]
        assert hand.call("GET", f"/subjects/{subject.pk}").status_code == 404
        assert hand.get(f"/set_member_subjects?subject_set_id={subject_set.pk}")["set_member_subjects"] == []
        assert (
            hand.get(f"/subject_workflow_statuses?workflow_id={workflow.pk}")["subject_workflow_statuses"]
            == []
        )
        assert hand.get("/users?login=ann,tester")["users"] == (
            [] if name == "stranger" else hand.get("/me")["users"]
        )
    assert hands["bound"].get("/projects?slug=zoo")["projects"] == []  # though it is public, and its own
    assert ann.call("GET", f"/projects/{other.pk}").status_code == 200  # the owner of both, unbound
    assert project.title == Project.objects.get(pk=project.pk).title
    assert (project.subject_sets.count(), project.workflows.count(), Announced.objects.count()) == (1, 1, 1)
    assert not SubjectState.objects.filter(retired_at__isnull=False).exists()


def test_pictures_go_to_signed_addresses_that_run_out(
    ann: Hand, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = announced(
        ann, project, "image/png", {"image/jpeg": "https://sky.example/b.jpg"}, external_id="M 51"
    )
    assert row["media_missing"] == [0]
    assert row["locations"][1] == {"image/jpeg": "https://sky.example/b.jpg"}
    (address,) = row["locations"][0].values()
    assert address.startswith(f"{ann.root}/media/")
    assert put(row, b"<svg onload='alert(1)'/>").status_code == 422
    assert put(row, b"GIF89a").status_code == 422
    assert put(row, png(), mime="text/html").status_code == 415
    assert said(put(row, b"\0" * (MOST_BYTES + 1))) == (413, "A picture has 25 MB at most: make it smaller.")
    assert said(httpx.put(address[:-3] + "abc", content=png()))[0] == 403
    now = signing.time.time
    monkeypatch.setattr(signing.time, "time", lambda: now() - LASTS - 1)
    old = address.rpartition("/")[0] + "/" + signing.dumps([int(row["id"]), 0, "image/png"], salt=MEDIA)
    monkeypatch.undo()
    response = httpx.put(old, content=png(), headers={"Content-Type": "image/png"})
    assert said(response) == (403, "This address ran out after 15 minutes: announce the subject again.")
    subject_set = project.subject_sets.get()
    linked = ann.call("POST", f"/subject_sets/{subject_set.pk}/links/subjects", {"subjects": [row["id"]]})
    assert linked.json()["subject_sets"][0]["media_missing_count"] == 1
    missing = ann.get(f"/subjects?project_id={project.pk}&media_missing=true")["subjects"]
    assert [(each["id"], each["media_missing"], each["locations"][0]) for each in missing] == [
        (row["id"], [0], {"image/png": None})
    ]
    assert not Subject.objects.filter(pk=row["id"]).exists()
    assert put(row, png()).status_code == 201  # the last one: from here on it is a subject of the set
    assert put(row, png()).status_code == 200  # a client that did not hear the answer
    assert said(put(row, png(9)))[0] == 409
    shown = ann.get(f"/subjects/{row['id']}")["subjects"][0]
    assert shown["media_missing"] == []
    assert shown["links"]["subject_sets"] == [str(subject_set.pk)]
    assert httpx.get(next(iter(shown["locations"][0].values()))).content == png()


def test_a_row_is_saved_only_as_it_was_read(ann: Hand, project: Project) -> None:
    row = ann.make("subject_sets", display_name="  A “set”,\n🌀 ", links={"project": str(project.pk)})
    assert row["display_name"] == "A “set”, 🌀"
    path = f"/subject_sets/{row['id']}"
    tag = ann.call("GET", path).headers["ETag"]
    assert said(ann.call("PUT", path, {"subject_sets": {"display_name": "B"}}))[0] == 428
    saved = ann.call("PUT", path, {"subject_sets": {"display_name": "B"}}, tag)
    assert (saved.status_code, saved.headers["ETag"] != tag) == (200, True)
    assert said(ann.call("PUT", path, {"subject_sets": {"display_name": "C"}}, tag)) == (
        412,
        "Somebody has changed this since you loaded it, and nothing of yours was saved: reload() it first.",
    )
    everyone = ann.call("GET", f"/subject_sets?project_id={project.pk}").headers["ETag"]
    assert ann.call("PUT", path, {"subject_sets": {"display_name": "D"}}, everyone).status_code == 200
    tag = ann.call("GET", path).headers["ETag"]
    with ThreadPoolExecutor(8) as pool:  # at one moment, with one ETag
        names = [{"subject_sets": {"display_name": f"E{n}"}} for n in range(8)]
        saved_by = list(pool.map(lambda body: ann.call("PUT", path, body, tag).status_code, names))
    assert sorted(saved_by) == [200] + [412] * 7
    assert ann.call("DELETE", path, etag=tag).status_code == 412
    assert ann.call("DELETE", path, etag=ann.call("GET", path).headers["ETag"]).status_code == 204


def test_lists_come_in_pages_whose_next_the_client_follows(ann: Hand, project: Project) -> None:
    for n in range(5):
        ann.make("subject_sets", display_name=f"Set {n}", links={"project": str(project.pk)})
    href, names, pages = f"/subject_sets?project_id={project.pk}&page_size=4", [], 0
    while href:
        data = ann.get(href)
        names += [each["display_name"] for each in data["subject_sets"]]
        meta, pages = data["meta"]["subject_sets"], pages + 1
        assert (meta["count"], meta["page_count"], meta["page"]) == (6, 2, pages)
        href = meta["next_href"]
    assert (names, pages) == (["All", *(f"Set {n}" for n in range(5))], 2)
    past = ann.get(f"/subject_sets?project_id={project.pk}&page=99")
    assert (past["subject_sets"], past["meta"]["subject_sets"]["next_href"]) == ([], None)


def flow(**more: Any) -> dict[str, Any]:
    return {"workflows": {"display_name": "x", "links": {"project": "PROJECT"}} | more}


def subject(*locations: Any) -> dict[str, Any]:
    return {"subjects": {"locations": list(locations), "links": {"project": "PROJECT"}}}


ROUND = {"type": "single", "question": "?", "answers": [{"label": "A", "next": "T0"}]}
SLIPS: list[tuple[str, str, Any, int, str]] = [
    ("GET", "/subject_sets?colour=red", None, 422, "can't be chosen by colour"),
    ("GET", "/subject_sets?project_id=abc", None, 422, "project_id: send an id"),
    ("GET", "/subject_sets?page=-1", None, 422, "page: send an id"),
    ("GET", "/galaxies", None, 404, "There is no galaxies here"),
    ("GET", "/collections/1/x/y/z", None, 404, "docs/panoptes.md"),
    ("POST", "/subject_sets", {}, 422, 'Send {"subject_sets": {...}}'),
    ("POST", "/subject_sets", [], 422, "not a JSON object"),
    ("POST", "/subject_sets", {"subject_sets": {"links": {"project": "P"}}}, 422, "links.project"),
    ("POST", "/subject_sets", {"subject_sets": {"links": {"project": "PROJECT"}}}, 422, "display_name"),
    ("POST", "/subject_sets", {"subject_sets": {"display_name": "a\x00", "links": {}}}, 422, "NUL"),
    ("POST", "/subjects", subject(1), 422, "locations"),
    ("POST", "/subjects", subject(), 422, "1 to 20"),
    ("POST", "/subjects", subject("image/svg+xml"), 422, "image/svg+xml can't be shown here"),
    ("POST", "/subjects", subject({"image/png": "http://169.254.169.254/x"}), 422, "PICTURE_HOSTS"),
    ("POST", "/workflows", flow(tasks={"T0": {"type": "shortcut"}}), 422, "T0 has the type shortcut"),
    ("POST", "/workflows", flow(tasks={"T0": ROUND}), 422, "circle"),
    ("POST", "/workflows", flow(retirement={"criteria": "magic"}), 422, "classification_count"),
    ("POST", "/workflows", flow(configuration={"a": 1}), 422, "nothing of it is kept"),
    ("DELETE", "/projects/PROJECT", None, 428, "If-Match"),
]


def test_slips_get_a_sentence_and_change_nothing(ann: Hand, project: Project) -> None:
    for method, path, body, status, words in SLIPS:
        sent = json.loads(json.dumps(body).replace("PROJECT", str(project.pk)))
        code, sentence = said(ann.call(method, path.replace("PROJECT", str(project.pk)), sent))
        assert (code, words in sentence) == (status, True), (method, path, body, sentence)
    assert (Workflow.objects.count(), Announced.objects.count(), project.subject_sets.count()) == (1, 0, 1)


def test_a_workflow_keeps_what_the_platform_has_no_words_for(ann: Hand, project: Project) -> None:
    workflow = project.workflows.get()
    path = f"/workflows/{workflow.pk}"
    response = ann.call("GET", path)
    row = response.json()["workflows"][0]
    assert row["retirement"] == {"criteria": "condition", "options": {"condition": TREE["retirement"]}}
    row["tasks"]["T0"]["question"] = "What is this?"
    body = {"workflows": {"tasks": row["tasks"], "retirement": row["retirement"]}}
    saved = ann.call("PUT", path, body, response.headers["ETag"])
    workflow.refresh_from_db()
    assert workflow.published is not None
    assert (saved.status_code, workflow.published.number) == (200, "1.1")
    new = workflow.published.definition
    assert new["tasks"]["T0"]["answers"] == [
        {"key": "smooth", "label": "Smooth"},
        {"key": "features", "label": "Features", "next": "T1"},
        {"key": "artifact", "label": "Star or artifact"},
    ]
    assert (new["tasks"]["T1"], new["retirement"]) == (TREE["tasks"]["T1"], TREE["retirement"])
    draft = draft_of(workflow)
    changed = {**draft.definition, "redo_minutes": 3}
    change_draft(workflow, edition=draft.edition, step=lambda _old: changed, by=None)
    tag = ann.call("GET", path).headers["ETag"]
    refused = ann.call("PUT", path, {"workflows": {"retirement": {"criteria": "never_retire"}}}, tag)
    assert said(refused) == (
        409,
        "The lab holds changes of this workflow that are not published: publish them there first, or drop them.",
    )


def test_exports_are_asked_for_looked_after_and_fetched(
    ann: Hand, hands: dict[str, Hand], project: Project
) -> None:
    workflow = project.workflows.get()
    Crowd(workflow, 1).answer(0, 0, SMOOTH)
    path = f"/workflows/{workflow.pk}/classifications_export"
    assert said(ann.call("GET", path))[0] == 404
    asked = ann.call("POST", path, {"media": {"content_type": "text/csv"}}).json()["media"][0]
    assert (asked["metadata"]["state"], asked["src"]) == ("creating", None)
    of_set = f"/subject_sets/{workflow.subject_set_id}/classifications_export"
    assert ann.call("GET", of_set).json()["media"][0]["id"] == asked["id"]
    hands["stranger"].connect("stranger", team_member(make_workflow(1, slug="other").project, "stranger")[1])
    for method in ("GET", "POST"):
        assert hands["stranger"].call(method, path).status_code == 403  # a public project, whose data are not
    (waiting,) = tend()
    run_waiting(Export.objects.get(pk=waiting))
    ready = ann.get(path)["media"][0]
    assert ready["metadata"]["state"] == "ready"
    file = httpx.get(ready["src"])
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert len(file.text.splitlines()) == 2
    assert httpx.get(ready["src"], headers={"Range": "bytes=0-16"}).text == "classification_id"
    assert said(httpx.get(ready["src"][:-2] + "xx"))[0] == 403
    assert said(ann.call("POST", f"/projects/{project.pk}/talk_comments_export"))[0] == 404
    project.members.all().delete()
    assert said(httpx.get(ready["src"]))[0] == 403
    Export.objects.update(state="failed", message="No space.")
    project.members.create(user=User.objects.get(username="ann"), role="owner")
    assert said(ann.call("GET", path)) == (409, "The export failed: No space.")


@pytest.mark.django_db
def test_the_room_is_closed_unless_the_operator_opens_it(client: Client, settings: Any) -> None:
    places = ["/panoptes/users/sign_in", "/panoptes/api/projects", "/panoptes/api/x/y/z"]
    assert [client.get(place).status_code for place in places] == [404] * 3
    settings.PANOPTES = True
    assert [client.get(place).status_code for place in places] == [200, 401, 404]
