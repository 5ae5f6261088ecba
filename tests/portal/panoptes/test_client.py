"""The reference platform's client does here what scripts do with it there. It lives in an environment of its own
(`make peers`): without it this is skipped, and test_by_hand.py speaks the same requests."""

import io
import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from PIL import Image

from projects.exports.waiting import run_waiting, tend
from projects.models import Export, Look, Media, Project, Subject, SubjectSet, SubjectState, Workflow
from projects.services.rebuild import rebuild_workflow
from projects.services.tokens import make_token
from tests.conftest import ROOT
from tests.mining.helpers import Crowd
from tests.projects.factories import SMOOTH, make_workflow

PYTHON = ROOT / ".venv-peers" / "bin" / "python"
CLIENT = next((ROOT / ".venv-peers" / "lib").glob("python3*/site-packages/panoptes_client"), None)
SCRIPT = Path(__file__).with_name("with_client.py")
pytestmark = pytest.mark.skipif(CLIENT is None, reason="panoptes-client is not here: make peers")


def png(shade: int = 7) -> bytes:
    content = io.BytesIO()
    Image.new("L", (8, 9), shade).save(content, "PNG")
    return content.getvalue()


def team_member(project: Project, name: str = "ann", role: str = "owner") -> tuple[User, str]:
    """The account, and an app password of it."""
    user = User.objects.create(username=name)
    project.members.create(user=user, role=role)
    return user, make_token(user=user, name="scripts", scopes=["app_password"])[1]


def run(folder: Path, *arguments: object) -> Any:
    """What the script prints; meanwhile a worker's part is done here."""
    with (folder / "said").open("w+") as said, (folder / "wrong").open("w+") as wrong:
        process = subprocess.Popen([PYTHON, SCRIPT, *map(str, arguments)], stdout=said, stderr=wrong)
        while process.poll() is None:
            for waiting in tend():
                run_waiting(Export.objects.get(pk=waiting))
            time.sleep(0.05)
        said.seek(0)
        wrong.seek(0)
        assert process.returncode == 0, wrong.read()
        return json.loads(said.read().splitlines()[-1])


def test_it_works_unmodified(live_site: str, tmp_path: Path) -> None:
    zoo = make_workflow(1)
    project = zoo.project
    ann, password = team_member(project)
    crowd = Crowd(zoo, 2)
    for person in range(2):
        crowd.answer(person, 0, SMOOTH)
    picture = tmp_path / "ring.png"
    picture.write_bytes(png())
    seen = run(tmp_path, f"{live_site}/panoptes", "ann", password, project.pk, picture)

    assert seen["wrong"].startswith("Sign in with your user name and an app password")
    assert (seen["title"], seen["by_slug"]) == ("Zoo", [str(project.pk)] * 2)
    assert seen["unknown"] == [
        "Could not find project with slug='no'",
        "Could not find subject_sets with id='7'",
        f"Could not find subjects with id='{2**70}'",
    ]

    first, second, third = map(int, seen["subjects"])
    rings = SubjectSet.objects.get(pk=seen["set"])
    assert (rings.title, rings.metadata) == ("Rings", {"batch": "1 'a' \"b\" 🌀"})
    assert seen["contains"] == [True] * 3
    assert seen["listed"] == sorted(seen["subjects"])
    assert seen["read"] == "ring 0 🌀"
    assert seen["after_removal"] == [True, False, True]
    assert seen["renamed"] == "Rings"
    assert set(rings.subjects.values_list("pk", flat=True)) == {first, third}
    assert Subject.objects.get(pk=second).subject_set.slug == "taken-out"
    assert Subject.objects.get(pk=first).metadata == {"external_id": "ring 0 🌀", "#secret": "x"}
    stored = Media.objects.get(subject=first)
    assert (stored.width, stored.height, stored.mime) == (8, 9, "image/png")
    assert Media.objects.get(subject=third).path == "https://sky.example/elsewhere.png"

    flow = Workflow.objects.select_related("published", "counter").get(pk=seen["workflow"])
    assert flow.published is not None
    assert (flow.title, flow.subject_set, flow.published.number) == ("Ring?", rings, "1.1")
    assert flow.published.definition["retirement"] == ["gte", ["votes"], 7]
    assert flow.published.definition["tasks"]["T0"]["answers"] == [
        {"key": "yes", "label": "Yes", "next": "T1"}, {"key": "no", "label": "No"},
    ]  # fmt: skip
    assert seen["count"] == 7
    assert seen["stale"].startswith("Somebody has changed this since you loaded it")
    assert seen["retired"] == ["by hand: nothing_here", True]
    assert seen["reopened"] is None
    states = SubjectState.objects.filter(workflow=flow).values_list("subject_id", "retired_reason")
    assert dict(states) == {first: "", third: "by hand: nothing_here"}
    assert rebuild_workflow(flow) == []
    answers, subjects, versions = seen["exports"].values()
    assert [json.loads(row["annotations"])[0]["value"] for row in answers] == ["Smooth"] * 2
    assert list(answers[0])[:2] + list(answers[0])[-2:] == [
        "classification_id", "user_name", "subject_data", "subject_ids",
    ]  # fmt: skip
    assert {row["subject_id"] for row in subjects} == {str(crowd.subjects[0]), str(first), str(third)}
    assert [(row["workflow_id"], row["version"], row["minor_version"]) for row in versions] == [
        (str(zoo.pk), "1", "0"), (str(flow.pk), "1", "0"), (str(flow.pk), "1", "1"),
    ]  # fmt: skip
    assert seen["again"]
    looked = Look.objects.filter(workflow=zoo, subject=crowd.subjects[0])
    assert [look.volunteer.account for look in looked] == [ann]  # the team's file showed what is open
    assert seen["deleted"].startswith("Could not find subject_sets")
    assert "is about this set" in seen["kept"]
