"""A real export of 2,000 rows and four small ones: what goes in is counted, and comes out again."""

import csv
import os
import time
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command

from mining.frames import votes_frame
from mining.services.follow import follow
from mining.services.mine import mine
from projects.models import (
    Classification,
    GoldAnswer,
    Import,
    Project,
    Subject,
    SubjectState,
    Volunteer,
    Workflow,
    WorkflowVersion,
)
from tests.projects.imports.conftest import TakeIn
from tests.projects.imports.real import MICHIGAN, export_file

SECONDS = 10
MIXED = {  # rows, gold, repeats that are no gold, subjects, volunteers: the data folder's own table counts 24, 76, 5, 0
    "andromeda": (63, 9, 16, 16, 3),
    "pmason": (163, 0, 76, 67, 23),
    "survey": (67, 0, 5, 5, 15),
    "fossil": (41, 0, 0, 41, 12),
}


def exported(project: str, folder: Path) -> list[dict[str, str]]:
    file = folder / f"{project}.csv"
    call_command("export", project, "classifications", out=str(file))
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def votes(project: str) -> Counter[tuple[str, ...]]:
    """Every vote by its workflow, subject, volunteer, version, path, key, value, at; ids as the source has them."""
    found: Counter[tuple[str, ...]] = Counter()
    versions = {version.pk: version.number for version in WorkflowVersion.objects.all()}
    for workflow in Project.objects.get(slug=project).workflows.all():
        for row in votes_frame(workflow.pk).iter_rows(named=True):
            place = (workflow.title, versions[row["version"]], row["task"], row["kind"], row["key"])
            found[*place, str(row["value"]), str(row["at"])] += 1
    return found


def test_two_thousand_rows(take_in: TakeIn, tmp_path: Path) -> None:
    file = export_file(MICHIGAN)
    began, cpu = time.monotonic(), time.process_time()
    call_command("import_classifications", file, project="michigan")
    took = time.monotonic() - began
    print(f"2,000 rows in {took:.1f} s, {time.process_time() - cpu:.1f} s of them at work in Python")
    others = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))  # who else wants these processors
    assert took / others < SECONDS
    counts = Counter(Classification.objects.values_list("counted", "counted_reason"))
    assert counts == {("yes", ""): 1960, ("repeat", ""): 3, ("withheld", "gold"): 37}
    assert (Subject.objects.count(), Volunteer.objects.count(), GoldAnswer.objects.count()) == (1536, 31, 37)
    assert Volunteer.objects.filter(external_id__startswith="not-logged-in-").count() == 15
    version = WorkflowVersion.objects.get()
    assert (version.number, version.inferred) == ("463.55", True)
    tasks = version.definition["tasks"]
    assert {name: task["kind"] for name, task in tasks.items()} == {"T3": "survey", "T2": "single"}
    assert len(tasks["T3"]["answers"]) == 20
    assert Import.objects.latest("pk").report["counts"]["raw"] == 0
    take_in(file, project="michigan")
    assert Classification.objects.count() == 2000
    rows = exported("michigan", tmp_path)
    assert len(rows) == 2000
    assert Counter(row["gold_standard"] for row in rows) == {"": 1963, "true": 37}
    assert Counter(bool(row["user_id"]) for row in rows) == {True: 1822, False: 178}


def test_mining_follows_and_a_rebuild_agrees(take_in: TakeIn) -> None:
    take_in(export_file(MICHIGAN), project="michigan")
    workflow = Workflow.objects.get()
    assert follow(workflow.pk) == workflow.counter.position
    run = mine(workflow)
    answered = SubjectState.objects.filter(answered__gt=0).count()
    told = 1 + 20 + 1  # the weather, each of the survey's choices, what is said about them
    assert (run.votes, run.consensus.count()) == (1960 * told, answered * told)
    take_in(export_file(MICHIGAN), project="michigan")  # whose end is a rebuild that finds no difference


@pytest.mark.parametrize("name", list(MIXED))
def test_small_exports(take_in: TakeIn, tmp_path: Path, name: str) -> None:
    rows, gold, repeats, subjects, volunteers = MIXED[name]
    take_in(export_file(f"zoo_mixed/{name}-classifications.csv"), project=name)
    assert Classification.objects.count() == rows
    assert Counter(Classification.objects.values_list("counted", flat=True)) == Counter(
        {"yes": rows - gold - repeats, "withheld": gold, "repeat": repeats}
    )
    assert (Subject.objects.count(), Volunteer.objects.count()) == (subjects, volunteers)
    assert len(exported(name, tmp_path)) == rows


def test_all_four_in_one_project(take_in: TakeIn, tmp_path: Path) -> None:
    """They share 51 ids: as four sources all 334 rows are stored, as one 283."""
    for name in MIXED:
        file = export_file(f"zoo_mixed/{name}-classifications.csv")
        take_in(file, project="four", source=name)
        take_in(file, project="one")
    assert len(exported("four", tmp_path)) == 334
    assert len(exported("one", tmp_path)) == 283


@pytest.mark.parametrize("name", [MICHIGAN, "zoo_mixed/pmason-classifications.csv"])
def test_out_and_in_again_gives_the_same_votes(take_in: TakeIn, tmp_path: Path, name: str) -> None:
    take_in(export_file(name), project="first")
    before = exported("first", tmp_path)
    take_in(tmp_path / "first.csv", project="second", source="first")
    assert votes("second") == votes("first")
    after = exported("second", tmp_path)
    for column in (
        "workflow_name",
        "workflow_version",
        "created_at",
        "gold_standard",
        "expert",
        "annotations",
    ):
        assert [row[column] for row in after] == [row[column] for row in before]
