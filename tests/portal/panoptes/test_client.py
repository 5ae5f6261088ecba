"""The reference platform's client does here what scripts do with it there. It lives in an environment of its own
(`make peers`): without it this is skipped, and test_by_hand.py speaks the same requests."""

import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from PIL import Image

from projects.models import Media, Project, Subject, SubjectSet, SubjectState, Workflow
from projects.services.rebuild import rebuild_workflow
from projects.services.tokens import make_token
from tests.conftest import ROOT
from tests.projects.factories import make_workflow

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


def run(*arguments: object) -> Any:
    done = subprocess.run(
        [PYTHON, SCRIPT, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_it_works_unmodified(live_site: str, tmp_path: Path) -> None:
    project = make_workflow(1).project
    _ann, password = team_member(project)
    picture = tmp_path / "ring.png"
    picture.write_bytes(png())
    seen = run(f"{live_site}/panoptes", "ann", password, project.pk, picture)

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
    assert seen["deleted"].startswith("Could not find subject_sets")
    assert "is about this set" in seen["kept"]
