"""A ranking from comparisons of two: which is rounder, better, nearer, or neither more than the other.

Bradley and Terry (1952), "Rank analysis of incomplete block designs", Biometrika 39, 324, with the ties of Davidson
(1970), "On extending the Bradley-Terry model to accommodate ties in paired comparison experiments", JASA 65, 317, and
the advantage of who stands on the left of Davidson and Beaver (1977), Biometrics 33, 693. Of a member l on the left and
r on the right, with strengths s, people say

    left   with odds  exp(s_l + side)
    right  with odds  exp(s_r)
    tie    with odds  exp(tie + (s_l + s_r + side) / 2)

The prior is weak: everybody has met an average opponent 2 PRIOR times, won half and lost half (Caron and Doucet 2012),
so that who won all has a finite place, and groups that never met still have one; `side` and `tie` are Normal(0,
SPREAD^2). The posterior is concave: Newton's method finds its one top. Intervals are those of a normal distribution
with the curvature there, of the difference from the mean of all.

Each comparison has a weight: that of its volunteer, or 1. Memory and time: size^2 numbers, size^3 steps an iteration.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from mining.science.confusion import Array
from mining.science.votes import Codes, VotesError

PRIOR = 0.5  # wins and losses against an average opponent
SPREAD = 2.0  # of the prior of side and tie
MOST = 3000  # members
Z95 = 1.959963984540054
LEFT, RIGHT, TIE = 0, 1, 2


class Ranking(NamedTuple):
    """strength, low, high float64 [M]: log odds, 0 is the mean of all, with its 95 % interval; order: members from the
    strongest to the last; side: log odds that who stands on the left gains by it, with its standard error; tie: log
    odds of a tie between equals, None where there is none."""

    strength: Array
    low: Array
    high: Array
    order: Codes
    side: float
    side_error: float
    tie: float | None
    converged: bool


def rank(
    left: Codes, right: Codes, said: Codes, size: int, *, weight: Array | None = None, max_iter: int = 100
) -> Ranking:
    """Rank members 0..size-1 from comparisons [N]; `said` is LEFT, RIGHT or TIE. VotesError where there is none, for a
    member compared with itself, or for too many members."""
    _check(left, right, said, size, weight)
    each = np.ones(len(left)) if weight is None else weight
    has_ties = bool((said == TIE).any())
    found = np.zeros(size + (2 if has_ties else 1))
    value, converged = -math.inf, False
    for _ in range(max_iter):
        value, slope, curve = _posterior(found, left, right, said, each, size)
        step = np.linalg.solve(curve, slope)
        if float(np.abs(step).max()) < 1e-10:
            converged = True
            break
        length = 1.0
        while length > 1e-6 and _posterior(found + length * step, left, right, said, each, size)[0] < value:
            length /= 2.0
        found = found + length * step
    covariance = np.linalg.inv(_posterior(found, left, right, said, each, size)[2])
    own = covariance[:size, :size]
    strength = found[:size] - found[:size].mean()
    # Of s_a - mean(s): var(s_a) - 2 cov(s_a, mean) + var(mean).
    variance = np.diag(own) - 2.0 * own.mean(axis=1) + own.mean()
    half = Z95 * np.sqrt(np.maximum(variance, 0.0))
    order = np.argsort(-strength, kind="stable").astype(np.int32)
    tie = float(found[size + 1]) if has_ties else None
    side, error = float(found[size]), math.sqrt(covariance[size, size])
    return Ranking(strength, strength - half, strength + half, order, side, error, tie, converged)


def _check(left: Codes, right: Codes, said: Codes, size: int, weight: Array | None) -> None:
    if not len(left):
        raise VotesError("no comparisons: there is nothing to rank")
    same = np.flatnonzero(left == right)
    if len(same):
        raise VotesError("a member is compared with itself", int(same[0]))
    if size > MOST:
        raise VotesError(f"{size:,} members are more than can be ranked together; {MOST:,} are the most")
    if not np.isin(said, (LEFT, RIGHT, TIE)).all():
        raise VotesError("a comparison says left, right or tie")
    if weight is not None and (weight.shape != left.shape or (weight < 0).any()):
        raise VotesError(f"weights must be {len(left)} numbers >= 0")


def _posterior(
    found: Array, left: Codes, right: Codes, said: Codes, weight: Array, size: int
) -> tuple[float, Array, Array]:
    """Log density, its gradient, and minus its second derivatives, at strengths, side and perhaps tie."""
    s, side, n = found[:size], found[size], len(found)
    tie = found[size + 1] if n > size + 1 else -math.inf
    odds = np.stack([s[left] + side, s[right], tie + (s[left] + s[right] + side) / 2], axis=1)
    most = odds.max(axis=1, keepdims=True)
    p = np.exp(odds - most)
    total = p.sum(axis=1, keepdims=True)
    p /= total
    value = float(weight @ (odds[np.arange(len(said)), said] - most[:, 0] - np.log(total[:, 0])))
    # What each answer's odds have of s_left, s_right, side, tie; the same for every comparison.
    parts = np.array([[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.5, 0.5, 0.5, 1.0]])
    mean = p @ parts
    places = np.stack(
        [left, right, np.full(len(left), size), np.full(len(left), min(size + 1, n - 1))], axis=1
    )
    known = np.array([True, True, True, n > size + 1])
    slope, curve = np.zeros(n), np.zeros((n, n))
    gap = weight[:, None] * (parts[said] - mean)
    square = np.einsum("nk,ka,kb->nab", p, parts, parts) - mean[:, :, None] * mean[:, None, :]
    for a in np.flatnonzero(known):
        np.add.at(slope, places[:, a], gap[:, a])
        for b in np.flatnonzero(known):
            np.add.at(curve, (places[:, a], places[:, b]), weight * square[:, a, b])
    # The prior.
    win = 1.0 / (1.0 + np.exp(-s))
    value += float(PRIOR * (s + 2.0 * np.log1p(-win)).sum() - 0.5 * ((found[size:] / SPREAD) ** 2).sum())
    slope[:size] += PRIOR * (1.0 - 2.0 * win)
    slope[size:] -= found[size:] / SPREAD**2
    curve[np.arange(size), np.arange(size)] += 2.0 * PRIOR * win * (1.0 - win)
    curve[np.arange(size, n), np.arange(size, n)] += 1.0 / SPREAD**2
    return value, slope, curve
