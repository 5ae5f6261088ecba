"""The reference platform's aggregation, unmodified, takes our two files (raw classifications and workflows) through its
three steps, config, extract, reduce, and comes to what we come to: for every kind of task that it maps.

It lives in an environment of its own (`make peers`): without it this is skipped. All kinds stand in one workflow and go
through its steps once, in one process.
"""

import csv
import random
import subprocess
from ast import literal_eval
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from mining.services.follow import follow
from projects.exports.files import classifications_of
from projects.exports.kinds.drawing import platform_form
from projects.exports.stream import csv_pieces
from projects.exports.workflows import columns, rows
from projects.models import Evidence, Media, Workflow
from tests.conftest import ROOT
from tests.mining.helpers import Crowd
from tests.projects.factories import make_workflow

PYTHON = ROOT / ".venv-peers" / "bin" / "python"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not PYTHON.with_name("panoptes_aggregation").exists(),
        reason="panoptes-aggregation is not here: make peers",
    ),
]
SHAPED = {"rotated_rectangle": "rotateRectangle"}
SHAPE_NUMBERS = {
    "point": ("x", "y"), "circle": ("x", "y", "r"), "line": ("x1", "y1", "x2", "y2"),
    "rectangle": ("x", "y", "width", "height"), "rotated_rectangle": ("x", "y", "width", "height", "angle"),
    "ellipse": ("x", "y", "rx", "ry", "angle"),
}  # fmt: skip
TREES = [{"key": "oak", "label": "Oak tree"}, {"key": "elm", "label": "Elm"}, {"key": "ash", "label": "Ash"}]
BEASTS = [
    {
        "key": "lion",
        "label": "Lion",
        "description": "It's a cat.",
        "like": {"zebra": "is “striped”, 'quite'"},
    },
    {"key": "zebra", "label": "Zebra", "asks": ["how-many"]},
]
SHAPES: dict[str, dict[str, Any]] = {
    "point": {"x": 30, "y": 40},
    "circle": {"x_center": 100, "y_center": 80, "r": 20},
    "line": {"x1": 150, "y1": 20, "x2": 220, "y2": 60},
    "rectangle": {"x": 20, "y": 150, "width": 60, "height": 40},
    "rotated_rectangle": {"x_center": 150, "y_center": 170, "width": 70, "height": 30, "angle": 30},
    "ellipse": {"x_center": 240, "y_center": 170, "rx": 40, "ry": 20, "angle": 20},
    "polygon": {"points": [[20, 220], [80, 220], [80, 280], [20, 280]]},
    "freehand": {"points": [[120, 220], [180, 225], [175, 280], [118, 276]]},
}
TOOLS = [
    {"key": shape.replace("_", "-"), "label": shape, "shape": shape, "color": "sky", "details": []}
    for shape in SHAPES
]
RIM = {"kind": "single", "question": "Rim?", "answers": TREES}
TASKS: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {"kind": "single", "question": "Which “tree”, 'it' is?", "answers": TREES, "next": "T1"},
        "T1": {"kind": "multiple", "question": "All?", "answers": TREES, "required": False, "next": "T2"},
        "T2": {"kind": "text", "question": "What does the plate say?", "next": "T3"},
        "T3": {"kind": "number", "question": "How high?", "min": 0, "max": 50, "next": "T4"},
        "T4": {"kind": "dropdown", "question": "Which of the list?", "answers": TREES, "next": "T5"},
        "T5": {"kind": "drawing", "question": "Draw all", "tools": TOOLS, "next": "T6"},
        "T6": {
            "kind": "drawing", "question": "Where?", "next": "T7",
            "tools": [{"key": "crater", "label": "Crater", "shape": "circle", "color": "sky", "details": [RIM]}],
        },
        "T7": {"kind": "transcription", "question": "What stands there?", "next": "T8"},
        "T8": {"kind": "tags", "question": "Anything else?", "required": False, "next": "T9"},
        "T9": {
            "kind": "survey", "question": "Who is there?",
            "answers": [*BEASTS, {"key": "nothing", "label": "Nothing here", "alone": True}],
            "questions": [
                {"key": "how-many", "kind": "number", "question": "How many?", "min": 1, "max": 20, "step": 1},
                {"key": "doing", "kind": "multiple", "question": "Doing?", "required": False, "answers": TREES},
            ],
        },
    },
    "retirement": ["gte", ["votes"], 100],
}  # fmt: skip
PEOPLE = 5
LINES = ["quercus robur", "in silva"]
STEPS = """
import json, os, sys
from panoptes_aggregation.scripts.aggregation_parser import main
os.chdir(sys.argv[1])
workflow = sys.argv[2]
main(["config", "workflows.csv", workflow])
(config,) = [name for name in os.listdir() if name.startswith("Extractor_config")]
main(["extract", "raw.csv", config])
for name in sorted(name for name in os.listdir() if name.startswith("Reducer_config")):
    extractor = name.rsplit("_V1.0_")[1].removesuffix(".yaml")
    main(["reduce", f"{extractor}_extractions.csv", name, "-o", extractor])
"""


def drawn(shape: str, near: Callable[[float], float], details: list[Any]) -> dict[str, Any]:
    numbers = {
        name: [[near(x), near(y)] for x, y in value] if name == "points" else near(value)
        for name, value in SHAPES[shape].items()
    }
    return {"tool": shape.replace("_", "-"), "frame": 0, **numbers, "details": details}


def answers(person: int, near: Callable[[float], float]) -> list[Any]:
    crater = drawn("circle", near, ["oak" if person else "elm"]) | {"tool": "crater"}
    lines = [
        {"tool": "line", "frame": 0, "x1": near(20), "x2": near(280), "y1": near(y), "y2": near(y), "details": [text]}
        for y, text in zip((60, 200), LINES, strict=True)
    ]  # fmt: skip
    return [
        "oak" if person else "elm",
        ["oak", "ash"] if person else [],
        "Quercus",
        [12.5, 11, 0, 13.25, 40][person],
        "ash" if person > 1 else "elm",
        [drawn(shape, near, []) for shape in SHAPES],
        [crater],
        lines,
        ["green-pea"],
        [
            {
                "choice": "lion",
                "answers": {"how-many": [2, 2, 3, 2][person - 1], "doing": ["oak", "ash"][: person % 3]},
            },
            {"choice": "zebra", "answers": {"how-many": 20}},
        ][: 1 if person < 4 else 2]
        if person
        else [{"choice": "nothing", "answers": {}}],
    ]


def written(workflow: Workflow, folder: Path) -> None:
    (folder / "raw.csv").write_text("".join(classifications_of([workflow], team=True)), encoding="utf-8")
    versions = csv_pieces(columns(workflow, team=True), rows(workflow, team=True))
    (folder / "workflows.csv").write_text("".join(versions), encoding="utf-8")


@cache
def both() -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Their reduced row by extractor and task, ours by task; once for all tests."""
    workflow = make_workflow(1, definition=TASKS)
    Media.objects.update(width=300, height=300)
    crowd, rng = Crowd(workflow, PEOPLE), random.Random(5)
    for person in range(PEOPLE):
        values = answers(person, lambda place: round(place + rng.uniform(-1, 1), 2))
        crowd.answer(person, 0, [{"task": f"T{at}", "value": value} for at, value in enumerate(values)])
    follow(workflow.pk)
    ours = {row.task: {"value": row.value, "votes": row.tallies["votes"]} for row in Evidence.objects.all()}
    with TemporaryDirectory() as name:
        folder = Path(name)
        written(workflow, folder)
        done = subprocess.run(
            [PYTHON, "-c", STEPS, name, str(workflow.pk)],
            capture_output=True,
            text=True,
            check=False,
            cwd=name,
        )
        assert done.returncode == 0, done.stderr
        theirs: dict[Any, dict[str, Any]] = {}
        for path in folder.glob("*_reducer_*.csv"):
            with path.open() as file:
                for row in csv.DictReader(file):
                    place = path.stem.partition("_reducer_")[2], row["task"]
                    if row.get("data.choice"):  # a row each
                        theirs.setdefault(place, {})[row["data.choice"]] = row
                    else:
                        theirs[place] = row
    return theirs, ours


def test_answers_are_counted_as_ours() -> None:
    theirs, ours = both()
    single, several = theirs["question_extractor", "T0"], theirs["question_extractor", "T1"]
    assert {"oak": float(single["data.oak-tree"]), "elm": float(single["data.elm"])} == ours["T0"]["votes"]
    assert [float(several[f"data.{slug}"]) for slug in ("oak-tree", "ash")] == [
        ours["T1"]["votes"][key] for key in ("oak", "ash")
    ]
    assert theirs["text_extractor", "T2"]["data.consensus_text"] == ours["T2"]["value"]["text"] == "Quercus"
    assert (
        float(theirs["slider_extractor", "T3"]["data.slider_median"]) == ours["T3"]["value"]["value"] == 12.5
    )
    assert literal_eval(theirs["dropdown_extractor", "T4"]["data.value"]) == [ours["T4"]["votes"]]
    assert theirs["line_text_extractor", "T7"]["data.transcribed_lines"] == "2"
    assert ours["T7"]["value"]["text"].split("\n") == LINES
    assert "T8" not in {task for _extractor, task in theirs}  # tags are not mapped


def test_who_was_found_and_what_was_said_of_each() -> None:
    """Theirs counts as voters those who found anything once for each thing found."""
    theirs, ours = both()
    found = theirs["survey_extractor", "T9"]
    assert {choice: int(float(row["data.choice_count"])) for choice, row in found.items()} == ours["T9"][
        "votes"
    ]
    for choice, of in ours["T9"]["value"]["choices"].items():
        for question, come_to in of["answers"].items():
            begin = f"data.answers_{question}."
            said = {
                name.removeprefix(begin): n for name, n in found[choice].items() if name.startswith(begin)
            }
            given = {answer: float(n) for answer, n in said.items() if n}
            assert given == come_to["votes"], (choice, question)
    lion = ours["T9"]["value"]["choices"]["lion"]["answers"]["how-many"]
    assert (lion["value"], lion["votes"]) == (2.0, {"2": 3, "3": 1})


@pytest.mark.parametrize("shape", ["point", "circle", "line", "rectangle", "rotated_rectangle", "ellipse"])
def test_marks_come_together_where_ours_do(shape: str) -> None:
    theirs, ours = both()
    name = SHAPED.get(shape, shape)
    extractor = "point_extractor_by_frame" if shape == "point" else f"shape_extractor_{name}"
    row = theirs[f"dbscan_{extractor}", "T5"]
    drawn_with = [each for each in ours["T5"]["value"]["marks"] if each["tool"] == shape.replace("_", "-")]
    ((mark, drew),) = [(each["mark"], each["drew"]) for each in drawn_with]
    assert drew == PEOPLE
    form = platform_form(shape, dict(mark))
    at = list(SHAPES).index(shape)
    numbers = SHAPE_NUMBERS[shape]
    found = [literal_eval(row[f"data.frame0.T5_tool{at}_clusters_{number}"])[0] for number in numbers]
    assert found == pytest.approx([form[number] for number in numbers], abs=2)


@pytest.mark.parametrize("shape", ["polygon", "freehand"])
def test_outlines_come_together_where_they_were_drawn(shape: str) -> None:
    theirs, _ours = both()
    at = list(SHAPES).index(shape)
    xs, ys = (
        literal_eval(theirs["polygon_extractor", "T5"][f"data.frame0.T5_tool{at}_clusters_{axis}"])[0]
        for axis in "xy"
    )
    drawn_points = SHAPES[shape]["points"]
    assert len(xs) == len(drawn_points) + 1  # closed
    for (x, y), point in zip(zip(xs, ys, strict=True), drawn_points, strict=False):
        assert [x, y] == pytest.approx(point, abs=1.5)
