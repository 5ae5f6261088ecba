"""Dots of doubt below letters: no letters of their own; they stand where half of its readers doubt a letter."""

import hypothesis.strategies as st
from hypothesis import given, settings

from mining.science.consensus.doubts import DOT, consensus_with_doubts
from mining.science.consensus.text import consensus


def test_a_dot_stands_where_half_of_those_who_read_the_letter_dotted_it() -> None:
    found = consensus_with_doubts([f"αβ{DOT}γ", f"αβ{DOT}γ", "αβγ", f"αδγ{DOT}", "αβγ"])
    assert found.text == f"αβ{DOT}γ"
    assert [letter.share for letter in found.letters] == [1.0, 0.8, 1.0]
    assert consensus_with_doubts([f"αβ{DOT}γ", "αβγ", "αβγ"]).text == "αβγ"


def test_a_doubted_letter_is_voted_for_as_a_sure_one_is() -> None:
    found = consensus_with_doubts([f"ά{DOT}ρα", f"ά{DOT}ρα", "ὦρα", "ὦρα", "άρα"])
    assert found.text == f"ά{DOT}ρα"
    assert found.letters[0].share == 0.6


def test_where_unicode_has_one_sign_for_both_and_where_there_is_no_letter() -> None:
    assert consensus_with_doubts(["ạb", "ạb", "ab"]).text == "ạb"
    assert consensus_with_doubts([f" {DOT}a", DOT, ""]).text in ("a", " a")
    assert consensus_with_doubts([f"?{DOT}", "?"]).text == f"?{DOT}"


@given(st.lists(st.text("ab ?", max_size=6), max_size=5))
@settings(max_examples=50, deadline=None)
def test_without_dots_it_is_the_plain_consensus(texts: list[str]) -> None:
    assert consensus_with_doubts(texts) == consensus(texts)
