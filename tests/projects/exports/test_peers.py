"""panoptes-aggregation reads our raw export, of every kind that it maps, and comes to what we come to.

It lives in an environment of its own (`make peers`): without it this is skipped.
"""

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from mining.services.follow import follow
from projects.models import Evidence
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
        "T3": {"kind": "text", "question": "What does the plate say?"},
    },
    "combinations": [["T0", "T1", "T2", "T3"]],
    "retirement": ["gte", ["votes"], 100],
}
CONFIG = {
    "extractor_config": {
        "slider_extractor": [{"task": "T0"}],
        "dropdown_extractor": [{"task": "T1"}],
        "question_extractor": [{"task": "T2"}],
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
        values = [height, tree, "yes", "Quercus"]
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
    (choices,) = reduced(tmp_path, "question_extractor", "question_reducer")
    assert float(choices["data.yes"]) == ours["T2"].tallies["votes"]["yes"] == 5
    (texts,) = reduced(tmp_path, "text_extractor", "text_reducer")
    assert texts["data.consensus_text"] == ours["T3"].value["text"] == "Quercus"
