"""A task of kind transcription: what is stored, what is refused, how it counts, how right it is."""

import re
from typing import Any

import pytest

from projects.tasks.definition import parse_definition
from projects.tasks.transcription import TranscriptionTask


def task(**fields: Any) -> TranscriptionTask:
    return TranscriptionTask.model_validate(
        {"kind": "transcription", "question": "What stands there?"} | fields
    )


def line(y: float, text: Any, **fields: Any) -> dict[str, Any]:
    return {"tool": "line", "frame": 0, "x1": 10, "y1": y, "x2": 90, "y2": y, "details": [text]} | fields


def test_lines_are_stored_as_marks_with_their_texts_normalised() -> None:
    given = [line(20.004, " μη\u0301νιν "), line(40, "ἄειδε")]
    stored = [line(20, "μήνιν"), line(40, "ἄειδε")]
    assert task().validate_value(given) == stored
    assert task(required=False).validate_value(None) == []
    assert task().votes(stored) == [("line=2", 1.0)]
    assert task().said(stored) == "μήνιν / ἄειδε"
    assert task().found({"text": "μήνιν\nἄειδε"}) == "μήνιν / ἄειδε"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ([], "a mark is required; draw one"),
        ([line(20, "")], "mark 1 (Row), What stands there? a text is required"),
        ([line(20, "a\nb")], "mark 1 (Row), What stands there? the text is to be one line; take the line breaks out"),
        ([line(20, "a\u202eb")], "mark 1 (Row), What stands there? the text has a sign that turns the direction of"),
        ([line(20, "x" * 301)], "mark 1 (Row), What stands there? the text is longer than 300 characters"),
        ([line(20, "a", x2=10, y2=20)], "mark 1 (Row) begins where it ends; draw it longer"),
        ([line(float("nan"), "a")], "mark 1 (Row) has a y1 that is no place in a picture"),
        ([line(20, "a", tool="box")], "mark 1 has no tool of this task"),
        ([line(at, "a") for at in range(3)], "draw at most 2 with Row, not 3"),
    ],
)  # fmt: skip
def test_what_is_no_such_line_is_refused_with_a_sentence(value: Any, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(why)}"):
        task(label="Row", max=2).validate_value(value)


def test_lines_lie_in_the_picture_and_a_condition_may_wait_for_their_number() -> None:
    body = task(required=False).model_dump()
    wanted = ["any", ["gte", ["agreement", "T0"], 0.9], ["first", "T0", "none", 3]]
    definition = parse_definition({"first_task": "T0", "tasks": {"T0": body}, "retirement": wanted})
    assert definition.draws
    with pytest.raises(ValueError, match="lies outside of the picture at 10, 60"):
        definition.tasks["T0"].check_inside([line(60, "a")], 100, 50)


def test_right_is_the_place_and_the_letters_dots_of_doubt_apart() -> None:
    one = task(tolerance=5, leiden=True, same=["σς"])
    truth = [line(20, "λογος"), line(40, "θεος")]
    assert one.score([line(22, "λο\u0323γοσ"), line(41, "θεοσ")], truth) == 1.0
    assert one.score([line(22, "λογος")], truth) == pytest.approx(2 / 3)
    assert one.score([line(20, "λαγος"), line(40, "θεος")], truth) == pytest.approx(1 - 0.2 / 2 / 2)
    assert one.score([line(30, "λογος")], truth) == 0.0
    assert one.truth([truth, [line(21, "λογος"), line(41, "θεος")], [line(90, "x")]]) == truth
