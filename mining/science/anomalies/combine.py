"""One ranking by several lists, on ranks alone.

Strengths of different lists have no common scale, ranks have: the oddest of n items in a list has u = 1 / (n + 1),
equal ones share the middle of their ranks. An item's score is the sum of -log2 u over the lists; in a list that has
not looked at it it counts as an average item does, 1 / ln 2. If the lists had nothing to do with each other, ln 2
times the score would be Gamma distributed with as many degrees as there are lists (Fisher's method), which gives
`chance`: not a probability that the item is odd, but how rarely lists agree so by accident.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincc
from scipy.stats import rankdata

from mining.science.anomalies.oddities import Oddities
from mining.science.anomalies.reasons import Reason

NOTABLE = 0.1  # a list's reason is given where the item is among this share of it
MOST_REASONS = 3
SHARE = 1 / 64  # of a list, or of all items: those to look at
FEW = 3  # of a short list


@dataclass(frozen=True)
class Odd:
    """One item; ranks: its place in each list that looked at it (1 is the oddest); reasons: the strongest first."""

    item: str
    score: float
    chance: float
    ranks: dict[str, int]
    reasons: tuple[Reason, ...]

    @property
    def surprise(self) -> float:
        """The chance in bits."""
        return -math.log2(max(self.chance, 1e-300))


def combine(lists: Sequence[Oddities]) -> tuple[Odd, ...]:
    """All items of all lists, the oddest first; an item has one name in all."""
    scores: dict[str, float] = {}
    ranks: dict[str, dict[str, int]] = {}
    reasons: dict[str, list[tuple[float, Reason]]] = {}
    for one in lists:
        looked = np.flatnonzero(~np.isnan(one.strength))
        place = rankdata(-one.strength[looked], method="average")
        for at, rank in zip(looked.tolist(), place.tolist(), strict=True):
            name, u = str(one.items[at]), rank / (len(looked) + 1)
            scores[name] = scores.get(name, 0.0) - float(np.log2(u))
            ranks.setdefault(name, {})[one.source] = int(np.ceil(rank))
            reason = one.reasons[at]
            if reason is not None and u <= NOTABLE:
                reasons.setdefault(name, []).append((u, reason))
    found = []
    for name, sum_of in scores.items():
        score = sum_of + (len(lists) - len(ranks[name])) / np.log(2)
        chance = float(gammaincc(len(lists), score * np.log(2)))
        said = sorted(reasons.get(name, ()), key=lambda pair: pair[0])[:MOST_REASONS]
        found.append(Odd(name, float(score), chance, ranks[name], tuple(reason for _, reason in said)))
    return tuple(sorted(found, key=lambda odd: (-odd.score, odd.item)))


def standing_out(lists: Sequence[Oddities]) -> tuple[Odd, ...]:
    """Of all items those to look at, the oddest first: with a reason, and among the oddest `SHARE` of some list that
    gives one (the first `FEW` at least), or as odd in all lists together as `SHARE` are by accident."""
    first: set[str] = set()
    for one in lists:
        looked = np.flatnonzero(~np.isnan(one.strength))
        place = rankdata(-one.strength[looked], method="min")
        most = max(FEW, SHARE * len(looked))
        first |= {str(one.items[at]) for at in looked[place <= most] if one.reasons[at] is not None}
    return tuple(odd for odd in combine(lists) if odd.reasons and (odd.item in first or odd.chance <= SHARE))
