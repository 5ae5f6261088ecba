"""Combinations: tasks on one screen stay tasks of their own, and all of a screen are asked, or none."""

import copy
from typing import Any

import pytest

from projects.exceptions import Invalid
from projects.tasks.definition import parse_definition

TASKS: dict[str, Any] = {
    "T0": {
        "kind": "single",
        "question": "Is there a bird?",
        "answers": [{"key": "yes", "label": "Yes", "next": "T1"}, {"key": "no", "label": "No", "next": None}],
    },
    "T1": {"kind": "number", "question": "How many?", "min": 1, "max": 99, "step": 1, "next": "T2"},
    "T2": {
        "kind": "multiple",
        "question": "What do they do?",
        "required": False,
        "answers": [{"key": "fly", "label": "Fly"}],
        "next": "T3",
    },
    "T3": {
        "kind": "single",
        "question": "Sure?",
        "answers": [{"key": "yes", "label": "Yes"}, {"key": "no", "label": "No", "next": "T4"}],
    },
    "T4": {"kind": "text", "question": "Why not?"},
}
SCREEN = ["T1", "T2", "T3"]


def definition(*combinations: list[str], **changes: Any) -> dict[str, Any]:
    tasks = copy.deepcopy(TASKS)
    for name, fields in changes.items():
        tasks.setdefault(name, {}).update(fields)
    retirement = ["gte", ["agreement", "T3"], 0.9]
    return {"first_task": "T0", "tasks": tasks, "retirement": retirement, "combinations": list(combinations)}


def test_each_answer_is_of_its_own_task_and_the_last_may_lead_anywhere() -> None:
    parsed = parse_definition(definition(SCREEN))
    way = [("T0", "yes"), ("T1", 3), ("T2", []), ("T3", "no"), ("T4", "fog")]
    answers = [{"task": task, "value": value} for task, value in way]
    assert parsed.walk(answers) == answers
    assert [task for task, _ in parsed.votes(answers)] == ["T0", "T1", "T2", "T3", "T4"]
    with pytest.raises(Invalid, match="T1: a number is required"):
        parsed.walk([answers[0], {"task": "T1", "value": None}, *answers[2:]])
    with pytest.raises(Invalid, match="The next task is T2, not T3"):
        parsed.walk([*answers[:2], *answers[3:]])


AROUND = [{"key": "yes", "label": "Y", "next": "T1"}, {"key": "no", "label": "N", "next": "T3"}]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (definition(["T1"]), "a combination has from 2 to 10 tasks"),
        (definition(["T1", "T9"]), "a combination has T9, which is not a task"),
        (definition(["T1", "T1"]), "T1 stands in the combinations twice"),
        (definition(["T1", "T2"], ["T2", "T3"]), "T2 stands in the combinations twice"),
        (definition(["T0", "T1"]), "T0 must lead to T1, whatever is answered"),
        (definition(["T1", "T3"]), "T1 must lead to T3, whatever is answered"),
        (definition(SCREEN, T0={"next": "T3"}), "only T2 may lead to T3: they are on one screen"),
        (definition(SCREEN, T0={"answers": AROUND}), "only T2 may lead to T3: they are on one screen"),
    ],
)
def test_a_screen_that_could_be_half_asked_is_refused(given: dict[str, Any], why: str) -> None:
    with pytest.raises(Invalid, match=why):
        parse_definition(given)
