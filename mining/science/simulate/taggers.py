"""Taggers: volunteers who give words to what they see, and how they differ.

**The model.** A volunteer of skill s gives each tag that fits with probability s / (s + MISSED): who sees well sees
more, and nobody gives all. A tag that does not fit is given with probability FALSE / (s + 1), drawn from what is
suggested. A careless volunteer gives one of the suggestions with probability one half, whatever is there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

MISSED = 1.0
FALSE = 0.1


def tag(
    true: Sequence[str],
    rng: np.random.Generator,
    *,
    skill: float,
    careless: bool = False,
    suggestions: Sequence[str] = (),
    most: int = 10,
) -> list[str]:
    """The tags of one volunteer, those that fit first."""
    given = [] if careless else [each for each in true if rng.random() < skill / (skill + MISSED)]
    others = [each for each in suggestions if each not in true]
    if others and rng.random() < (0.5 if careless else FALSE / (skill + 1)):
        given.append(others[int(rng.integers(len(others)))])
    return given[:most]
