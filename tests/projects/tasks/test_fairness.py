"""Rules of fair use: sensible where left out, refused with a sentence where they make none."""

from typing import Any

import pytest
import yaml

from projects.exceptions import Invalid
from projects.tasks.definition import parse_definition
from projects.tasks.fairness import Fairness
from tests.docs.text import ROOT
from tests.projects.factories import TREE


def parsed(**fairness: Any) -> Fairness:
    return parse_definition(TREE | {"fairness": fairness}).fairness


def test_left_out_all_hold_but_what_only_the_team_knows() -> None:
    rules = parse_definition(TREE).fairness
    assert {rule: rules.weight(rule) for rule in rules.RULES} == {
        "too_fast": 0.5,
        "same_answer": 0.25,
        "copies": 0.25,
        "out_of_character": 0.5,
        "impossible": None,
    }
    assert parsed(copies=None).weight("copies") is None
    assert parsed(copies={"weight": 1}).copies.least == 40  # type: ignore[union-attr]


def test_the_documented_rules_are_those_that_hold() -> None:
    text = (ROOT / "docs" / "tasks.md").read_text()
    written = yaml.safe_load(text.split("## Fair use")[1].split("```yaml\n")[1].split("```")[0])["fairness"]
    assert Fairness(impossible=written["impossible"]).model_dump() == written
    assert Fairness().model_dump() == written | {"impossible": None}


@pytest.mark.parametrize(
    ("fairness", "sentence"),
    [
        (
            {"too_fast": {"of_median": 2}},
            "fairness.too_fast.of_median: Input should be less than or equal to 0.5",
        ),
        ({"too_fast": {"least": 1}}, "fairness.too_fast.least: Input should be greater than or equal to 10"),
        ({"copies": {"weight": 0}}, "fairness.copies.weight: Input should be greater than or equal to 0.05"),
        ({"copies": {"often": float("nan")}}, "fairness.copies.often: Input should be a finite number"),
        (
            {"same_answer": {"lean": -1}},
            "fairness.same_answer.lean: Input should be greater than or equal to 1",
        ),
        ({"same_answers": {}}, "fairness.same_answers: Extra inputs are not permitted"),
        ({"alarms": 0}, "fairness.alarms: Input should be greater than 0"),
        ({"impossible": {"combinations": [{"T0": "smooth"}]}}, "a combination has at least two tasks"),
        (
            {"impossible": {"combinations": [{"T0": "smooth", "T9": "bar"}]}},
            "fairness: impossible names T9, which is not a task",
        ),
        (
            {"impossible": {"combinations": [{"T0": "smooth", "T1": "rings"}]}},
            "fairness: impossible names rings, which is no answer of T1",
        ),
    ],
)
def test_nonsense_is_refused_with_a_sentence(fairness: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        parsed(**fairness)
    assert sentence in str(refused.value)
