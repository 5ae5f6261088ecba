"""What was asked, put together from the answers. No database."""

from datetime import UTC, datetime
from typing import Any

import pytest

from projects.imports.infer import Known, definitions
from projects.imports.keys import key_of
from projects.imports.parsed import COLUMNS, parse
from projects.imports.seen import WorkflowSeen
from projects.imports.stored import annotations
from projects.tasks.definition import WorkflowDefinition, parse_definition
from tests.projects.imports.rows import answer, row

NOW = datetime(2026, 11, 23, tzinfo=UTC)
POINT = {"x": 1.5, "y": 2, "tool": 0, "frame": 0, "details": []}


def seen(*answers: list[dict[str, Any]], versions: list[str] | None = None) -> WorkflowSeen:
    found = WorkflowSeen()
    for number, each in enumerate(answers):
        cells = row(number, annotations=each, workflow_version=versions[number] if versions else "3.14")
        found.take(parse([cells[name] for name in COLUMNS], NOW))
    return found


def infer(*answers: list[dict[str, Any]], **known: Known) -> WorkflowDefinition:
    return parse_definition(definitions(seen(*answers).versions, known)[3, 14])


def keys(definition: WorkflowDefinition) -> dict[str, tuple[str, list[str]]]:
    return {name: (task.kind, task.keys) for name, task in definition.tasks.items()}


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["Yes", "No", None, "Yes"], ("single", ["yes", "no"])),
        ([["A", "B"], [], ["C"]], ("multiple", ["a", "b", "c"])),
        (["one\ntwo", "x"], ("text", [])),
        (["x" * 201, "y"], ("text", [])),
        ([f"line {n}" for n in range(61)] * 3, ("text", [])),
        ([f"line {n}" for n in range(8)], ("text", [])),
        ([f"line {n % 4}" for n in range(8)], ("single", ["line-0", "line-1", "line-2", "line-3"])),
        ([[POINT], []], ("drawing", [])),
        ([[], []], ("raw", [])),
        ([None, None], ("raw", [])),
        ([0.5, 0, None], ("number", [])),
        ([0.5, "0.7"], ("raw", [])),
        ([0.5, True], ("raw", [])),
        ([1e300], ("raw", [])),
        (
            [[{"value": "a1", "label": "A", "option": True}], [{"value": None, "option": False}]],
            ("dropdown", []),
        ),
        ([{"selection": "Blue", "option": True}], ("dropdown", [])),
        ([[{"value": "a1", "option": True}, {"value": "b1", "option": True}]], ("raw", [])),
        ([[{"value": {"x": 1}, "option": True}]], ("raw", [])),
        (["Yes", ["Yes"]], ("raw", [])),
        ([[f"label {n}"] for n in range(61)], ("raw", [])),
        (["y" * 10_001], ("raw", [])),
    ],
)
def test_kinds(values: list[Any], kind: tuple[str, list[str]]) -> None:
    assert keys(infer(*[answer(value) for value in values])) == {"T0": kind}


def test_keys_are_slugs_and_stay_apart() -> None:
    found = infer(*[answer(label) for label in ("Yes", "yes", "None", "Ναι", "20-60%", "Yes")])
    assert keys(found)["T0"][1] == ["yes", "yes-8a798890", "none-dc937b59", "answer-5d072f55", "20-60"]
    assert [each.label for each in found.tasks["T0"].choices] == ["Yes", "yes", "None", "Ναι", "20-60%"]


def test_known_keys_stay_whatever_comes_first() -> None:
    known = Known("single", {"yes": "yes", "maybe": "Maybe"})
    found = infer(answer("Yes"), answer("yes"), T0=known)
    assert keys(found)["T0"][1] == ["yes", "maybe", key_of("Yes", {"yes"})]


def test_our_own_keys_are_kept() -> None:
    found = infer(
        answer("Smooth and round", key="smooth", kind="single"),
        answer("Smooth and round", key="smooth-too", kind="single"),
    )
    assert keys(found)["T0"] == ("single", ["smooth", "smooth-too"])


def test_the_way_is_where_most_went_and_never_back() -> None:
    yes = [*answer("Yes"), *answer([{"value": {"x": 1}, "option": True}], "T1"), *answer("Big", "T2")]
    back = [*answer("Big", "T2"), *answer("Yes")]
    found = infer(yes, yes, yes, answer("No"), back)
    assert (found.first_task, found.inferred) == ("T0", True)
    task = found.tasks["T0"]
    assert (task.next_task("yes"), task.next_task("no")) == ("T2", None)
    assert found.tasks["T2"].next_task("big") is None
    assert found.tasks["T1"].kind == "raw"


def test_choices_of_all_versions_are_offered_in_each_but_not_other_kinds() -> None:
    file = seen(answer("Yes"), answer("No"), answer(["Yes"]), versions=["1.0", "2.0", "3.0"])
    found = {number: parse_definition(each) for number, each in definitions(file.versions, {}).items()}
    assert [keys(found[number, 0])["T0"] for number in (1, 2, 3)] == [
        ("single", ["yes", "no"]),
        ("single", ["yes", "no"]),
        ("multiple", ["yes"]),
    ]


def test_a_task_answered_twice_in_one_row_is_no_vote() -> None:
    twice = [*answer("a", "T0.0.0", markIndex=0), *answer("b", "T0.0.0", markIndex=1)]
    found = infer(twice)
    stored = annotations(found, _given(twice))
    assert stored[1] == {"task": "T0.0.0", "value": "b", "rest": {"markIndex": 1}}
    assert found.votes(stored) == []


def test_what_is_stored() -> None:
    rows = [
        [
            *answer("Yes"),
            *answer(["B", "A"], "T1"),
            *answer(" Ἀχιλλεὺς\r\nx\ty ", "T2"),
            *answer([POINT], "T3"),
        ],
        [*answer(None), *answer([], "T1"), *answer(None, "T2"), *answer(None, "T3")],
        [*answer(""), *answer(["A"], "T1")],
    ]
    found = infer(*rows)
    assert [annotations(found, _given(each)) for each in rows] == [
        [
            {"task": "T0", "value": "yes"},
            {"task": "T1", "value": ["b", "a"]},
            {"task": "T2", "value": "Ἀχιλλεὺς\nx y"},
            {"task": "T3", "value": [POINT | {"tool": "tool-0"}]},
        ],
        [
            {"task": "T0", "value": None},
            {"task": "T1", "value": []},
            {"task": "T2", "value": ""},
            {"task": "T3", "value": []},
        ],
        [{"task": "T0", "value": None}, {"task": "T1", "value": ["a"]}],
    ]
    assert found.votes(annotations(found, _given(rows[0]))) == [
        ("T0", [("yes", 1.0)]),
        ("T1", [("b", 1.0), ("a", 1.0)]),
        ("T2", [("text", "Ἀχιλλεὺς\nx y")]),
        ("T3", [("tool-0=1", 1.0)]),
    ]


def _given(annotations: list[dict[str, Any]]):
    cells = row(1, annotations=annotations)
    return parse([cells[name] for name in COLUMNS], NOW).annotations
