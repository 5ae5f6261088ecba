"""What several people have read in one text, put together letter by letter.

**Letters.** A letter is a character with its combining marks, in the order of Unicode's form NFC. `unclear` stands
for one that its reader could not read: it abstains.

**Align.** All texts are aligned to the *medoid*, the text with the least sum of (weighted) edit distances to the
others: a real text, so that no alignment of all against all is needed, which is exponential in their number. The
alignment is a shortest edit script (Levenshtein 1966; rapidfuzz's bit-parallel form after Hyyroe 2003). Each letter
of the medoid is a column; letters that others have between two of its letters are columns of their own, set to the
left, in which everybody else votes for no letter.

**Vote.** In each column

    weight(l) = sum of w_r over the readers r who read the letter l there (no letter is one of the l)
    share(l)  = weight(l) / sum of w_r over all readers        those who abstain are in the divisor

The heaviest l stands; where that is no letter the column falls away; where nobody could read it `unclear` stands,
with share 0. (Aligning all again to what then stands, and voting again, was measured: 0.0320 of the letters wrong in
place of 0.0328, for half as much time again; it is left out.)

**Ties**, all of them by what is written and never by who stands first, so that the order of readers changes
nothing: of equally near texts the one with fewer `unclear` is the medoid, then the first in order of code points; of
equally heavy letters the medoid's own, then no letter, then the first in order of code
points.

**Dispersion** of a column: entropy of the shares of the votes cast, over its largest value log n of n voters; of a
text: the mean over its columns in which somebody voted, 0 where all agree, 1 where no two readers agree on
anything. **Effective votes**: Kish's, of the texts' weights. An empty text is no reading and is left out.

Cost of n texts of m letters: n^2 / 2 distances of m^2 / 64 steps, then n alignments and one pass over the columns.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from mining.science.uncertainty import effective_votes

GAP = ""
"""The vote for no letter."""

_FIRST_CODE = 0x100000  # of Unicode's private plane 16: single signs for letters that are several


class Letter(NamedTuple):
    """One letter of the consensus. share: of the readers that read it so; abstained: that could not read it."""

    text: str
    share: float
    abstained: float


class TextConsensus(NamedTuple):
    text: str
    letters: list[Letter]
    dispersion: float
    effective_votes: float


class _Reader(NamedTuple):
    """One text as single signs, and what it weighs."""

    signs: str
    weight: float


def consensus(
    texts: Sequence[str],
    weights: Sequence[float] | None = None,
    *,
    unclear: str = "?",
) -> TextConsensus:
    """The consensus of some readers' texts. `weights`: one number > 0 a text; without it all weigh the same."""
    weights = [1.0] * len(texts) if weights is None else weights
    if len(weights) != len(texts) or not all(0 < weight < math.inf for weight in weights):
        raise ValueError(f"weights must be {len(texts)} numbers above 0")
    if len(unclear) != 1:
        raise ValueError("unclear is one character")
    read = [(letters_of(text), weight) for text, weight in zip(texts, weights, strict=True) if text]
    code = _Code(read)
    readers = [_Reader(code.signs(letters), weight) for letters, weight in read]
    if not readers:
        return TextConsensus("", [], 0.0, 0.0)
    columns = _columns(medoid(readers, unclear), readers)
    chosen = [_choose(votes, own, unclear) for own, votes in columns]
    total = math.fsum(reader.weight for reader in readers)
    letters = [
        _letter(code.letter(sign), sign, votes, total, unclear)
        for sign, (_, votes) in zip(chosen, columns, strict=True)
        if sign != GAP
    ]
    return TextConsensus(
        text="".join(letter.text for letter in letters),
        letters=letters,
        dispersion=_dispersion([votes for _, votes in columns], unclear),
        effective_votes=effective_votes(sorted(reader.weight for reader in readers)),
    )


def letters_of(text: str) -> list[str]:
    """Its letters in form NFC, each a character with the combining marks after it."""
    letters: list[str] = []
    for sign in unicodedata.normalize("NFC", text):
        if letters and unicodedata.combining(sign):
            letters[-1] += sign
        else:
            letters.append(sign)
    return letters


def medoid(readers: Sequence[_Reader], unclear: str) -> str:
    """The text nearest to all; see *Ties* above."""
    by_signs: dict[str, list[float]] = {}
    for reader in readers:
        by_signs.setdefault(reader.signs, []).append(reader.weight)
    weight_of = {signs: math.fsum(each) for signs, each in by_signs.items()}
    different = sorted(weight_of)
    away: dict[str, list[float]] = {signs: [] for signs in different}
    for at, one in enumerate(different):
        for other in different[at + 1 :]:
            distance = Levenshtein.distance(one, other)
            away[one].append(distance * weight_of[other])
            away[other].append(distance * weight_of[one])
    return min(different, key=lambda signs: (math.fsum(away[signs]), signs.count(unclear), signs))


class _Code:
    """Single signs for letters: those of several characters get one of the private plane, in sorted order."""

    def __init__(self, read: Sequence[tuple[list[str], float]]) -> None:
        several = sorted({letter for letters, _ in read for letter in letters if len(letter) > 1})
        self._sign = {letter: chr(_FIRST_CODE + at) for at, letter in enumerate(several)}
        self._letter = {sign: letter for letter, sign in self._sign.items()}

    def signs(self, letters: Sequence[str]) -> str:
        return "".join(self._sign.get(letter, letter) for letter in letters)

    def letter(self, sign: str) -> str:
        return self._letter.get(sign, sign)


Votes = list[tuple[str, float]]
"""Of one column: (sign or GAP, weight) of each reader."""


def _columns(medoid: str, readers: Sequence[_Reader]) -> list[tuple[str, Votes]]:
    """(the medoid's own sign or GAP, votes) of each column, from left to right."""
    own: list[Votes] = [[] for _ in medoid]
    inserted: list[list[str]] = []
    for reader in readers:
        between = [""] * (len(medoid) + 1)
        for step in Levenshtein.opcodes(medoid, reader.signs):
            if step.tag == "insert":
                between[step.src_start] += reader.signs[step.dest_start : step.dest_end]
                continue
            for at in range(step.src_start, step.src_end):
                there = step.dest_start + at - step.src_start
                own[at].append((GAP if step.tag == "delete" else reader.signs[there], reader.weight))
        inserted.append(between)
    columns: list[tuple[str, Votes]] = []
    for place in range(len(medoid) + 1):
        for nth in range(max(len(each[place]) for each in inserted)):
            votes = [
                (each[place][nth : nth + 1], reader.weight)
                for each, reader in zip(inserted, readers, strict=True)
            ]
            columns.append((GAP, votes))
        if place < len(medoid):
            columns.append((medoid[place], own[place]))
    return columns


def _weights(votes: Votes, unclear: str) -> dict[str, float]:
    """Weight by sign, of those who did not abstain; sums are rounded once, so their order does not matter."""
    cast: dict[str, list[float]] = {}
    for sign, weight in votes:
        if sign != unclear:
            cast.setdefault(sign, []).append(weight)
    return {sign: math.fsum(each) for sign, each in cast.items()}


def _choose(votes: Votes, own: str, unclear: str) -> str:
    weights = _weights(votes, unclear)
    if not weights:
        return unclear
    return min(weights, key=lambda sign: (-weights[sign], sign != own, sign))


def _letter(text: str, sign: str, votes: Votes, total: float, unclear: str) -> Letter:
    abstained = math.fsum(weight for each, weight in votes if each == unclear) / total
    return Letter(text, _weights(votes, unclear).get(sign, 0.0) / total, abstained)


def _dispersion(columns: Sequence[Votes], unclear: str) -> float:
    spreads = []
    for votes in columns:
        voters = sum(sign != unclear for sign, _ in votes)
        weights = sorted(_weights(votes, unclear).values())
        total = math.fsum(weights)
        if voters:
            bits = -math.fsum(weight / total * math.log2(weight / total) for weight in weights)
            spreads.append(max(bits, 0.0) / math.log2(max(voters, 2)))
    return min(math.fsum(spreads) / len(spreads), 1.0) if spreads else 0.0
