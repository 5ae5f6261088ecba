"""panoptes-aggregation reads our raw export, of every kind that it maps, and comes to what we come to.

It lives in an environment of its own (`make peers`): without it this is skipped.
"""

import csv
import json
import random
import re
import subprocess
from ast import literal_eval
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from mining.services.follow import follow
from projects.models import Evidence, Media
from tests.browser.classifying import ROOT
from tests.mining.helpers import Crowd
from tests.projects.factories import make_workflow

PROGRAM = ROOT / ".venv-peers" / "bin" / "panoptes_aggregation"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not PROGRAM.exists(), reason="panoptes-aggregation is not here: make peers"),
]

ANSWERS = [{"key": "oak", "label": "Oak tree"}, {"key": "elm", "label": "Elm"}]
TASKS: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {"kind": "number", "question": "How high?", "min": 0, "max": 50, "next": "T1"},
        "T1": {"kind": "dropdown", "question": "Which?", "answers": ANSWERS, "next": "T2"},
        "T2": {
            "kind": "single",
            "question": "Alive?",
            "answers": [{"key": "yes", "label": "Yes"}],
            "next": "T3",
        },
        "T3": {"kind": "text", "question": "What does the plate say?", "next": "T4"},
        "T4": {"kind": "tags", "question": "Anything else?", "required": False},
    },
    "combinations": [["T0", "T1", "T2", "T3"]],
    "retirement": ["gte", ["votes"], 100],
}
CONFIG = {
    "extractor_config": {
        "slider_extractor": [{"task": "T0"}],
        "dropdown_extractor": [{"task": "T1"}],
        "question_extractor": [{"task": "T2"}, {"task": "T4"}],
        "text_extractor": [{"task": "T3"}],
    },
    "workflow_version": "1.0",
}


def run(folder: Path, *arguments: str) -> None:
    done = subprocess.run([PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def reduced(folder: Path, extractor: str, reducer: str) -> list[dict[str, str]]:
    config = folder / f"{reducer}.yaml"
    config.write_text(json.dumps({"reducer_config": {reducer: {}}}))
    run(folder, "reduce", f"{extractor}_extractions.csv", config.name, "-o", reducer)
    with (folder / f"{reducer}_{reducer}.csv").open() as file:
        return list(csv.DictReader(file))


def test_it_reduces_to_what_we_have(tmp_path: Path) -> None:
    workflow = make_workflow(1, definition=TASKS)
    crowd = Crowd(workflow, 5)
    said = [(12.5, "oak"), (11, "oak"), (0, "elm"), (13.25, "oak"), (40, "oak")]
    for person, (height, tree) in enumerate(said):
        values = [height, tree, "yes", "Quercus", ["green-pea", "old"] if person else []]
        crowd.answer(person, 0, [{"task": f"T{at}", "value": value} for at, value in enumerate(values)])
    follow(workflow.pk)
    call_command("export", "zoo", "classifications", out=str(tmp_path / "raw.csv"))
    (tmp_path / "extract.yaml").write_text(json.dumps(CONFIG | {"workflow_id": workflow.pk}))
    run(tmp_path, "extract", "raw.csv", "extract.yaml")
    ours = {row.task: row for row in Evidence.objects.all()}
    (numbers,) = reduced(tmp_path, "slider_extractor", "slider_reducer")
    assert float(numbers["data.slider_median"]) == ours["T0"].value["value"] == 12.5
    (lists,) = reduced(tmp_path, "dropdown_extractor", "dropdown_reducer")
    assert (
        json.loads(lists["data.value"].replace("'", '"'))
        == [ours["T1"].tallies["votes"]]
        == [{"oak": 4, "elm": 1}]
    )
    choices, tags = reduced(tmp_path, "question_extractor", "question_reducer")
    assert float(choices["data.yes"]) == ours["T2"].tallies["votes"]["yes"] == 5
    assert float(tags["data.green-pea"]) == ours["T4"].value["tags"][0][1] == 4
    (texts,) = reduced(tmp_path, "text_extractor", "text_reducer")
    assert texts["data.consensus_text"] == ours["T3"].value["text"] == "Quercus"


DRAW: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "drawing",
            "question": "Where?",
            "required": False,
            "tools": [
                {
                    "key": "crater", "label": "Crater", "shape": "circle", "color": "sky",
                    "details": [{"kind": "single", "question": "Rim?", "answers": ANSWERS}],
                },
                {"key": "boulder", "label": "Boulder", "shape": "point", "color": "orange"},
            ],
        }
    },
    "retirement": ["gte", ["votes"], 100],
}  # fmt: skip
DRAWN = {
    "extractor_config": {
        "shape_extractor": [
            {"task": "T0", "shape": "circle", "tools": [0], "details": {"T0_tool0": ["question_extractor"]}}
        ],
        "point_extractor_by_frame": [{"task": "T0", "tools": [1]}],
    },
    "workflow_version": "1.0",
}


def clusters(folder: Path, extractor: str, reducer: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Each cell of the one reduced row, lists read."""
    config = folder / f"{reducer}.yaml"
    config.write_text(json.dumps({"reducer_config": {reducer: settings}}))
    run(folder, "reduce", f"{extractor}_extractions.csv", config.name, "-o", reducer)
    with (folder / f"{reducer}_{reducer}.csv").open() as file:
        (row,) = csv.DictReader(file)
    lists = {name: re.sub(r"\bnan\b", "None", text) for name, text in row.items() if text.startswith("[")}
    return row | {name: literal_eval(text) for name, text in lists.items()}


def test_marks_come_together_where_ours_do(tmp_path: Path) -> None:
    workflow = make_workflow(1, definition=DRAW)
    Media.objects.update(width=300, height=300)
    crowd, rng = Crowd(workflow, 6), random.Random(5)

    def near(place: float) -> float:
        return round(place + rng.gauss(0, 1.5), 2)

    for person in range(6):
        marks = [
            {
                "tool": "crater", "frame": 0, "x_center": near(x), "y_center": near(y), "r": near(r),
                "details": ["oak" if person else "elm"],
            }
            for x, y, r in [(60, 70, 20), (200, 150, 40)]
        ]  # fmt: skip
        marks.append({"tool": "boulder", "frame": 0, "x": near(250), "y": near(30), "details": []})
        crowd.answer(person, 0, [{"task": "T0", "value": marks}])
    follow(workflow.pk)
    call_command("export", "zoo", "classifications", out=str(tmp_path / "raw.csv"))
    (tmp_path / "extract.yaml").write_text(json.dumps(DRAWN | {"workflow_id": workflow.pk}))
    run(tmp_path, "extract", "raw.csv", "extract.yaml")
    ours = Evidence.objects.get().value["marks"]
    craters = sorted((m["mark"] for m in ours if m["tool"] == "crater"), key=lambda mark: mark["x_center"])
    assert [mark["drew"] for mark in ours] == [6, 6, 6]
    shapes = {"shape": "circle", "eps": 15, "min_samples": 3, "details": {"T0_tool0": ["question_reducer"]}}
    theirs = clusters(tmp_path, "shape_extractor", "shape_reducer_dbscan", shapes)
    found = sorted(zip(*(theirs[f"data.frame0.T0_tool0_clusters_{name}"] for name in "xyr"), strict=True))
    for (x, y, r), mark in zip(found, craters, strict=True):
        assert (x, y) == pytest.approx((mark["x_center"], mark["y_center"]), abs=0.01)
        assert r == pytest.approx(mark["r"], abs=0.1)  # their mean, our geometric one
    points = clusters(
        tmp_path, "point_extractor_by_frame", "point_reducer_dbscan", {"eps": 15, "min_samples": 3}
    )
    place = [points[f"data.frame0.T0_tool1_clusters_{axis}"][0] for axis in "xy"]
    (boulder,) = (mark["mark"] for mark in ours if mark["tool"] == "boulder")
    assert place == pytest.approx([boulder["x"], boulder["y"]], abs=0.01)


WRITE: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {"T0": {"kind": "transcription", "question": "What stands there?"}},
    "retirement": ["gte", ["votes"], 100],
}


def test_lines_come_together_and_say_what_ours_say(tmp_path: Path) -> None:
    workflow = make_workflow(1, definition=WRITE)
    Media.objects.update(width=300, height=300)
    crowd, rng = Crowd(workflow, 5), random.Random(5)
    for person in range(5):
        said = [(60, "quercus robur" if person else "quercus rubor"), (200, "in silva")]
        lines = [
            {
                "tool": "line", "frame": 0, "x1": round(20 + rng.gauss(0, 2), 2), "x2": round(280 + rng.gauss(0, 2), 2),
                "y1": round(y + rng.gauss(0, 2), 2), "y2": round(y + rng.gauss(0, 2), 2), "details": [text],
            }
            for y, text in said
        ]  # fmt: skip
        crowd.answer(person, 0, [{"task": "T0", "value": lines}])
    follow(workflow.pk)
    call_command("export", "zoo", "classifications", out=str(tmp_path / "raw.csv"))
    extract = {"extractor_config": {"line_text_extractor": [{"task": "T0"}]}, "workflow_version": "1.0"}
    (tmp_path / "extract.yaml").write_text(json.dumps(extract | {"workflow_id": workflow.pk}))
    run(tmp_path, "extract", "raw.csv", "extract.yaml")
    theirs = clusters(tmp_path, "line_text_extractor", "optics_line_text_reducer", {"min_samples": 3})
    found = sorted(theirs["data.frame0"], key=lambda line: line["clusters_y"][0])
    words = [" ".join(max(set(word), key=word.count) for word in line["clusters_text"]) for line in found]
    ours = Evidence.objects.get().value
    assert words == ours["text"].split("\n") == ["quercus robur", "in silva"]
    assert [line["number_views"] for line in found] == [5, 5]
    for line, mark in zip(found, sorted(ours["marks"], key=lambda each: each["mark"]["y1"]), strict=True):
        assert line["clusters_y"] == pytest.approx([mark["mark"]["y1"], mark["mark"]["y2"]], abs=2)
