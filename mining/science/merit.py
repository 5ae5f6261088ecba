"""Figure of merit of a volunteer: skill and information, each with a 95 % interval.

All from the volunteer's matrix of expected counts N [K, K] (true class, label given), as consensus leaves it,
so without gold it measures agreement with the consensus, the volunteer's own votes included. The number of
votes is not merit; it only narrows the intervals. Every function takes N as [..., K, K] and works on any
number of volunteers at once.

**Skill** (0..1): share of votes that hit, shrunk to the crowd's mean hit rate h by `SKILL_VOTES` = m votes,

    skill = (trace N + m h) / (n + m),    n = sum N,    interval from Beta(trace N + m h, n - trace N + m (1 - h)).

**Information** (bits a vote, 0..log2 K): mutual information of truth and answer at the workflow's class
frequencies,

    I = sum_c prior[c] sum_l L[c, l] log2(L[c, l] / sum_d prior[d] L[d, l]),

with L the volunteer's matrix shrunk to the crowd's. Its interval comes from seeded draws of the rows of L
from their Dirichlet distributions; as noise in L looks like information, the draws are moved so that their
mean is the estimate. Who always gives the same answer has 0 bits, who always swaps two answers has many.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import betaincinv

from mining.science.confusion import STRENGTH, Array, class_prior, crowd_matrix, shrunk

SKILL_VOTES = 5.0  # m
DRAWS = 200
TAIL = 0.025  # either side of a 95 % interval


class Estimate(NamedTuple):
    """A number a volunteer, and its 95 % interval; arrays of equal shape [...]."""

    value: Array
    low: Array
    high: Array


def skill(counts: Array, mean: float, weight: float = SKILL_VOTES) -> Estimate:
    """Shrunk hit rate from N [..., K, K]; `mean` is the crowd's (see `mean_skill`)."""
    if not 0.0 < mean < 1.0:
        raise ValueError(f"the crowd's hit rate must lie between 0 and 1, not {mean}")
    hits = np.trace(counts, axis1=-2, axis2=-1)
    misses = counts.sum(axis=(-2, -1)) - hits
    a = hits + weight * mean
    b = misses + weight * (1.0 - mean)
    low, high = betaincinv(a, b, TAIL), betaincinv(a, b, 1.0 - TAIL)
    return Estimate(np.asarray(a / (a + b)), np.asarray(low), np.asarray(high))


def mean_skill(crowd: Array) -> float:
    """The crowd's hit rate from its counts [K, K]; with the pseudo-votes of `confusion`, so defined before any vote."""
    expected = crowd_matrix(crowd)
    weight = crowd.sum(axis=1) + 1.0
    rate = float((np.diagonal(expected) * weight).sum() / weight.sum())
    return min(max(rate, 1e-6), 1.0 - 1e-6)


def mutual_information(confusion: Array, prior: Array) -> Array:
    """Bits a vote from matrices with rows that sum to 1 [..., K, K], at class frequencies [K]; shape [...]."""
    joint = prior[:, None] * confusion
    answer = joint.sum(axis=-2, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(joint > 0, joint * np.log2(confusion / answer), 0.0)
    return np.asarray(np.clip(terms.sum(axis=(-2, -1)), 0.0, np.log2(len(prior))), dtype=np.float64)


def information(
    counts: Array,
    crowd: Array,
    class_counts: Array,
    *,
    strength: float = STRENGTH,
    draws: int = DRAWS,
    seed: int = 0,
) -> Estimate:
    """Bits a vote from N [..., K, K], the crowd's counts [K, K] and the expected items a class [K].

    Each volunteer's draws start from the same seed, so an interval does not depend on who else is asked for.
    """
    k = len(crowd)
    prior, matrix = class_prior(class_counts), crowd_matrix(crowd)
    value = mutual_information(shrunk(counts, matrix, strength), prior)
    spread = np.empty((2, *value.shape))
    for at in np.ndindex(value.shape):
        shapes = counts[at] + strength * matrix
        gamma = np.random.default_rng(seed).standard_gamma(shapes, size=(draws, k, k)) + 1e-300
        drawn = mutual_information(gamma / gamma.sum(axis=-1, keepdims=True), prior)
        spread[(slice(None), *at)] = np.quantile(drawn, [TAIL, 1.0 - TAIL]) - drawn.mean()
    top = np.log2(k) if k > 1 else 0.0
    low, high = np.clip(value + spread[0], 0.0, value), np.clip(value + spread[1], value, max(top, 0.0))
    return Estimate(value, np.asarray(low), np.asarray(high))
