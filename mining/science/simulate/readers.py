"""Readers: volunteers who write down a line of letters, and how they err.

**The model.** A reader of skill s reads a letter of wear w (0 as new, 1 gone) rightly with the odds

    LETTER_ODDS * s * exp(-WEAR_SLOPE * w)

and a careless reader with CARELESS_ODDS of that. Each letter is read for itself: what makes a letter hard for
everybody is its wear, nothing else. A letter that is not read rightly is given up, more often the more it is worn,
with the sign for what can't be read; else it is taken for another (SUBSTITUTED), left out (OMITTED), or read with
one too many before it (the rest). Who takes a letter for another mostly takes one that looks like it in a book
hand of the second century (LOOK_ALIKE), else any of the line's.

With the crowd of `make_crowd` and letters that have lost a third of their ink, 0.21 of the letters are wrong
(edit distance over letters; a letter given up is a wrong one): tests/science/test_simulate_readers.py.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mining.science.simulate.crowd import LURED

LETTER_ODDS = 16.0  # of the median volunteer on a letter as new
WEAR_SLOPE = 3.0  # log odds lost from a letter as new to one that is gone
CARELESS_ODDS = 0.12
SUBSTITUTED, OMITTED = 0.65, 0.20  # shares of the errors that are no giving up
LEAST_GIVEN_UP, MOST_GIVEN_UP = 0.05, 0.80  # of the letters not read rightly, as new and gone
WEAR_UNKNOWN = 0.35  # taken for each letter where nothing is told of the wear

LOOK_ALIKE = {
    "α": "λδ", "β": "ρθ", "γ": "τπ", "δ": "αλ", "ε": "σθ", "ζ": "ξ", "η": "νπ", "θ": "εο", "ι": "τρ", "κ": "χ",
    "λ": "αδχ", "μ": "νω", "ν": "ημ", "ξ": "ζ", "ο": "σθ", "π": "τγη", "ρ": "ιφβ", "σ": "εο", "τ": "γπι", "υ": "χψ",
    "φ": "ψρ", "χ": "κλυ", "ψ": "φυ", "ω": "μο",
}  # fmt: skip


def read_line(
    text: str,
    rng: np.random.Generator,
    *,
    skill: float,
    careless: bool = False,
    wear: Sequence[float] | None = None,
    unclear: str = "?",
) -> str:
    """What one reader writes for `text`; never empty.

    wear: of each letter, 0 to 1. unclear: the sign for a letter that can't be read. Blanks are kept as they are.
    """
    worn = [WEAR_UNKNOWN] * len(text) if wear is None else wear
    if len(worn) != len(text):
        raise ValueError(f"{len(worn)} letters have a wear and {len(text)} are to be read: {text!r}")
    written = []
    for letter, lost in zip(text, worn, strict=True):
        odds = LETTER_ODDS * skill * math.exp(-WEAR_SLOPE * lost) * (CARELESS_ODDS if careless else 1.0)
        if letter.isspace() or rng.random() < odds / (1.0 + odds):
            written.append(letter)
        else:
            written.append(_misread(letter, text, lost, rng, unclear))
    return "".join(written).strip() or unclear


def _misread(letter: str, text: str, lost: float, rng: np.random.Generator, unclear: str) -> str:
    if rng.random() < LEAST_GIVEN_UP + (MOST_GIVEN_UP - LEAST_GIVEN_UP) * lost:
        return unclear
    kind = rng.random()
    if kind < SUBSTITUTED:
        return _another(letter, text, rng)
    return "" if kind < SUBSTITUTED + OMITTED else _any(text, rng) + letter


def _another(letter: str, text: str, rng: np.random.Generator) -> str:
    """Never the letter itself, but where a line of one letter knows no other."""
    alike = LOOK_ALIKE.get(letter, "")
    if alike and rng.random() < LURED:
        return alike[int(rng.integers(len(alike)))]
    others = "".join(other for other in text if other != letter)
    return _any(others or alike or text, rng)


def _any(text: str, rng: np.random.Generator) -> str:
    letters = "".join(text.split())
    return letters[int(rng.integers(len(letters)))]
