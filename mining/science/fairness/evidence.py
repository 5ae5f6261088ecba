"""Likelihood ratios of hits against what an honest person may hit; see the package for the formulas."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from mining.science.confusion import Array

STRENGTHS = (0.5, 0.9, 0.99)  # s: how often somebody who is not honest does it
EDGE = 1e-9

Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Finding:
    """volunteer : code.
    evidence  : ln E, at least the bound
    trials, hits : how many there were
    expected  : hits that an honest person who leans as far as the rule allows would have had
    rows      : indices of the rows that tell most, first the most telling
    """

    volunteer: int
    evidence: float
    trials: int
    hits: int
    expected: float
    rows: Rows

    @property
    def often(self) -> float:
        """How often, 0..1, they do it whatever they see: the share of what an honest person would have missed."""
        return how_often(self.hits, self.expected, self.trials)


def how_often(hits: float, expected: float, trials: float) -> float:
    return float((hits - expected) / max(trials - expected, EDGE))


def bound(tested: int, alarms: float) -> float:
    """ln E from which somebody is found, where so many are tested and `alarms` honest ones may be found."""
    if not 0.0 < alarms < 1.0:
        raise ValueError(f"alarms must lie between 0 and 1, not {alarms}")
    return log(max(tested, 1) / alarms)


def leaned(chance: Array, odds: float) -> Array:
    """Chances of somebody whose odds are `odds` times as large."""
    p = np.clip(chance, EDGE, 1.0 - EDGE)
    return np.asarray(p * odds / (1.0 - p + p * odds))


def gain(chance: Array, strength: float) -> Array:
    """ln of the ratio at a hit whose honest chance is `chance`."""
    p = np.clip(chance, EDGE, 1.0)
    return np.asarray(np.log((strength + (1.0 - strength) * p) / p))


def mixed(of_each: list[Array]) -> Array:
    """ln of the mean of e-values whose logarithms are given, elementwise."""
    stacked = np.stack(of_each)
    top = stacked.max(axis=0)
    return np.asarray(top + np.log(np.exp(stacked - top).mean(axis=0)))


def evidence(who: npt.NDArray[np.integer], hit: Flags, chance: Array, size: int) -> Array:
    """ln E of each of `size` volunteers, [size], from trials [N]: whose, whether hit, an honest person's chance."""
    misses = np.bincount(who[~hit], minlength=size)
    return mixed(
        [
            np.bincount(who[hit], gain(chance[hit], s), minlength=size) + misses * log(1.0 - s)
            for s in STRENGTHS
        ]
    )


def most_telling(rows: Rows, chance: Array, most: int = 6) -> Rows:
    """Of these rows those whose honest chance [len(rows)] is least; of equal ones the later."""
    return np.asarray(rows[np.lexsort((-rows, chance))][:most], dtype=np.int64)
