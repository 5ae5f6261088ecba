"""Highlighters: volunteers who mark words of a text, and how they differ.

**The model.** A volunteer of skill s marks each true span with probability s / (s + MISSED). Each of its edges is a
word off, outwards or inwards, with probability OFF / (s + 1). With probability FALSE / (s + 1) any one word is marked
besides. A careless volunteer marks one word with probability one half, whatever is there. Words are what stands between
blanks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

MISSED = 0.3
OFF = 0.3
FALSE = 0.2

Truth = Mapping[str, Any]
"""{"text": the text, "spans": [{"label", "start", "end"}]}"""


def highlight(
    true: Truth,
    rng: np.random.Generator,
    *,
    skill: float,
    careless: bool = False,
    labels: Sequence[str],
    most: int = 50,
) -> list[dict[str, Any]]:
    """The spans of one volunteer with their words; those of one label may overlap."""
    text = true["text"]
    words = [match.span() for match in re.finditer(r"\S+", text)]
    off = OFF / (skill + 1)
    found = [
        (span["label"], *_as_seen(span["start"], span["end"], words, rng, off))
        for span in ([] if careless else true["spans"])
        if rng.random() < skill / (skill + MISSED)
    ]
    if words and rng.random() < (0.5 if careless else FALSE / (skill + 1)):
        at = int(rng.integers(len(words)))
        found.append((labels[int(rng.integers(len(labels)))], *words[at]))
    return [
        {"label": label, "start": start, "end": end, "text": text[start:end]}
        for label, start, end in found[:most]
    ]


def _as_seen(
    start: int, end: int, words: Sequence[tuple[int, int]], rng: np.random.Generator, off: float
) -> tuple[int, int]:
    """Each edge where it is, or at that of a word beside it."""
    starts, ends = [a for a, _ in words], [b for _, b in words]
    left, right = _near(start, starts, rng, off), _near(end, ends, rng, off)
    return (left, right) if left < right else (start, end)


def _near(place: int, places: Sequence[int], rng: np.random.Generator, off: float) -> int:
    if rng.random() >= off or place not in places:
        return place
    at = places.index(place) + int(rng.choice([-1, 1]))
    return places[min(max(at, 0), len(places) - 1)]
