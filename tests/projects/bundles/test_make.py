"""Running a sample's maker: once for each state of its folder. Building the samples by command."""

import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from projects import samples
from projects.bundles.make import make_sample
from projects.management.commands import build_samples
from projects.models import Project, Subject

MAKER = """
import shutil
from pathlib import Path

def make(folder, progress):
    progress("making beans")
    for name in ("subjects.csv", "b1.png", "b2.png", "b2-side.png"):
        shutil.copy(Path(__file__).parent / name, folder / name)
"""


@pytest.fixture
def sample(
    folder: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The small bundle as a sample with a maker, in a samples folder of its own."""
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path / "var", tmp_path / "media"
    (folder / "maker.py").write_text(MAKER)
    (folder / "__init__.py").touch()
    monkeypatch.setattr(build_samples, "SAMPLES", tmp_path)
    monkeypatch.setattr(samples, "__path__", [str(tmp_path)])
    yield folder
    for name in [name for name in sys.modules if name.startswith("projects.samples.beans")]:
        del sys.modules[name]


def test_maker_runs_once_until_its_code_changes(sample: Path) -> None:
    lines: list[str] = []
    made = make_sample(sample, lines.append)
    assert (made / "b1.png").read_bytes() == (sample / "b1.png").read_bytes()
    assert make_sample(sample, lines.append) == made
    assert lines == ["making beans"]
    (sample / "maker.py").write_text(MAKER + "# changed\n")
    make_sample(sample, lines.append)
    make_sample(sample, lines.append, again=True)
    assert lines == ["making beans"] * 3


def test_maker_that_fails_leaves_what_was_made_before(sample: Path) -> None:
    made = make_sample(sample, lambda line: None)
    (sample / "b2.png").unlink()
    with pytest.raises(FileNotFoundError):
        make_sample(sample, lambda line: None, again=True)
    assert (made / "b2.png").exists()
    assert make_sample(sample, lambda line: None) == made


def test_sample_without_maker_carries_its_own_subjects(sample: Path) -> None:
    (sample / "maker.py").unlink()
    assert make_sample(sample, lambda line: None) == sample


@pytest.mark.django_db
def test_command_builds_once_and_leaves_the_owners_changes(sample: Path) -> None:
    said = StringIO()
    call_command("build_samples", stdout=said)
    assert said.getvalue().splitlines() == ["making beans", "beans: loading", "beans: loaded, 2 subjects"]
    Project.objects.filter(slug="beans").update(title="My beans")
    said = StringIO()
    call_command("build_samples", stdout=said)
    assert said.getvalue().splitlines() == ["beans: here already"]
    assert Project.objects.get(slug="beans").title == "My beans"
    call_command("build_samples", "beans", "--force", stdout=StringIO())
    assert Project.objects.get(slug="beans").title == "Beans"
    assert Subject.objects.count() == 2


@pytest.mark.django_db
def test_command_says_what_a_published_workflow_lacks(sample: Path) -> None:
    with (sample / "workflows" / "sort.yaml").open("a") as file:
        file.write("training: {subjects: 3}\n")
    said = StringIO()
    call_command("build_samples", stdout=said)
    assert said.getvalue().splitlines()[-1] == (
        "beans/sort: The training asks for 3 known subjects and there is none: it stays closed. Give known answers."
    )


@pytest.mark.django_db
def test_command_names_the_mistake_and_unknown_samples(sample: Path) -> None:
    with pytest.raises(CommandError, match=r"^There is no sample peas; there are: beans\.$"):
        call_command("build_samples", "peas", stdout=StringIO())
    (sample / "icons" / "dot.svg").unlink()
    with pytest.raises(
        CommandError, match=r"^beans/workflows/sort\.yaml: an answer names an icon without file"
    ):
        call_command("build_samples", stdout=StringIO())
    assert Project.objects.count() == 0
