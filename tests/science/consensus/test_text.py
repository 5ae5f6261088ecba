"""Texts put together letter by letter: what must hold of any readers, and errors against a known truth."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from mining.science.consensus.text import consensus, letters_of

GREEK = "αβγδεζηθικλμνξοπρστυφχψω   "
TEXTS = st.lists(st.text("αβά?ᾳ̣ \n", max_size=12), max_size=6)


def worn(truth: str, rng: random.Random, error: float, kinds: tuple[float, float, float]) -> str:
    """A reading: each letter is wrong with probability `error`; kinds: shares of wrong, left out, added."""
    read = []
    for letter in truth:
        kind = rng.choices(("wrong", "left out", "added"), kinds)[0] if rng.random() < error else "right"
        read += {"right": [letter], "wrong": [rng.choice(GREEK)], "left out": []}.get(
            kind, [letter, rng.choice(GREEK)]
        )
    return "".join(read)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.randoms(use_true_random=False))
def test_the_order_of_readers_changes_nothing(texts: list[str], rng: random.Random) -> None:
    weights = [rng.choice([0.1, 0.7, 1.3]) for _ in texts]
    pairs = list(zip(texts, weights, strict=True))
    before = consensus(texts, weights)
    rng.shuffle(pairs)
    assert consensus([text for text, _ in pairs], [weight for _, weight in pairs]) == before


@settings(max_examples=200, deadline=None)
@given(st.text("αβά?ᾳ̣ \n", max_size=30), st.integers(1, 5))
def test_who_agrees_is_repeated(text: str, readers: int) -> None:
    found = consensus([text] * readers)
    assert [letter.text for letter in found.letters] == letters_of(text)
    assert found.dispersion == 0.0
    assert found.effective_votes == (readers if text else 0)
    assert {(letter.share, letter.abstained) for letter in found.letters if letter.text != "?"} <= {
        (1.0, 0.0)
    }
    assert {(letter.share, letter.abstained) for letter in found.letters if letter.text == "?"} <= {
        (0.0, 1.0)
    }


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_shares_are_shares_and_every_letter_was_read_by_somebody(texts: list[str]) -> None:
    found = consensus(texts)
    for letter in found.letters:
        assert 0.0 <= letter.share <= letter.share + letter.abstained <= 1.0 + 1e-12
        assert any(letter.text in letters_of(text) for text in texts) or letter.text == "?"
    assert 0.0 <= found.dispersion <= 1.0
    assert found.text == "".join(letter.text for letter in found.letters)


def test_columns_by_hand() -> None:
    found = consensus(["καί", "και", "καί", "κ?ί"])
    assert found.text == "καί"
    assert [(letter.text, letter.share, letter.abstained) for letter in found.letters] == [
        ("κ", 1.0, 0.0),
        ("α", 0.75, 0.25),
        ("ί", 0.75, 0.0),
    ]
    assert found.dispersion == pytest.approx(0.8112781244591328 / 2 / 3)
    assert found.effective_votes == 4.0


def test_what_most_add_comes_in_and_what_most_leave_out_falls() -> None:
    assert consensus(["θεα", "θεα", "θε", "θεάα", "θεα"]).text == "θεα"
    assert consensus(["μνιν", "μηνιν", "μηνιν"]).text == "μηνιν"
    assert consensus(["μηνιν", "μνιν", "μνιν", "μ?νιν"]).text == "μνιν"


def test_ties_go_by_what_is_written() -> None:
    """Of two that disagree the first in code points is the medoid, unless it has more that can't be read."""
    for texts in itertools.permutations(["αβ", "αγ"]):
        assert consensus(texts).text == "αβ"
    for texts in itertools.permutations(["α?", "αγ"]):
        assert consensus(texts).text == "αγ"
    for texts in itertools.permutations(["αβ", "αβγ"]):
        assert consensus(texts).text == "αβ"


def test_weights_decide_and_nobody_with_an_empty_text_does() -> None:
    assert consensus(["α", "β", "β"], [5, 1, 1]).text == "α"
    found = consensus(["", "αβ", ""])
    assert (found.text, found.effective_votes) == ("αβ", 1.0)
    assert consensus(["", ""]) == consensus([]) == ("", [], 0.0, 0.0)


def test_letters_keep_their_marks_and_forms_do_not_differ() -> None:
    dotted = "ϲ\u0323"
    assert letters_of(f"α\u0301{dotted}ι") == ["ά", dotted, "ι"]
    assert consensus(["α\u0301", "ά", "α"]).text == "ά"
    assert consensus([f"α{dotted}", f"α{dotted}", "αϲ"]).letters[1] == (dotted, 2 / 3, 0.0)


def test_another_character_may_abstain() -> None:
    assert consensus(["α.γ", "αβγ"], unclear=".").text == "αβγ"
    assert consensus(["α.", "α."], unclear=".").letters[1] == (".", 0.0, 1.0)


@pytest.mark.parametrize(
    ("weights", "unclear"), [([1], "?"), ([1, 0], "?"), ([1, float("inf")], "?"), ([1, 1], "??")]
)
def test_what_makes_no_sense_is_refused(weights: list[float], unclear: str) -> None:
    with pytest.raises(ValueError, match=r"weights must|one character"):
        consensus(["α", "β"], weights, unclear=unclear)


def test_a_thousand_letters() -> None:
    rng = random.Random(5)
    truth = "".join(rng.choice(GREEK) for _ in range(1000)).strip()
    found = consensus([worn(truth, rng, 0.1, (0.7, 0.15, 0.15)) for _ in range(7)])
    assert Levenshtein.distance(found.text, truth) <= 10
    assert len(found.letters) == len(found.text)


def error_of(kinds: tuple[float, float, float], readers: int = 5) -> tuple[float, float]:
    """Letter errors of one reader and of the consensus, of 300 lines of 40 letters."""
    rng = random.Random(1)
    one = many = letters = 0.0
    for _ in range(300):
        truth = "".join(rng.choice(GREEK) for _ in range(40))
        texts = [worn(truth, rng, 0.22, kinds) for _ in range(readers)]
        one += sum(Levenshtein.distance(truth, text) for text in texts) / readers
        many += Levenshtein.distance(truth, consensus(texts).text)
        letters += len(truth)
    return one / letters, many / letters


@pytest.mark.parametrize(
    ("kinds", "left"), [((1, 0, 0), 0.019), ((0.8, 0.1, 0.1), 0.027), ((0.7, 0.15, 0.15), 0.033)]
)
def test_five_readers_mend_what_each_gets_wrong(kinds: tuple[float, float, float], left: float) -> None:
    one, many = error_of(kinds)
    assert one == pytest.approx(0.21, abs=0.01)
    assert many == pytest.approx(left, abs=0.002)  # as docs/science.md says
