"""Transcriptions in the record, the online state, batch runs, the catalogue and the table of marks."""

from typing import Any

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from mining.models import Consensus
from mining.science.simulate import Walker, make_crowd
from mining.services.follow import follow
from mining.services.mine import mine
from mining.services.rebuild import rebuild_online
from projects.exports import catalogue, marks
from projects.models import Evidence, Media
from projects.services.rebuild import rebuild_workflow
from tests.mining.helpers import Crowd
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db(transaction=True)

PAGE: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {"kind": "transcription", "question": "What stands there?", "required": False, "leiden": True}
    },
    "retirement": ["gte", ["votes"], 100],
}
LINES = [(40, "μηνιναειδεθεα"), (80, "πηληιαδεωαχιληος"), (120, "ουλομενηνημυρι")]


def line(y: float, text: str) -> dict[str, Any]:
    return {"tool": "line", "frame": 0, "x1": 20, "y1": y, "x2": 280, "y2": y, "details": [text]}


def page(subjects: int = 1, **other: Any) -> Any:
    workflow = make_workflow(subjects, definition=PAGE, **other)
    Media.objects.update(width=300, height=160)
    return workflow


def test_lines_come_together_and_their_letters_are_put_together() -> None:
    """Twelve simulated people, whose lines scatter and whose letters are often wrong."""
    workflow = page(2)
    truth = {"width": 300, "height": 160, "marks": [line(y, text) for y, text in LINES]}
    walker = Walker(PAGE, {"T0": [truth, truth]}, make_crowd(12, seed=3), 2, seed=3)
    crowd = Crowd(workflow, 12)
    single = []
    for walk in walker.classifications(np.array([12, 5])):
        crowd.answer(walk.volunteer, walk.subject, walk.annotations)
        single += [_errors(mark["details"][0]) for mark in walk.annotations[0]["value"]]
    follow(workflow.pk)
    row = Evidence.objects.get(subject=crowd.subjects[0])
    value = row.value
    assert (value["asked"], value["counts"]) == (12, {"line": 3})
    found = value["text"].split("\n")  # from top to bottom
    assert len(found) == 3
    wrong = [
        Levenshtein.normalized_distance(mine, text) for mine, (_, text) in zip(found, LINES, strict=True)
    ]
    assert np.mean(wrong) < 0.05 < np.mean(single)
    assert "".join(letter for letter, _ in value["letters"]) == value["text"]
    middles = sorted(
        (mark["mark"]["y1"] + mark["mark"]["y2"]) / 2 for mark in value["marks"] if mark["p"] > 0.5
    )
    assert middles == pytest.approx([y for y, _ in LINES], abs=2.5)
    assert rebuild_workflow(workflow) + rebuild_online(workflow, batch=4) == []
    mined = Consensus.objects.filter(run=mine(workflow)).get(subject=row.subject_id)
    assert mined.value["counts"] == value["counts"]
    assert mined.value["text"] == value["text"]
    columns = {each.name: each.of for each in marks.columns(workflow, team=True)}
    told = [{name: of(thing) for name, of in columns.items()} for thing in marks.rows(workflow, team=True)]
    likely = {each["text"] for each in told if each["likely"] == "yes" and each["external_id"] == "s0"}
    assert likely == set(found)
    cells = {each.name: each.of for each in catalogue.columns(workflow, team=True)}
    first = next(each for each in catalogue.rows(workflow, team=True) if each.external_id == "s0")
    assert (cells["T0_lines"](first), cells["T0_text"](first)) == (3, value["text"])


def _errors(text: str) -> float:
    return min(Levenshtein.normalized_distance(text, known) for _, known in LINES)


def test_what_half_of_them_doubt_has_its_dot() -> None:
    workflow = page()
    crowd = Crowd(workflow, 4)
    for person, text in enumerate(["λο\u0323γος", "λο\u0323γος", "λογος", "λογος"]):
        crowd.answer(person, 0, [{"task": "T0", "value": [line(40 + person, text)]}])
    follow(workflow.pk)
    assert Evidence.objects.get().value["text"] == "λο\u0323γος"
