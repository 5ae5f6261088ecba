"""The demo's samples: whatever lies in the folder of samples is built, answered by a crowd, mined and owned; once."""

import time
from io import StringIO
from pathlib import Path

import pytest
import redis
from django.core.management import call_command
from pytest_django import Settings

from mining.models import Run
from portal import alive
from portal.management.commands import prepare_demo
from projects import samples
from projects.management.commands import build_samples
from projects.models import Classification, Project, ProjectMember
from projects.samples import by_slug
from tests.projects.bundles.conftest import write_bundle

pytestmark = pytest.mark.django_db(transaction=True)  # the ledger is written at COMMIT


@pytest.fixture
def root(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of samples of its own, with one in it."""
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path / "var", tmp_path / "media"
    settings.VAR_DIR.mkdir()
    folder = tmp_path / "samples"
    write_bundle(folder / "beans")
    monkeypatch.setattr(build_samples, "SAMPLES", folder)
    monkeypatch.setattr(prepare_demo, "by_slug", lambda: by_slug(folder))
    monkeypatch.setattr(prepare_demo, "TALKED_OF", {"beans"})
    return folder


def prepare() -> str:
    """What it says, without migrating and collecting, which every test session has done."""
    said = StringIO()
    command = prepare_demo.Command(stdout=said)
    command._samples()
    command._accounts()
    command._talk()
    return said.getvalue()


def test_adding_a_sample_is_adding_a_folder(root: Path) -> None:
    said = prepare()
    assert "Building the sample project beans" in said
    assert "Talk of beans: a few samples" in said
    assert " s\n" in said  # each step with its seconds
    write_bundle(root / "green_peas")
    project = root / "green_peas" / "project.yaml"
    project.write_text(project.read_text().replace("slug: beans", "slug: green-peas"))
    said = prepare()
    assert "Building the sample project green-peas" in said
    assert "beans" not in said.replace("green-peas", "")
    for slug in ("beans", "green-peas"):
        assert Classification.objects.filter(workflow__project__slug=slug, volunteer__simulated=True).exists()
        assert Run.objects.filter(workflow__project__slug=slug).exists()
        owner = ProjectMember.objects.get(project__slug=slug)
        assert (owner.user.username, owner.role) == ("keeper", "owner")


def test_a_sample_with_known_answers_gets_its_crowd_too(root: Path) -> None:
    workflow = root / "beans" / "workflows" / "sort.yaml"
    workflow.write_text(workflow.read_text() + "training: {subjects: 1}\n")
    (root / "beans" / "gold.csv").write_text("external_id,workflow,use,T0\nb1,sort,training,other\n")
    prepare()
    answered = Classification.objects.filter(volunteer__simulated=True)
    assert set(answered.values_list("subject__external_id", flat=True)) == {"b2"}
    assert Run.objects.filter(workflow__project__slug="beans").exists()


def test_second_start_does_nothing(root: Path) -> None:
    prepare()
    before = Classification.objects.count(), Run.objects.count()
    assert prepare() == ""
    assert (Classification.objects.count(), Run.objects.count()) == before


def test_who_spoke_before_the_start_is_not_taken_for_alive(
    root: Path, redis_client: redis.Redis, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STATIC_ROOT = root / "static"
    monkeypatch.setenv("SAMPLES", "0")
    for who in ("worker", "beat"):
        alive.say(who, time.time())
    call_command("prepare_demo", stdout=StringIO())
    assert [alive.seconds_since(who, time.time()) for who in ("worker", "beat")] == [None, None]


def test_every_sample_of_the_house_is_found() -> None:
    found = by_slug()
    assert {"deep-field", "content-policy"} <= set(found)
    assert all((folder / "project.yaml").is_file() for folder in found.values())
    assert list(found.values()) == sorted(found.values())
    assert all(folder.parent == Path(samples.__file__).parent for folder in found.values())
    assert Project.objects.count() == 0
