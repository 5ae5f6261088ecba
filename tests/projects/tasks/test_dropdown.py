"""A task of kind dropdown: what is offered, what is refused, where it leads, how it counts."""

import copy
from typing import Any

import pytest

from projects.exceptions import Invalid
from projects.services.publish_workflow import _skeleton
from projects.tasks.definition import parse_definition

TASKS: dict[str, Any] = {
    "T0": {
        "kind": "dropdown",
        "question": "What is it?",
        "answers": [
            {"key": "fish", "label": "A fish", "next": "T1"},
            {"key": "bird", "label": "A bird", "next": "T1"},
            {"key": "rock", "label": "A rock"},
        ],
        "next": None,
    },
    "T1": {
        "kind": "dropdown",
        "question": "Which?",
        "depends_on": "T0",
        "answers": [
            {"key": "cod", "label": "Cod", "of": ["fish"]},
            {"key": "owl", "label": "Owl", "of": ["bird"]},
            {"key": "other", "label": "Another"},
        ],
    },
}


def definition(**changes: Any) -> dict[str, Any]:
    tasks = copy.deepcopy(TASKS)
    for name, fields in changes.items():
        tasks.setdefault(name, {}).update(fields)
    return {"first_task": "T0", "tasks": tasks, "retirement": ["gte", ["votes"], 3]}


def way(*values: str | None) -> list[dict[str, Any]]:
    return [{"task": f"T{at}", "value": value} for at, value in enumerate(values)]


@pytest.mark.parametrize("values", [("fish", "cod"), ("bird", "owl"), ("bird", "other"), ("rock",)])
def test_an_answer_leads_on_and_opens_its_own(values: tuple[str, ...]) -> None:
    assert parse_definition(definition()).walk(way(*values)) == way(*values)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (("fish", "owl"), "T1: choose one of the list that is offered."),
        (("fish", None), "T1: an answer is required."),
        (("fish", "no"), "T1: choose one of the list that is offered."),
        (("fish", ["cod"]), "T1: choose one of the list that is offered."),
        (("fish", {"value": "cod"}), "T1: choose one of the list that is offered."),
        (("fish", 3), "T1: choose one of the list that is offered."),
        ((None,), "T0: an answer is required."),
        (("rock", "cod"), "The way through the tasks ends before T1."),
    ],
)
def test_what_is_not_offered_is_refused(values: tuple[Any, ...], why: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_definition(definition()).walk(way(*values))
    assert str(refused.value.message) == why


def test_where_nothing_is_offered_nothing_is_asked() -> None:
    only = definition(T1={"answers": TASKS["T1"]["answers"][:1]})
    assert parse_definition(only).walk(way("bird", None)) == way("bird", None)
    with pytest.raises(Invalid, match="T1: choose one of the list"):
        parse_definition(only).walk(way("bird", "cod"))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"T1": {"depends_on": "T9"}}, "T1 depends on T9, which is no other task"),
        ({"T1": {"depends_on": "T1"}}, "T1 depends on T1, which is no other task"),
        ({"T1": {"depends_on": None}}, "answers have an `of`, but the task has no depends_on"),
        (
            {"T1": {"answers": [{"key": "a", "label": "A", "of": ["tree"]}]}},
            "T1 has answers of tree, which is no answer of T0",
        ),
        ({"T0": {"answers": TASKS["T0"]["answers"] * 2}}, "two answers have the same key"),
        ({"T0": {"answers": [{"key": "none", "label": "No"}]}}, "the key 'none' is kept for an empty answer"),
    ],
)
def test_a_list_that_cannot_be_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(Invalid, match=why):
        parse_definition(definition(**changes))


def test_every_way_to_a_task_goes_through_the_one_it_depends_on() -> None:
    first = {
        "kind": "single",
        "question": "Known?",
        "answers": [{"key": "yes", "label": "Yes", "next": "T0"}, {"key": "no", "label": "No", "next": "T1"}],
    }
    around = definition(T2=first) | {"first_task": "T2"}
    with pytest.raises(Invalid, match="there is a way to it that does not go through T0"):
        parse_definition(around)
    first["answers"][1]["next"] = None  # type: ignore[index]
    assert parse_definition(around).first_task == "T2"
    many = definition(T0={"kind": "multiple", "answers": [{"key": "fish", "label": "A"}], "next": "T1"})
    with pytest.raises(Invalid, match="T1 depends on T0, of which not one answer is chosen"):
        parse_definition(many)


def test_conditions_know_its_answers_and_no_probability() -> None:
    for retirement in (["gte", ["agreement", "T0"], 0.9], ["first", "T1", "cod", 3]):
        assert parse_definition(definition() | {"retirement": retirement}).retirement == retirement
    for quantity in ("probability", "entropy"):
        asks = ["any", ["gte", ["votes"], 3], ["not", ["gte", [quantity, "T0"], 0.9]]]
        with pytest.raises(Invalid, match=f"there is no {quantity} of T0"):
            parse_definition(definition() | {"retirement": asks})


def test_what_is_offered_under_what_is_a_matter_of_the_major_version() -> None:
    changed = copy.deepcopy(TASKS["T1"]["answers"])
    changed[0]["of"] = ["fish", "bird"]
    stands, other = parse_definition(definition()), parse_definition(definition(T1={"answers": changed}))
    assert _skeleton(stands) != _skeleton(other)
    renamed = copy.deepcopy(TASKS["T1"]["answers"])
    renamed[0]["label"] = "Codfish"
    assert _skeleton(stands) == _skeleton(parse_definition(definition(T1={"answers": renamed})))


def test_two_thousand_options_are_published_and_answered_quickly() -> None:
    many = [{"key": f"k{n}", "label": f"Kind {n}", "of": ["fish"] if n % 2 else []} for n in range(2000)]
    parsed = parse_definition(definition(T1={"answers": many}))
    assert len(_skeleton(parsed)[1][1][3]) == 2000  # type: ignore[index]
    assert parsed.walk(way("fish", "k1999")) == way("fish", "k1999")
    with pytest.raises(Invalid, match="at most 2000"):
        parse_definition(definition(T1={"answers": [*many, {"key": "more", "label": "More"}]}))
