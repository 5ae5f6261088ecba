"""A task of kind text: what is stored, what is refused, how it counts."""

import re
import unicodedata
from typing import Any

import pytest
from pydantic import ValidationError

from projects.exceptions import Invalid
from projects.services.tallies import count_all
from projects.tasks.definition import parse_definition
from projects.tasks.text import TextTask


def task(**fields: Any) -> TextTask:
    return TextTask.model_validate({"kind": "text", "question": "What does it say?", **fields})


def test_a_text_is_stored_in_form_nfc_without_blanks_around_it() -> None:
    assert task().validate_value("  μη\u0342νιν ἄειδε ") == "μ\u1fc6νιν ἄειδε"
    assert task(lines=2).validate_value("one\r\ntwo\n") == "one\ntwo"
    assert task(required=False).validate_value(None) == ""
    assert task(required=False).validate_value(" \n ") == ""
    assert task().validate_value("<b>&amp;</b> =1+1") == "<b>&amp;</b> =1+1"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (None, "a text is required"),
        ("   ", "a text is required"),
        (3, "give a text"),
        (["a"], "give a text"),
        ("a\nb", "the text is to be one line; take the line breaks out"),
        ("x" * 301, "the text is longer than 300 characters; shorten it"),
        ("x" * 1_000_000, "the text is longer than 300 characters; shorten it"),
        ("a\x07b", "the text has a control character (U+0007); take it out"),
        ("a\tb", "the text has a control character (U+0009); take it out"),
        ("\x1c", "the text has a control character (U+001C); take it out"),
        ("a\u2028b", "the text has a control character (U+2028); take it out"),
        ("a\u202eb", "the text has a sign that turns the direction of writing (U+202E); take it out"),
        ("a\u2067b", "the text has a sign that turns the direction of writing (U+2067); take it out"),
    ],
)
def test_what_is_no_such_text_is_refused_with_a_sentence(value: Any, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(why)}$"):
        task().validate_value(value)


def test_length_is_counted_in_characters_of_the_stored_form() -> None:
    assert task(max_length=3).validate_value(unicodedata.normalize("NFD", "ᾧᾧᾧ")) == "ᾧᾧᾧ"
    assert task(max_length=3).validate_value(" abc ") == "abc"


def test_a_text_counts_as_written_and_never_by_its_words() -> None:
    assert task().votes("κ?ί") == [("text", "κ?ί")]
    assert task(required=False).votes("") == [("none", 1.0)]
    rows = [[("T0", task(required=False).votes(text))] for text in ("α", "β", "", "0")]
    assert count_all(rows) == {
        "T0": {"asked": 4, "votes": {"text": 3, "none": 1}, "first": ["text", "text", "none", "text"]}
    }


@pytest.mark.parametrize("unclear", ["", "??", " ", "\u0301a", "\u212b"])
def test_one_character_stands_for_what_cannot_be_read(unclear: str) -> None:
    with pytest.raises(ValueError, match="write one character"):
        task(unclear=unclear)


def definition(retirement: Any) -> dict[str, Any]:
    return {
        "first_task": "T0",
        "tasks": {"T0": {"kind": "text", "question": "What does it say?"}},
        "retirement": retirement,
    }


@pytest.mark.parametrize(
    "retirement",
    [["gte", ["votes"], 5], ["gte", ["asked", "T0"], 5], ["gte", ["effective_votes", "T0"], 4.5]],
)
def test_texts_may_retire_by_number(retirement: Any) -> None:
    assert parse_definition(definition(retirement)).retirement == retirement


@pytest.mark.parametrize("quantity", ["agreement", "probability", "entropy"])
def test_what_a_text_does_not_have_is_refused_when_published(quantity: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_definition(definition(["gte", [quantity, "T0"], 0.9]))
    assert str(refused.value.message) == (
        f"T0 has no answers to choose from, so there is no {quantity} of it: "
        "write [votes], [asked, T0] or [effective_votes, T0]"
    )
    with pytest.raises(Invalid, match="'text' is not an answer of T0"):
        parse_definition(definition(["first", "T0", "text", 3]))


def test_choices_are_no_field_of_a_text() -> None:
    with pytest.raises(ValueError, match="Extra inputs are not permitted"):
        task(answers=[{"key": "a", "label": "A"}])


def test_letters_that_are_the_same_are_read_alike() -> None:
    greek = task(same=["σςϲ"])
    assert greek.validate_value("λογοϲ") == "λογοϲ"
    assert greek.read_alike("λόγος ϲσ") == "λόγοσ σσ"
    assert greek.score("λογοϲ", "λογος") == 1.0
    assert task().score("λογοϲ", "λογος") == 0.8


@pytest.mark.parametrize("same", [["σ"], ["σς", "ϲσ"], [""]])
def test_groups_of_the_same_letters_do_not_overlap(same: list[str]) -> None:
    with pytest.raises(ValidationError, match="each group is two letters or more"):
        task(same=same)
