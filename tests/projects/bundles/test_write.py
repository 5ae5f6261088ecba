"""A project written as a bundle, loaded and written again is the same to the byte; an edited one becomes a draft."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from projects.bundles.errors import BundleError
from projects.bundles.load import load_bundle
from projects.bundles.take import take_bundle
from projects.bundles.write import write_bundle
from projects.models import Draft, PolicyVersion, Project, Subject, WorkflowVersion
from projects.services.lanes import make_lane
from projects.services.policies import publish_policy, put_region, set_triage
from projects.services.rules import make_rule, set_rule_state, try_rule
from tests.projects.bundles.conftest import replace

pytestmark = pytest.mark.django_db


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def furnished(folder: Path) -> Project:
    """The tests' beans with a guide, a picture in a page, a lane, a policy, a rule, a hard text and numbers."""
    (folder / "guide.md").write_text("---\ntitle: Guide\n---\n## Beans\n\n![A bean](b1.png) are: *good*\n")
    project = load_bundle(folder, folder)
    project.description = "Two lines,\nwith: a colon, “quotes” no more  "
    project.save()
    workflow = project.workflows.get()
    make_lane(workflow=workflow, title="Heavy", source="matching", where=[["gte", "mass", 1.25]], priority=2)
    put_region(project, slug="eu", title="EU", countries=["FR", "DE"])
    holds = [{"verdict": "prohibited", "regions": ["eu"], "since": "2026-01-01"}]
    category = {"key": "stones", "titles": {"en": "Stones: no", "de": "Steine"}, "holds": holds}
    content = {"languages": ["en", "de"], "texts": {"en": "Two\nlines"}, "categories": [category]}
    policy = publish_policy(project, title="Beans only", content=content).policy
    set_triage(workflow, policy=policy, task="T0", verdicts={"bean": "ok", "other": "prohibited"})
    rule = make_rule(
        workflow=workflow,
        title="Heavy ones",
        condition=["all", ["gte", "mass", 2], ["matches", "Field", "north|no"]],
        verdict="fraud",
        region="eu",
        category="stones",
        audit=0.25,
    )
    try_rule(rule)
    set_rule_state(rule, "background")
    Subject.objects.filter(external_id="b2").update(attributes={"mass": 1e-7, "colour": "no"})
    return project


def test_out_in_and_out_again_is_the_same_to_the_byte(folder: Path, tmp_path: Path) -> None:
    project = furnished(folder)
    assert write_bundle(project, tmp_path / "one") == []
    first = contents(tmp_path / "one")
    assert {name.partition("/")[0] for name in first} == {
        "project.yaml", "pages", "guide.md", "tutorial.yaml", "workflows", "icons", "pictures", "policies",
        "subjects.csv",
    }  # fmt: skip
    assert b"Two lines,\n  with: a colon" in first["project.yaml"]
    again = load_bundle(tmp_path / "one", tmp_path / "one")
    assert (again, WorkflowVersion.objects.count()) == (project, 1)
    write_bundle(again, tmp_path / "two")
    assert contents(tmp_path / "two") == first
    Project.objects.update(slug="earlier")
    fresh = load_bundle(tmp_path / "one", tmp_path / "one")  # where there is none of this slug
    assert fresh != project
    write_bundle(fresh, tmp_path / "three")
    assert contents(tmp_path / "three") == first
    assert fresh.subjects.get(external_id="b2").media.count() == 2
    assert fresh.workflows.get().rules.get().state == "background"
    assert PolicyVersion.objects.count() == 2


def test_an_edited_bundle_becomes_a_draft_and_says_what_differs(folder: Path, tmp_path: Path) -> None:
    furnished(folder)
    out = StringIO()
    call_command("export_bundle", "beans", tmp_path / "one", stdout=out)
    replace(tmp_path / "one", "workflows/sort.yaml", "question: Is it a bean?", "question: A bean?")
    replace(tmp_path / "one", "workflows/sort.yaml", "label: Spots", "label: Dots")
    call_command("import_bundle", tmp_path / "one", stdout=out)
    assert "T0, question: “A bean?”. Before: “Is it a bean?”." in out.getvalue()
    assert "T1: “Spots” is called “Dots” now." in out.getvalue()
    draft = Draft.objects.get()
    assert (draft.edition, draft.definition["icons"].keys()) == (1, {"dot"})
    assert WorkflowVersion.objects.count() == 1
    assert take_bundle(tmp_path / "one") == {"sort": []}
    assert Draft.objects.count() == 1
    call_command("import_bundle", tmp_path / "one", publish=True, stdout=out)
    assert WorkflowVersion.objects.latest("minor").definition == draft.definition


def test_what_cannot_be_written_or_taken_is_told(folder: Path, tmp_path: Path) -> None:
    project = load_bundle(folder, folder)
    with pytest.raises(BundleError, match="the folder is not empty"):
        write_bundle(project, folder)
    with pytest.raises(CommandError, match="There is no project nuts"):
        call_command("export_bundle", "nuts", tmp_path / "no")
    replace(folder, "project.yaml", "slug: beans", "slug: nuts")
    with pytest.raises(BundleError, match="there is no project nuts here"):
        take_bundle(folder)
    replace(folder, "project.yaml", "slug: nuts", "slug: beans")
    replace(folder, "workflows/sort.yaml", "slug: sort", "slug: other")
    replace(folder, "tutorial.yaml", ", workflow: sort", "")
    with pytest.raises(BundleError, match="the project has no such workflow"):
        take_bundle(folder)
    assert Draft.objects.count() == 0
