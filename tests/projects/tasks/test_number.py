"""A task of kind number: what is stored, what is refused, how it counts, how right it is."""

import re
from typing import Any

import pytest
from pydantic import ValidationError

from projects.exceptions import Invalid
from projects.services.tallies import count_all
from projects.tasks.definition import parse_definition
from projects.tasks.number import NumberTask


def task(**fields: Any) -> NumberTask:
    given = {"kind": "number", "question": "How far?", "min": 0, "max": 100} | fields
    return NumberTask.model_validate(given)


@pytest.mark.parametrize(
    ("given", "stored"), [(3, "3"), (3.0, "3"), (-0.0, "0"), (0.1, "0.1"), (100, "100"), (1e-9, "1e-09")]
)
def test_a_whole_number_is_stored_as_one(given: float, stored: str) -> None:
    assert repr(task().validate_value(given)) == stored


def test_a_step_is_met_to_the_last_digit() -> None:
    tenths = task(min=-1, max=1, step=0.1, display="slider")
    assert tenths.validate_value(-1 + 13 * 0.1) == 0.3
    assert tenths.validate_value(0.1 + 0.2) == 0.3
    assert repr(tenths.validate_value(-1e-17)) == "0"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (None, "a number is required"),
        ("3", "give a number"),
        (True, "give a number"),
        ([3], "give a number"),
        ({"value": 3}, "give a number"),
        (-1, "give a number from 0 to 100"),
        (100.5, "give a number from 0 to 100"),
        (float("nan"), "give a number from 0 to 100"),
        (float("inf"), "give a number from 0 to 100"),
        (10**400, "give a number from 0 to 100"),
        (2, "give a number in steps of 5 from 0 on"),
        (5.01, "give a number in steps of 5 from 0 on"),
    ],
)
def test_what_is_no_such_number_is_refused_with_a_sentence(value: Any, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(why)}$"):
        task(step=5).validate_value(value)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"max": 0}, "max is greater than min"),
        ({"display": "slider"}, "a slider needs a step"),
        ({"step": 200}, "at least one step"),
        ({"step": 1e-9}, "1,000,000 at most"),
        ({"step": 0}, "greater than 0"),
        ({"min": float("nan")}, "finite number"),
        ({"max": 1e13}, "less than or equal to"),
        ({"answers": []}, "Extra inputs"),
    ],
)
def test_a_range_that_cannot_be_is_refused(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        task(**fields)


def test_nought_counts_as_a_number() -> None:
    free = task(required=False)
    rows = [[("T0", free.votes(value))] for value in (0, 2.5, None)]
    assert rows[1] == [("T0", [("number", "2.5")])]
    assert count_all(rows) == {
        "T0": {"asked": 3, "votes": {"number": 2, "none": 1}, "first": ["number", "number", "none"]}
    }


def test_how_right_a_number_is() -> None:
    assert task().truth([1, 3, 10]) == 3
    assert task().truth([None]) is None
    assert (task().score(50, 50), task().score(60, 50), task().score(None, 50)) == (1.0, 0.9, 0.0)
    close = task(tolerance=2)
    assert (close.score(52, 50), close.score(60, 50), close.score(75, 50)) == (0.9, 0.5, 0.0)


def test_a_cell_is_read_as_a_number() -> None:
    assert task().from_cell("12.5") == 12.5
    assert task().from_cell("") is None
    with pytest.raises(ValueError, match="'about 3' is no number"):
        task().from_cell("about 3")


def test_in_words_it_has_its_unit() -> None:
    assert task(unit="mm").said(12.0) == "12 mm"
    assert task().said(0) == "0"
    assert task().said(None) == ""


def test_no_condition_asks_for_the_agreement_of_numbers() -> None:
    body = {"kind": "number", "question": "How far?", "min": 0, "max": 9}
    with pytest.raises(Invalid, match="there is no agreement of it"):
        parse_definition(
            {"first_task": "T0", "tasks": {"T0": body}, "retirement": ["gte", ["agreement", "T0"], 1]}
        )
