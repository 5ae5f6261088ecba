"""Steps, rule, differences and drawing of a definition that is being made."""

from itertools import pairwise
from typing import Any

import pytest

from projects.drafting.changes import changes
from projects.drafting.edit import add_task, ask_earlier, begin, put_task, remove_task
from projects.drafting.graph import circle, in_order, unreachable
from projects.drafting.layout import layout
from projects.drafting.rule import Row, Rule, from_condition, in_words, to_condition
from projects.exceptions import Invalid
from projects.tasks.definition import parse_definition


def single(question: str, *labels: str, **more: Any) -> dict[str, Any]:
    answers = [{"key": label.lower(), "label": label} for label in labels]
    return {"kind": "single", "question": question, "answers": answers, **more}


def tree() -> dict[str, Any]:
    """T0 smooth/features; T1 after features; T2 after smooth and T1."""
    made, _ = add_task(begin(), single("What is it?", "Smooth", "Features"))
    made, _ = add_task(made, single("A bar?", "Yes", "No"), "T0:features")
    made, _ = add_task(made, {"kind": "text", "question": "Anything odd?", "required": False}, "T1")
    made["tasks"]["T0"]["next"] = "T2"
    return made


def test_tasks_come_where_they_are_asked_for() -> None:
    made = tree()
    assert in_order(made) == ["T0", "T2", "T1"]
    assert [answer.get("next", "-") for answer in made["tasks"]["T0"]["answers"]] == ["-", "T1"]
    assert made["tasks"]["T1"]["next"] == "T2"
    definition = parse_definition(made)
    assert definition.tasks["T0"].next_task("smooth") == "T2"
    first, name = add_task(made, single("Is it a picture?", "Yes"), "")
    assert (first["first_task"], name, first["tasks"]["T3"]["next"]) == ("T3", "T3", "T0")
    between, _ = add_task(made, single("How many?", "One"), "T1")
    assert (between["tasks"]["T1"]["next"], between["tasks"]["T3"]["next"]) == ("T3", "T2")
    assert made == tree()  # never changed in place


def test_what_led_to_a_removed_task_leads_to_what_followed_it() -> None:
    made = remove_task(tree(), "T1")
    assert made["tasks"]["T0"]["answers"][1]["next"] == "T2"
    assert unreachable(made) == []
    assert remove_task(made, "T0")["first_task"] == "T2"
    ruled = {**tree(), "retirement": ["any", ["gte", ["votes"], 9], ["first", "T1", "yes", 2]]}
    with pytest.raises(Invalid, match="change the rule first"):
        remove_task(ruled, "T1")


def test_earlier_changes_places_where_the_way_is_plain() -> None:
    made = begin()
    for question in ("A?", "B?", "C?"):
        after = f"T{len(made['tasks']) - 1}" if made["tasks"] else ""
        made, _ = add_task(made, single(question, "Yes"), after)
    assert in_order(ask_earlier(made, "T2")) == ["T0", "T2", "T1"]
    assert in_order(ask_earlier(made, "T1")) == ["T1", "T0", "T2"]
    with pytest.raises(Invalid, match="It is asked first"):
        ask_earlier(made, "T0")
    with pytest.raises(Invalid, match="Several ways meet here"):
        ask_earlier(tree(), "T2")


def test_a_circle_is_refused_and_a_lost_task_is_found() -> None:
    made = tree()
    with pytest.raises(Invalid, match=r"circle, T0 → T1 → T0"):
        put_task(made, "T1", {**made["tasks"]["T1"], "next": "T0"})
    with pytest.raises(Invalid, match=r"T9, to which this leads, was removed"):
        put_task(made, "T1", {**made["tasks"]["T1"], "next": "T9"})
    lost = put_task(made, "T0", single("What is it?", "Smooth", "Features", next="T2"))
    assert (unreachable(lost), circle(lost)) == (["T1"], [])
    all_lead_on = single("What is it?", "Smooth", next="T2")
    all_lead_on["answers"][0]["next"] = None  # so that the task's own next is a way of nobody
    assert unreachable(
        {**begin(), "first_task": "T0", "tasks": {"T0": all_lead_on, "T2": made["tasks"]["T2"]}}
    ) == ["T2"]


@pytest.mark.parametrize(
    ("rows", "least", "condition", "words"),
    [
        ([Row("votes", 20)], 3, ["gte", ["votes"], 20], "it has 20 answers"),
        (
            [Row("votes", 20), Row("asked", 8, "T0"), Row("agreement", 90, "T0", "", "and")],
            3,
            [
                "any",
                ["gte", ["votes"], 20],
                ["all", ["gte", ["asked", "T0"], 8], ["gte", ["agreement", "T0"], 0.9]],
            ],
            "it has 20 answers; or T0 was asked 8 times and 90 % agree on T0",
        ),
        (
            [Row("probability", 99.5, "T0"), Row("entropy", 0.2, "T0"), Row("first", 5, "T0", "smooth")],
            4,
            [
                "all",
                ["gte", ["votes"], 4],
                [
                    "any",
                    ["gte", ["probability", "T0"], 0.995],
                    ["lte", ["entropy", "T0"], 0.2],
                    ["first", "T0", "smooth", 5],
                ],
            ],
            "the answer to T0 is 99.5 % sure; or the doubt about T0 is at most 0.2 bits; "
            "or the first 5 answers to T0 are all smooth; but never before it has 4 answers",
        ),
    ],
)
def test_a_rule_becomes_a_condition_and_comes_back(
    rows: list[Row], least: int, condition: list[Any], words: str
) -> None:
    made = to_condition(Rule(rows, least))
    assert made == condition
    assert in_words(made) == words
    back = from_condition(made)
    assert back is not None
    assert (back.rows, to_condition(back)) == (rows, made)


def test_a_rule_of_another_shape_is_left_as_it_is() -> None:
    assert from_condition(["not", ["gte", ["votes"], 3]]) is None
    assert from_condition(["any", ["lt", ["votes"], 3]]) is None


def test_differences_are_told_in_sentences() -> None:
    old = tree()
    new = put_task(
        remove_task(old, "T2"),
        "T0",
        {
            "kind": "single",
            "question": "What do you see?",
            "answers": [
                {"key": "features", "label": "Structure", "next": "T1"},
                {"key": "star", "label": "A star"},
            ],
        },
    )
    new["retirement"] = ["gte", ["votes"], 5]
    new["glance"] = False
    assert changes(old, new) == [
        "T0, question: “What do you see?”. Before: “What is it?”.",
        "After T0 comes the end; before T2.",
        "T0: new answer “A star” (star).",
        "T0: answer “Smooth” (smooth) is removed.",
        "T0: “Features” is called “Structure” now.",
        "Question T2 “Anything odd?” is removed.",
        "After T1 comes the end; before T2.",
        "A subject is finished when: votes ≥ 5. Before: votes ≥ 10.",
        "Setting glance: no. Before: none.",
    ]
    assert changes(old, old) == []


def test_the_drawing_has_every_way_in_rows_that_go_down() -> None:
    drawn = layout(tree())
    place = {box.name: box for box in drawn.boxes}
    assert place["T0"].y < place["T1"].y < place["T2"].y < drawn.end.y
    assert sorted((line.source, line.to, line.label) for line in drawn.lines) == [
        ("T0", "T1", "Features"),
        ("T0", "T2", "Smooth"),
        ("T1", "T2", ""),
        ("T2", "", ""),
    ]
    rows: dict[float, list[Any]] = {}
    for box in drawn.boxes:
        rows.setdefault(box.y, []).append(box)
    wide = begin()
    wide, _ = add_task(wide, single("Which?", *"abcdef"))
    for key in "abcdef":
        wide, _ = add_task(wide, single("And?", "Yes"), f"T0:{key}")
    boxes = sorted((box for box in layout(wide).boxes if box.name != "T0"), key=lambda box: box.x)
    assert len(boxes) == 6
    assert all(a.x + a.width < b.x for a, b in pairwise(boxes))
