"""Loading a bundle: once, again, changed."""

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from projects.bundles.errors import BundleError
from projects.bundles.load import load_bundle
from projects.models import (
    CatalogueAttribute,
    Media,
    Project,
    Subject,
    SubjectState,
    TutorialStep,
    WorkflowVersion,
)
from tests.projects.bundles.conftest import replace

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def test_project_is_stored_as_the_folder_says(folder: Path) -> None:
    project = load_bundle(folder, folder)
    assert (project.slug, project.title, project.state, project.is_public) == ("beans", "Beans", "live", True)
    assert [(page.slug, page.body) for page in project.pages.all()] == [("about", "We sort *beans*.")]
    steps = list(TutorialStep.objects.filter(project=project))
    assert [(step.title, step.workflow and step.workflow.slug) for step in steps] == [
        ("Hello", None),
        ("Sort", "sort"),
    ]
    assert (Path(django_settings.MEDIA_ROOT) / steps[0].image).read_bytes() == (
        folder / "hello.png"
    ).read_bytes()
    attributes = CatalogueAttribute.objects.filter(project=project)
    assert [(a.key, a.unit, a.kind) for a in attributes] == [
        ("mass", "g", "number"),
        ("colour", "", "category"),
    ]
    workflow = project.workflows.get()
    assert workflow.published is not None
    assert workflow.published.number == "1.0"
    assert list(workflow.published.definition["icons"]) == ["dot"]
    assert workflow.published.definition["icons"]["dot"].startswith("<svg ")
    states = SubjectState.objects.filter(workflow=workflow)
    assert [state.wanted for state in states] == [3, 3]


def test_media_are_described_and_lie_under_the_media_folder(folder: Path) -> None:
    load_bundle(folder, folder)
    media = Media.objects.filter(subject__external_id="b2")
    assert [(m.position, m.mime, m.width, m.height, m.alt) for m in media] == [
        (0, "image/png", 9, 6, "A bean"),
        (1, "image/png", 10, 6, "The same from the side"),
    ]
    assert media[0].path == f"beans/b2.{media[0].sha256[:8]}.png"
    assert (Path(django_settings.MEDIA_ROOT) / media[0].path).read_bytes() == (folder / "b2.png").read_bytes()


def test_second_load_changes_nothing(folder: Path) -> None:
    first = load_bundle(folder, folder)
    again = load_bundle(folder, folder)
    assert again.pk == first.pk
    counts = [
        model.objects.count()
        for model in (Project, Subject, Media, SubjectState, WorkflowVersion, TutorialStep)
    ]
    assert counts == [1, 2, 3, 2, 1, 2]


def test_changed_text_makes_a_minor_version_and_new_answer_a_major_one(folder: Path) -> None:
    workflow = load_bundle(folder, folder).workflows.get()
    replace(folder, "workflows/sort.yaml", "Is it a bean?", "Is this a bean?")
    load_bundle(folder, folder)
    replace(folder, "workflows/sort.yaml", "{key: crack, label: A crack}", "{key: hole, label: A hole}")
    load_bundle(folder, folder)
    assert [version.number for version in workflow.versions.all()] == ["1.0", "1.1", "2.0"]


def test_other_picture_under_the_same_name_leaves_the_one_that_was_looked_at(folder: Path) -> None:
    load_bundle(folder, folder)
    before = Media.objects.get(subject__external_id="b1")
    stored = Path(django_settings.MEDIA_ROOT) / before.path
    old = stored.read_bytes()
    (folder / "b1.png").write_bytes((folder / "hello.png").read_bytes())
    load_bundle(folder, folder)
    assert Media.objects.get(subject__external_id="b1").path == before.path
    assert stored.read_bytes() == old


def test_file_that_is_no_picture_is_refused_and_nothing_is_stored(folder: Path) -> None:
    (folder / "b2.png").write_text("not a picture")
    with pytest.raises(BundleError, match=r"^subjects\.csv, b2: b2\.png is not a picture"):
        load_bundle(folder, folder)
    assert Project.objects.count() == 0


def test_missing_tutorial_image_undoes_the_load(folder: Path) -> None:
    (folder / "hello.png").unlink()
    with pytest.raises(BundleError, match=r"^tutorial\.yaml, step 1: there is no file hello\.png"):
        load_bundle(folder, folder)
    assert Project.objects.count() == 0


def test_pictures_of_pages_are_stored_and_those_elsewhere_stay_as_they_are(
    folder: Path, tmp_path: Path
) -> None:
    made = tmp_path / "made"
    made.mkdir()
    for name in ("subjects.csv", "b1.png", "b2.png", "b2-side.png"):
        (folder / name).rename(made / name)
    replace(
        folder, "pages/about.md", "We sort", "![a bean](b1.png) ![far](https://example.org/a.png) We sort"
    )
    project = load_bundle(folder, made)
    stored = project.subjects.get(external_id="b1").media.get().path
    assert (
        project.pages.get().body
        == f"![a bean](/media/{stored}) ![far](https://example.org/a.png) We sort *beans*."
    )


@pytest.mark.parametrize("file", ["b9.png", "../outside.png", "//example.org/b1.png"])
def test_missing_picture_of_a_page_undoes_the_load(folder: Path, file: str) -> None:
    (folder.parent / "outside.png").write_bytes((folder / "b1.png").read_bytes())
    replace(folder, "pages/about.md", "We sort", f"![a bean]({file}) We sort")
    with pytest.raises(BundleError, match=f"^page about: there is no file {re.escape(file)}$"):
        load_bundle(folder, folder)
    assert Project.objects.count() == 0


LANES = """\
lanes:
  - {slug: heavy, title: Heavy, source: matching, where: [[gte, mass, 1]], order: mass, priority: 2, requires: [eyes]}
  - {slug: later, title: Later}
subject_set: all
"""


def test_lanes_are_made_once_changed_with_the_folder_and_take_in_what_matches(folder: Path) -> None:
    replace(folder, "workflows/sort.yaml", "subject_set: all\n", LANES)
    with pytest.raises(BundleError, match="eyes is not among the qualifications"):
        load_bundle(folder, folder)
    replace(
        folder,
        "project.yaml",
        "attributes:",
        "qualifications: [{slug: eyes, title: E, kind: adult}]\nattributes:",
    )
    load_bundle(folder, folder)
    replace(folder, "workflows/sort.yaml", "title: Heavy", "title: Heavier")
    for _ in range(2):
        workflow = load_bundle(folder, folder).workflows.get()
    lanes = list(workflow.lanes.values_list("slug", "title", "priority", "requires"))
    assert lanes == [("heavy", "Heavier", 2, ["eyes"]), ("later", "Later", 0, [])]
    states = SubjectState.objects.exclude(lane=None).values_list(
        "subject__external_id", "lane__slug", "priority"
    )
    assert list(states) == [("b1", "heavy", 1.5)]
    assert [list(each.changes) for each in workflow.lanes.first().changes.all()[:1]] == [["title"]]
    replace(folder, "workflows/sort.yaml", "order: mass", "order: colour")
    with pytest.raises(BundleError, match=r"workflows/sort.yaml: lane heavy: colour is no number"):
        load_bundle(folder, folder)
