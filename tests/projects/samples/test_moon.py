"""The sample Moon: known craters where the picture has them, and that the bundle loads."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from pytest_django import Settings
from skimage.data import moon

from projects import samples
from projects.bundles.load import load_bundle
from projects.bundles.write import write_bundle
from projects.models import Project
from projects.samples.moon.known import CRATERS
from projects.samples.moon.maker import known, make
from projects.services.make_pairs import make_pairs
from projects.tasks.definition import parse_definition
from tests.projects.bundles.test_write import contents

FOLDER = Path(samples.__file__).parent / "moon"


def test_known_craters_are_dark_on_their_left_and_bright_on_their_right() -> None:
    picture = moon().astype(np.float64)
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]]
    for crater in CRATERS:
        inside = (x - crater.x) ** 2 + (y - crater.y) ** 2 <= (crater.r + 1) ** 2
        left, right = (picture[inside & side].mean() for side in (x < crater.x, x > crater.x))
        assert right > left + 3, crater


def test_a_patch_has_the_craters_whose_middle_lies_in_it() -> None:
    found = known(96, 0)
    (big,) = found["marks"]
    assert (found["width"], big["tool"], big["x_center"], big["r"]) == (512, "crater", 100.0, 100.0)
    assert [mark["tool"] for mark in known(384, 0)["marks"]] == ["crater", "small", "small"]


@pytest.mark.django_db
def test_it_loads_and_its_craters_are_answers(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    make(tmp_path, lambda line: None)
    load_bundle(FOLDER, made=tmp_path)
    workflow = Project.objects.get(slug="moon").workflows.get(slug="craters")
    definition = parse_definition(workflow.published.definition)
    with (tmp_path / "subjects.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == workflow.counter.subjects == 25
    for row in rows:
        stored = definition.walk([{"task": "T0", "value": json.loads(row["meta:#craters"])["marks"]}])
        definition.check_inside(stored, 512, 512)
    assert sum(json.loads(row["meta:#craters"])["marks"] == [] for row in rows) == 14
    survey = parse_definition(
        Project.objects.get(slug="moon").workflows.get(slug="survey").published.definition
    )
    found = [json.loads(row["meta:#survey"]) for row in rows]
    for each in found:
        survey.walk([{"task": "T0", "value": [{"choice": key, "answers": of} for key, of in each.items()]}])
    assert sum(each == {"nothing": {}} for each in found) == 14
    assert {key for each in found for key in each} == {"large", "sharp", "worn", "pit", "nothing"}
    pictures = [path for choice in survey.tasks["T0"].answers for path in choice.pictures]
    assert len(pictures) == 8
    assert all((tmp_path / "media" / path).is_file() for path in pictures)
    project = workflow.project
    names = [row["external_id"] for row in rows[:3]]
    make_pairs(
        project.subject_sets.create(slug="pairs", title="Pairs"),
        [(names[0], names[1]), (names[2], names[0])],
        {(names[2], names[0]): {"#more": "left"}},
    )
    assert write_bundle(project, tmp_path / "one") == []
    text = (tmp_path / "one" / "pairs.csv").read_text()
    assert text.splitlines()[0] == "subject_set,left,right,meta:#more"
    project.slug = "earlier"
    project.save()
    again = load_bundle(tmp_path / "one", tmp_path / "one")
    assert again != project
    write_bundle(again, tmp_path / "two")
    assert contents(tmp_path / "two") == contents(tmp_path / "one")
    assert again.subjects.filter(members__isnull=False).distinct().count() == 2
