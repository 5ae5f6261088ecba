"""Odd subjects by what people flagged: more of those who looked at it than usual, by the binomial chance of `votes`.

Somebody's word needs no significance to be told: every flagged item has its reason, strong or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mining.science.anomalies.oddities import Items, Oddities
from mining.science.anomalies.reasons import Reason
from mining.science.anomalies.votes import more_than_usual
from mining.science.confusion import Array


def flagged(items: Items, n: Array, of: Array, tags: Sequence[tuple[str, int]]) -> Oddities:
    """n of so many people who saw each item flagged it [I]. tags: the tag that most of them gave, and how many; empty
    where none did [I]."""
    found = more_than_usual(items, n, of, ())
    reasons: list[Reason | None] = [None] * len(items)
    for at in np.flatnonzero(n > 0).tolist():
        tag, tagged = tags[at]
        reasons[at] = Reason("flags", {"n": int(n[at]), "of": int(of[at]), "tag": tag, "tagged": tagged})
    strength = np.where(n > 0, found.strength, 0.0)
    return replace(found, source="flags", strength=strength, reasons=tuple(reasons))
