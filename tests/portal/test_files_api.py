"""Files and releases by program: asked for, watched, cancelled, fetched in parts; the same services as the pages."""

import hashlib
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from projects.exports.waiting import run_waiting, tend
from projects.models import Export, Look, ProjectMember, Workflow
from projects.services import record_classification
from projects.services.tokens import make_token
from tests.projects.api.test_tokens import Program
from tests.projects.factories import make_pass, make_workflow, submission

CLIENT = Path(__file__).parents[2] / "client"
FILES = "projects/zoo/exports"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workflow(redis_client: object) -> Workflow:
    made = make_workflow(3)
    for name in ("s0", "s0", "s0", "s1"):
        subject = made.project.subjects.get(external_id=name)
        record_classification(submission(made, subject.pk), make_pass())
    return made


def secret(workflow: Workflow, role: str) -> str:
    user = User.objects.create_user(f"a-{role}")
    if role:
        ProjectMember.objects.create(project=workflow.project, user=user, role=role)
    return make_token(user=user, name="files", scopes=["write"])[1]


def write_all() -> None:
    for pk in tend():
        run_waiting(Export.objects.get(pk=pk))


def test_a_file_is_asked_for_watched_and_fetched_in_parts(workflow: Workflow) -> None:
    ann = Program(secret(workflow, "scientist"))
    body = {"table": "annotations", "form": "csv", "workflow": "shapes"}
    asked = ann.post(FILES, body).json()
    at = f"{FILES}/{asked['id']}"
    assert (asked["state"], asked["team"], asked["name"]) == ("waiting", True, "zoo-shapes-annotations.csv")
    assert ann.get(f"{at}/file").status_code == 404
    write_all()
    done = ann.get(at).json()
    assert (done["state"], done["rows"]) == ("done", 4)
    assert [each["id"] for each in ann.get(FILES).json()["items"]] == [asked["id"]]
    assert Look.objects.count() == 0
    whole = b"".join(ann.get(f"{at}/file").streaming_content)
    assert (len(whole), hashlib.sha256(whole).hexdigest()) == (done["size"], done["sha256"])
    assert Look.objects.count() == 1
    ann.headers["Range"] = "bytes=10-19"
    part = ann.get(f"{at}/file")
    assert (part.status_code, b"".join(part.streaming_content)) == (206, whole[10:20])
    ann.headers["Range"] = f"bytes={len(whole)}-"
    assert ann.get(f"{at}/file").status_code == 416
    del ann.headers["Range"]
    other = ann.post(FILES, body | {"table": "votes"}).json()
    assert ann.post(f"{FILES}/{other['id']}/cancel", {}).json()["state"] == "cancelled"
    assert ann.post(f"{FILES}/{other['id']}/cancel", {}).json()["error"]["code"] == "conflict"
    assert ann.post(FILES, body | {"form": "fits"}).json()["error"]["message"].startswith("There is no table")
    assert ann.post(FILES, body | {"workflow": "x"}).json()["error"]["code"] == "invalid"
    stranger = Program(secret(workflow, ""))
    assert [stranger.get(FILES).status_code, stranger.post(FILES, body).status_code] == [403, 403]
    workflow.project.data_public = True
    workflow.project.save()
    assert [stranger.get(at).status_code, stranger.get(f"{at}/file").status_code] == [404, 404], "the team's"
    theirs = stranger.post(FILES, body).json()
    assert (theirs["team"], stranger.get(FILES).json()["items"]) == (False, [theirs])
    third = Program(make_token(user=User.objects.create_user("third"), name="x", scopes=["write"])[1])
    assert third.get(f"{FILES}/{theirs['id']}").status_code == 200
    assert third.post(f"{FILES}/{theirs['id']}/cancel", {}).status_code == 403, "another's"


def test_a_release_is_made_by_program_and_saved_by_the_client(
    workflow: Workflow, live_site: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(CLIENT))
    monkeypatch.delitem(sys.modules, "voorwerp_client", raising=False)
    from voorwerp_client import Refused, Site

    said = {"title": "Zoo", "creators": ["Arkel, Hanny van"], "licence": "CC-BY-4.0"}
    expert = Program(secret(workflow, "expert"))
    assert expert.post("projects/zoo/releases", said).status_code == 403
    site = Site(live_site, secret(workflow, "owner"))
    with pytest.raises(Refused, match="Choose a licence"):
        site.post("projects/zoo/releases", {**said, "licence": "mine"})
    made = site.post("projects/zoo/releases", said)
    assert (made["number"], made["state"]) == (1, "waiting")
    site.post(FILES, {"table": "annotations", "form": "csv", "workflow": "shapes"})
    write_all()
    (release,) = site.pages("projects/zoo/releases")
    assert release["state"] == "done"
    assert "Arkel" in release["citation"]
    archive = site.save("zoo", release["export"], tmp_path, piece=1000)
    assert archive.read_bytes()[:2] == b"PK"
    archive.write_bytes(archive.read_bytes()[:1500])  # as if it had broken off
    assert (
        site.save("zoo", release["export"], tmp_path).stat().st_size
        == site.get(f"{FILES}/{release['export']}")["size"]
    )
    table = site.export("zoo", "annotations", "csv", tmp_path, workflow="shapes")
    assert table.name == "zoo-shapes-annotations.csv"
    assert table.read_text().count("\n") == 5
