"""The sample of listings: what was composed, what is drawn, what a volunteer may know and what not."""

import csv
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mining.services.simulated_truth import rules_of, truth_table
from projects import samples
from projects.bundles.read import read_bundle
from projects.bundles.subjects import read_subjects
from projects.samples.content_policy.drawings import DRAWINGS, Sheet
from projects.samples.content_policy.listings import compose
from projects.samples.content_policy.maker import SEED, make

FOLDER = Path(samples.__file__).parent / "content_policy"
VERDICTS = ["no_restrictions", "restricted_display", "adult", "prohibited", "suspected_fraud", "task_error"]
Row = dict[str, str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("content-policy")
    make(made, lambda line: None)
    return made


@pytest.fixture(scope="module")
def rows(folder: Path) -> list[Row]:
    with (folder / "subjects.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_some_two_hundred_listings_of_every_verdict(rows: list[Row]) -> None:
    verdicts = Counter(row["meta:#verdict"] for row in rows)
    assert 180 <= len(rows) <= 240
    assert sorted(verdicts) == sorted(VERDICTS)
    assert min(verdicts.values()) >= 10
    assert verdicts["no_restrictions"] == max(verdicts.values())


def test_the_answers_are_the_verdicts_in_the_order_of_their_keys() -> None:
    second_look, workflow, _words = read_bundle(FOLDER).workflows
    assert second_look.definition.tasks == workflow.definition.tasks
    assert second_look.requires == [workflow.definition.exam.grants] == ["policy-exam"]
    task = workflow.definition.tasks["T0"]
    assert task.kind == "single"
    assert task.keys == VERDICTS
    assert all(answer.icon for answer in task.answers)
    assert workflow.definition.viewer.kind == "listing"
    assert workflow.definition.viewer.blur


def test_subjects_carry_what_the_card_shows_and_the_verdict_is_hidden(folder: Path) -> None:
    bundle = read_bundle(FOLDER)
    viewer = bundle.workflows[1].definition.viewer
    subjects = read_subjects(folder, bundle.project)
    shown = set(subjects[0].metadata) - {"#verdict"}
    assert set(viewer.card) == shown
    told = [
        json.dumps([s.alts, {k: v for k, v in s.metadata.items() if not k.startswith("#")}]) for s in subjects
    ]
    assert [text for text in told if any(key in text for key in VERDICTS if "_" in key)] == []
    assert all(set(viewer.card) <= set(subject.metadata) for subject in subjects)


def test_the_crowds_truth_is_the_hidden_verdict(folder: Path) -> None:
    bundle = read_bundle(FOLDER)
    workflow = bundle.workflows[1]
    subjects = read_subjects(folder, bundle.project)
    definition = workflow.definition.model_dump(mode="json")
    found = truth_table(
        definition,
        rules_of("content-policy")["verdicts"],
        [subject.attributes for subject in subjects],
        seed=1,
        metadata=[subject.metadata for subject in subjects],
    )
    assert found["T0"] == [subject.metadata["#verdict"] for subject in subjects]


def test_attributes_are_those_of_project_yaml_and_known_for_every_listing(rows: list[Row]) -> None:
    project = read_bundle(FOLDER).project
    assert [key for key in rows[0] if key.startswith("attr:")] == [
        f"attr:{a.key}" for a in project.attributes
    ]
    assert {a.key for a in project.attributes if a.kind == "category"} == {"country", "category"}
    assert all(row[f"attr:{a.key}"] for row in rows for a in project.attributes)
    assert all(a.description for a in project.attributes)
    assert all(row["attr:title_length"] == str(len(row["meta:Title"])) for row in rows)
    assert all(row["meta:Price"] == f"{row['attr:price']} EUR" for row in rows)


def test_frauds_are_cheap_and_new_and_nothing_else_is_both(rows: list[Row]) -> None:
    for row in rows:
        cheap, new = float(row["attr:price_share"]) < 0.25, int(row["attr:seller_age"]) < 12
        assert (cheap and new) == (row["meta:#verdict"] == "suspected_fraud"), row["external_id"]


def test_texts_read_as_written_and_every_gap_is_filled(rows: list[Row]) -> None:
    sound = [row for row in rows if row["meta:#verdict"] != "task_error"]
    for row in sound:
        for text in (row["meta:Title"], row["meta:Text"]):
            assert "{" not in text, row["external_id"]
            assert "  " not in text, row["external_id"]
        assert row["meta:Text"][0].isupper()
        assert row["meta:Text"].endswith((".", "?", "!")), row["meta:Text"]
    assert len({(row["meta:Title"], row["meta:Text"]) for row in sound}) == len(sound)
    assert "lorem" not in json.dumps(rows).lower()


def test_the_same_seed_gives_the_same_listings() -> None:
    assert compose(SEED) == compose(SEED)
    assert compose(SEED) != compose(SEED + 1)


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawings_keep_within_the_sheet(name: str) -> None:
    sheet = Sheet()
    DRAWINGS[name](sheet, "#b5483a", np.random.default_rng(1))
    left, top, right, bottom = (edge / sheet.image.width for edge in sheet.image.getbbox() or ())
    assert left >= 0.05
    assert top >= 0.05
    assert right <= 0.95
    assert bottom <= 0.95


def test_every_drawing_is_used_and_pictures_differ(folder: Path, rows: list[Row]) -> None:
    assert {listing.drawing for listing in compose(SEED)} == set(DRAWINGS)
    contents = set()
    for row in rows:
        with Image.open(folder / row["file"]) as picture:
            assert picture.size == (480, 480)
        contents.add((folder / row["file"]).read_bytes())
    errors = sum(
        row["meta:#verdict"] == "task_error" for row in rows
    )  # these two drawings have no room around them
    assert len(contents) >= len(rows) - errors + 2


def test_the_guide_has_a_section_for_each_verdict() -> None:
    *pages, guide = read_bundle(FOLDER).pages
    assert guide.slug == "guide"
    headings = [line for line in guide.body.splitlines() if line.startswith("## ")]
    labels = [answer.label for answer in read_bundle(FOLDER).workflows[1].definition.tasks["T0"].answers]
    assert headings == [f"## {number} · {label}" for number, label in enumerate(labels, start=1)]
    assert guide.position > max(page.position for page in pages)


def test_known_answers_are_enough_for_the_training_and_both_tries_at_the_exam(
    folder: Path, rows: list[Row]
) -> None:
    verdicts = {row["external_id"]: row["meta:#verdict"] for row in rows}
    with (folder / "gold.csv").open(newline="", encoding="utf-8") as file:
        known = list(csv.DictReader(file))
    assert all(row["T0"] == verdicts[row["external_id"]] for row in known)
    assert len({row["external_id"] for row in known}) == len(known)
    uses = Counter((row["use"], row["secret"]) for row in known)
    assert uses == {("training", "no"): 12, ("exam", "no"): 18, ("check", "yes"): 12}
    definition = read_bundle(FOLDER).workflows[1].definition
    assert definition.training is not None
    assert definition.exam is not None
    assert definition.training.subjects <= 12
    assert definition.exam.subjects * definition.exam.tries <= 18
    assert all(bool(row["right_message"]) == (row["use"] == "training") for row in known)
