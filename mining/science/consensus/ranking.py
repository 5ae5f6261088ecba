"""A ranking from comparisons of two: which is rounder, better, nearer.

Bradley and Terry (1952), "Rank analysis of incomplete block designs", Biometrika 39, 324: a beats b with the chance
w_a / (w_a + w_b). By the iteration of Hunter (2004), "MM algorithms for generalized Bradley-Terry models", Annals of
Statistics 32, 384, with the Gamma prior of Caron and Doucet (2012): everyone has met an average opponent twice,
won once and lost once. So who won all comparisons has a finite place, and groups that never met still have one.

    E-step   for each comparison of a and b:  1 / (w_a + w_b)
    M-step   w_a = (wins_a + PRIOR) / (sum over the comparisons of a of 1 / (w_a + w_b) + 2 PRIOR / (w_a + 1))

Each comparison has a weight: give that of the volunteer (skill), or leave 1. The interval is that of log w from the
curvature of the likelihood in its own w (Fisher information), so it leaves out what opponents' places do not tell.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mining.science.confusion import Array
from mining.science.votes import Codes, VotesError

PRIOR = 1.0  # wins and losses against an average opponent


class Ranking(NamedTuple):
    """strength float64 [M]: log w, 0 is average; low, high: 95 %; order: members from the best to the last."""

    strength: Array
    low: Array
    high: Array
    order: Codes
    converged: bool


def bradley_terry(
    winner: Codes,
    loser: Codes,
    size: int,
    *,
    weight: Array | None = None,
    max_iter: int = 10_000,
    tolerance: float = 1e-9,
) -> Ranking:
    """Rank members 0..size-1 from comparisons [N]. VotesError for a member compared with itself or none."""
    if not len(winner):
        raise VotesError("no comparisons: there is nothing to rank")
    same = np.flatnonzero(winner == loser)
    if len(same):
        raise VotesError("a member is compared with itself", int(same[0]))
    each = np.ones(len(winner)) if weight is None else weight
    if each.shape != winner.shape or (each < 0).any():
        raise VotesError(f"weights must be {len(winner)} numbers >= 0")
    wins = np.bincount(winner, each, minlength=size) + PRIOR
    w, converged = np.ones(size), False
    for _ in range(max_iter):
        meeting = each / (w[winner] + w[loser])
        faced = np.bincount(winner, meeting, minlength=size) + np.bincount(loser, meeting, minlength=size)
        new = wins / (faced + 2.0 * PRIOR / (w + 1.0))
        moved, w = float(np.abs(np.log(new / w)).max()), new
        if moved < tolerance:
            converged = True
            break
    strength = np.log(w)
    p = w[winner] / (w[winner] + w[loser])
    curve = each * p * (1.0 - p)
    known = np.bincount(winner, curve, minlength=size) + np.bincount(loser, curve, minlength=size)
    deviation = 1.0 / np.sqrt(known + 2.0 * PRIOR * w / (w + 1.0) ** 2)
    order = np.argsort(-strength, kind="stable").astype(np.int32)
    return Ranking(strength, strength - 1.96 * deviation, strength + 1.96 * deviation, order, converged)
