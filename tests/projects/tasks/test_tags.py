"""A task of kind tags: what is stored, what is refused, how it counts, what is told, how right it is."""

import re
from typing import Any

import pytest
from pydantic import ValidationError

from mining.kinds import tags as mined
from mining.sheet import Sheet
from projects.exceptions import Invalid
from projects.services.tallies import count_all
from projects.tasks.definition import parse_definition
from projects.tasks.tags import LONGEST_GIVEN, TagsTask


def task(**fields: Any) -> TagsTask:
    return TagsTask.model_validate({"kind": "tags", "question": "What strikes you?"} | fields)


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("Ring", "ring"),
        ("  #Green Pea ", "green-pea"),
        ("##a_1", "a_1"),
        ("ΟἾΝΟΣ", "οἶνος"),
        ("e\u0301toile", "étoile"),
        ("ﬁne", "fine"),
        ("edge – on", "edge-on"),
        ("-x-", "x"),
        ("हिन्दी", "हिन्दी"),
    ],
)
def test_one_word_however_it_is_written(given: str, stored: str) -> None:
    assert task().validate_value([given]) == [stored]
    assert task().validate_value([stored, given]) == [stored]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (None, "a tag is required"),
        ([], "a tag is required"),
        ("ring", "give a list of tags"),
        ([1], "give a list of tags"),
        (["<b>"], "a tag has letters, digits, - and _, and no “<”; take it out"),
        (["a\u202eb"], "a tag has letters, digits, - and _, and no U+202E; take it out"),
        (["a\x00b"], "a tag has letters, digits, - and _, and no U+0000; take it out"),
        (["# -"], "a tag needs a letter or a digit"),
        (["\u0301"], "a tag needs a letter or a digit"),
        (["None"], "'none' stands for an empty answer; write another word, or nothing"),
        (["x" * 51], "a tag has 50 characters at most; shorten it"),
        (["ﷺ" * LONGEST_GIVEN * 5000], "a tag has 50 characters at most; shorten it"),
        (["a", "b", "c", "d"], "give from 2 to 3 tags, not 4"),
        (["a", "#A"], "give from 2 to 3 tags, not 1"),
        (["a"] * 10_000, "10,000 tags are too many; give 3 at most"),
    ],
)
def test_what_is_no_such_tag_is_refused_with_a_sentence(value: Any, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(why)}$"):
        task(min=2, max=3).validate_value(value)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"suggestions": ["ring", "#Ring"]}, "suggested twice"),
        ({"suggestions": ["no!"]}, "no “!”"),
        ({"min": 3, "max": 2}, "max is less than min"),
        ({"max": 51}, "less than or equal to 50"),
    ],
)
def test_a_definition_that_cannot_be_is_refused(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        task(**fields)


def test_each_tag_is_a_vote_and_none_is_one_too() -> None:
    free = task(required=False)
    rows = [[("T0", free.votes(value))] for value in (["ring", "blue"], ["ring"], [])]
    counts = count_all(rows)["T0"]
    assert counts["votes"] == {"ring": 2, "blue": 1, "none": 1}
    assert [(each.key, each.label) for each in free.shown(counts["votes"])] == [
        ("ring", "#ring"),
        ("blue", "#blue"),
    ]


def test_there_is_no_agreement_to_wait_for() -> None:
    wanted = ["gte", ["agreement", "T0"], 0.9]
    body = task(required=False).model_dump()
    with pytest.raises(Invalid, match="T0 has no answers to choose from"):
        parse_definition({"first_task": "T0", "tasks": {"T0": body}, "retirement": wanted})


def test_right_is_what_more_than_half_of_the_experts_gave() -> None:
    one = task()
    assert one.truth([["a", "b"], ["a", "c"], ["b", "a"]]) == ["a", "b"]
    assert one.score(["a"], ["a", "b"]) == 0.5
    assert one.score([], []) == 1.0
    assert one.from_cell("#Close pair, ring") == ["Close pair", "ring"]
    assert one.said(["close-pair", "ring"]) == "#close-pair · #ring"


def test_shares_are_of_all_who_looked_with_their_interval() -> None:
    sheet = Sheet()
    given = [["ring", "blue"], ["ring"], [], ["ring", "odd"]]
    for person, value in enumerate(given):
        sheet.add(person, person, task().written(value))
    sheet.add(9, 9, "written when the task was of another kind")
    found = mined.online(sheet, task())
    assert found.value is not None
    assert [(tag, n, share) for tag, n, share, *_ in found.value["tags"]] == [
        ("ring", 3, 0.6),
        ("blue", 1, 0.2),
        ("odd", 1, 0.2),
    ]
    low, high = found.value["tags"][0][3:]
    assert (low, high) == pytest.approx((0.2094, 0.9056), abs=1e-4)  # Beta(3.5, 2.5)
    assert found.dispersion == pytest.approx((3 * 0.97095 + 2 * 0.72193) / 5, abs=1e-4)
    assert found.effective_votes == 5.0
    assert task().found(found.value) == "#ring 3/5 · #blue 1/5 · #odd 1/5"
    assert mined.batch({7: (sheet, task())}) == {7: found}
