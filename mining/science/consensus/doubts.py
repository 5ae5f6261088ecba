"""Letters that their readers doubt: a dot below (Leiden) is no other letter, but a letter read with less trust.

Texts are put together without the dots (text.py). Then each reader's text is aligned to what stands, and a letter
carries a dot where at least half of those who read that letter there dotted it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from mining.science.consensus.text import Letter, TextConsensus, consensus, letters_of

DOT = "\u0323"
DOUBTED = 0.5  # of those who read the letter


def consensus_with_doubts(texts: Sequence[str], *, unclear: str = "?") -> TextConsensus:
    """As `text.consensus`, all readers alike, with dots below the letters that are doubted. A dotted letter's share is
    that of the readers who read the letter, with a dot or without."""
    read = [_read(text) for text in texts if text]
    found = consensus(["".join(letters) for letters, _ in read], unclear=unclear)
    stands = [letter.text for letter in found.letters]
    seen, dotted = [0] * len(stands), [0] * len(stands)
    for letters, dots in read:
        for block in Levenshtein.opcodes(letters, stands):
            if block.tag != "equal":
                continue
            for here, there in zip(
                range(block.src_start, block.src_end), range(block.dest_start, block.dest_end), strict=True
            ):
                seen[there] += 1
                dotted[there] += dots[here]
    told = [
        Letter(_with_dot(letter.text), *letter[1:]) if n and doubts >= DOUBTED * n else letter
        for letter, n, doubts in zip(found.letters, seen, dotted, strict=True)
    ]
    return found._replace(text="".join(letter.text for letter in told), letters=told)


def _read(text: str) -> tuple[list[str], list[bool]]:
    """Its letters without dots, and which had one. A dot below a blank is none."""
    letters = [unicodedata.normalize("NFD", letter) for letter in letters_of(text)]
    plain = [unicodedata.normalize("NFC", letter.replace(DOT, "")) for letter in letters]
    return (
        [letter for letter in plain if letter],
        [DOT in letter for letter, without in zip(letters, plain, strict=True) if without],
    )


def _with_dot(letter: str) -> str:
    return unicodedata.normalize("NFC", letter + DOT) if letter.strip() else letter
