"""Reading a bundle's text: what is understood, and what is refused with file and reason."""

from pathlib import Path

import pytest

from projects.bundles.errors import BundleError
from projects.bundles.read import read_bundle
from tests.projects.bundles.conftest import replace


def test_bundle_is_read_as_written(folder: Path) -> None:
    bundle = read_bundle(folder)
    assert bundle.project.slug == "beans"
    assert [(page.slug, page.title, page.position, page.body) for page in bundle.pages] == [
        ("about", "About", 2, "We sort *beans*.")
    ]
    assert [(step.title, step.image, step.workflow) for step in bundle.tutorial] == [
        ("Hello", "hello.png", None),
        ("Sort", "", "sort"),
    ]
    (workflow,) = bundle.workflows
    assert workflow.subject_set == "all"
    assert list(workflow.definition.tasks) == ["T0", "T1"]
    assert workflow.icon_names() == {"dot"}
    assert list(bundle.icons) == ["dot"]


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("project.yaml", "slug: beans", "slug: Beans!", "project.yaml: slug: String should match pattern"),
        ("project.yaml", "state: live", "stat: live", "project.yaml: stat: Extra inputs are not permitted"),
        ("project.yaml", "key: colour", "key: mass", "project.yaml: the attribute mass is there twice"),
        (
            "project.yaml",
            "title: Beans\n",
            "title: Beans\ntitle: Peas\n",
            "project.yaml: line 1: title is there twice",
        ),
        ("project.yaml", "sets:\n", "sets: [\n", "project.yaml: line 7:"),
        ("pages/about.md", "---\ntitle", "title", "pages/about.md: it must begin with front matter"),
        ("pages/about.md", "title: About\n", "", "pages/about.md: title: Field required"),
        (
            "tutorial.yaml",
            "workflow: sort",
            "workflow: sift",
            "tutorial.yaml, step 2: there is no workflow sift",
        ),
        ("tutorial.yaml", "text: Look", "txet: Look", "tutorial.yaml, step 1: text: Field required"),
        ("workflows/sort.yaml", "next: T1", "next: T9", "workflows/sort.yaml: definition: T0 leads to T9"),
        (
            "workflows/sort.yaml",
            "next: T1",
            "next: null",
            "workflows/sort.yaml: definition: no answer leads to T1",
        ),
        ("workflows/sort.yaml", "[gte, [votes], 3]", "[gte, [vote], 3]", "workflows/sort.yaml: definition: "),
        (
            "workflows/sort.yaml",
            "subject_set: all",
            "subject_set: some",
            "workflows/sort.yaml: subject_set some is not",
        ),
        (
            "workflows/sort.yaml",
            "icon: dot",
            "icon: dog",
            "workflows/sort.yaml: an answer names an icon without file",
        ),
        (
            "workflows/sort.yaml",
            "kind: multiple",
            "kind: many",
            "workflows/sort.yaml: definition.tasks: T1 has the kind",
        ),
        ("icons/dot.svg", "<circle", "<script", "icons/dot.svg: the element <script> is not"),
    ],
)
def test_mistake_is_refused_with_file_and_reason(
    folder: Path, name: str, old: str, new: str, message: str
) -> None:
    replace(folder, name, old, new)
    with pytest.raises(BundleError) as refused:
        read_bundle(folder)
    assert str(refused.value).startswith(message)


def test_missing_project_file_is_refused(folder: Path) -> None:
    (folder / "project.yaml").unlink()
    with pytest.raises(BundleError, match=r"^project\.yaml: the file is missing$"):
        read_bundle(folder)


def test_bundle_without_workflow_is_refused(folder: Path) -> None:
    (folder / "workflows" / "sort.yaml").unlink()
    with pytest.raises(BundleError, match=r"^workflows: there is no workflow"):
        read_bundle(folder)


def test_latin_1_file_is_refused_by_name(folder: Path) -> None:
    (folder / "tutorial.yaml").write_bytes("- {title: Grün, text: x}".encode("latin-1"))
    with pytest.raises(BundleError, match=r"^tutorial\.yaml: the file is not UTF-8"):
        read_bundle(folder)


def test_guide_is_a_page_that_stands_last(folder: Path) -> None:
    (folder / "guide.md").write_text("---\ntitle: Bean guide\n---\n## Red\n\nRipe.\n")
    guide = read_bundle(folder).pages[-1]
    assert (guide.slug, guide.title, guide.position) == ("guide", "Bean guide", 3)


def test_guide_among_the_pages_is_sent_to_its_place(folder: Path) -> None:
    (folder / "pages" / "guide.md").write_text("---\ntitle: Bean guide\n---\nRipe.\n")
    with pytest.raises(BundleError, match=r"pages/guide.md: the guide's place is guide.md"):
        read_bundle(folder)


def test_guide_without_front_matter_is_refused_by_its_name(folder: Path) -> None:
    (folder / "guide.md").write_text("## Red\n")
    with pytest.raises(BundleError, match=r"^guide.md: it must begin with front matter"):
        read_bundle(folder)
