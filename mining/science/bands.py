"""Above which score a model may decide: the cut at which people agree with it as often as is wanted, surely enough.

Of N subjects that the model never learnt from: its score s_i, the probability that it gives to the band's verdicts, and
whether people's verdict was one of them. A cut t is wanted with

    P(people agree | s >= t) >= w   with confidence 1 - delta, the choice of t among many included.

*Learn then test* by a fixed sequence: Angelopoulos, Bates, Candes, Jordan and Lei (2021), "Learn then Test: Calibrating
Predictive Algorithms to Achieve Risk Control", arXiv:2110.01052, section 2.2 and appendix. Candidates t_1 > t_2 > ...
stand in an order that is written down before these subjects are looked at. Each is tested at the full level delta
against "precision is at most w", by the exact binomial tail: it passes where Clopper and Pearson's (1934) one-sided
lower bound of k of n,

    low = the delta quantile of Beta(k, n - k + 1),

is at least w. The first that does not pass ends the walk; the last that did is the cut. Only one true null hypothesis
can be the first to be met, so an untrue promise is made at most delta of the time, however many cuts are tried.

The walk begins where about BEGIN times as many subjects are expected above the cut as the test needs at least, since
with fewer it would end at the first for want of subjects. Where that is, and the steps, is read from the scores of
*other* subjects (`candidates`), of which nobody knows a verdict: so the order stays independent of those that judge.

The promise is of subjects like those that judge it. It is of all at or above the cut together, and of this cut, not of
all that are ever made one after another. A score that tells nothing, one class, no subjects: no cut, and why.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

from mining.science.confusion import Array

DELTA = 0.05
BEGIN = 2.5
GROWTH = 1.1
"""Each candidate has so many times as many subjects above it as the one before, about."""
LOWEST = 0.5
"""Cuts lie above: two verdicts of one subject never both reach them."""
FEW_OTHERS = 50


@dataclass(frozen=True)
class Tested:
    """One candidate: `hits` of the `of` subjects at or above it are as people said; low: the bound, 0 of nothing."""

    threshold: float
    hits: int
    of: int
    low: float


@dataclass(frozen=True)
class Cut:
    """threshold None: there is no cut, and `why` says the reason: few (subjects that judge), low (precision).

    tried: the candidates in their order, to the first that did not pass. best: the one that is the cut, or the last
    tried.
    """

    threshold: float | None
    why: str
    best: Tested | None
    tried: tuple[Tested, ...]


def needed(wanted: float, delta: float = DELTA) -> int:
    """Subjects under which not even all hits are enough."""
    return math.ceil(math.log(delta) / math.log(wanted))


def lower_bound(hits: Array, of: Array, delta: float = DELTA) -> Array:
    """Clopper and Pearson's, one-sided; 0 where there are no hits."""
    hits, of = np.asarray(hits, dtype=float), np.asarray(of, dtype=float)
    low = beta.ppf(delta, np.maximum(hits, 1), of - hits + 1)
    return np.asarray(np.where(hits > 0, low, 0.0))


def candidates(others: Array, n: int, wanted: float, delta: float = DELTA) -> list[float]:
    """Cuts to try, descending, where n subjects judge. others: scores of subjects that do not; of fewer than 50 nothing
    is read, and the walk goes evenly from 0.98 down."""
    ranked = np.sort(np.asarray(others, dtype=float))[::-1]
    if len(ranked) < FEW_OTHERS:
        steps: Sequence[float] = [round(0.98 - 0.02 * step, 2) for step in range(24)]
    else:
        counts, share = [], BEGIN * needed(wanted, delta) / max(n, 1)
        while share < 1:
            counts.append(round(share * len(ranked)))
            share = max(share * GROWTH, share + 1 / len(ranked))
        counts.append(int((ranked > LOWEST).sum()))  # the lowest that is allowed is tried last, or alone
        steps = [float(ranked[max(count, 1) - 1]) for count in sorted(counts)]
    return [each for each in dict.fromkeys(steps) if each > LOWEST]


def choose_cut(
    scores: Array, right: Array, thresholds: Sequence[float], wanted: float, delta: float = DELTA
) -> Cut:
    """scores [N], right [N] of 0 and 1: of the subjects that judge. thresholds: of `candidates`.

    ValueError unless `wanted` and `delta` lie between 0 and 1. O(N log N).
    """
    if not (0 < wanted < 1 and 0 < delta < 1):
        raise ValueError("what is wanted, and delta, lie between 0 and 1")
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    hits = np.concatenate([[0], np.cumsum(right[order])]).astype(int)
    of = np.searchsorted(-ranked, -np.asarray(thresholds, dtype=float), side="right")
    low = lower_bound(hits[of].astype(float), of.astype(float), delta)
    tested = [
        Tested(float(t), int(hits[n]), int(n), float(bound))
        for t, n, bound in zip(thresholds, of, low, strict=True)
    ]
    passed = 0
    while passed < len(tested) and tested[passed].low >= wanted:
        passed += 1
    tried = tuple(tested[: passed + 1])
    if passed:
        return Cut(tested[passed - 1].threshold, "", tested[passed - 1], tried)
    last = tried[-1] if tried else None
    few = last is None or last.of < needed(wanted, delta)
    return Cut(None, "few" if few else "low", last, tried)
