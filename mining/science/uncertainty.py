"""How sure, and how divided: the numbers beside an answer.

**Certainty** is the calibrated probability of the answer. It needs gold; without gold it is None (an empty
cell), here and everywhere. A posterior is not it: on real crowds Dawid-Skene claims over 0.95 where it is
right in 0.67 to 0.94, because volunteers share errors. Without gold show the vote share with its Dirichlet
interval, and call the posterior a ranking.

**Dispersion** (0..1) is the entropy of the merit-weighted vote shares over log K: 0 when all agree, 1 when
all K answers have equal weight. A subject can be certain and dispersed: many hasty votes against a few good
ones.

**Effective votes** (Kish 1965): (sum w)^2 / sum w^2, the number of equal votes that would weigh as the
weighted ones do.

Weights are one number >= 0 a vote; the project uses the volunteer's skill. All that takes counts or shares
works on [..., K].
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from mining.science.confusion import Array
from mining.science.votes import Votes

JEFFREYS = 0.5  # pseudo-votes an answer in the interval of a vote share
TAIL = 0.025


def entropy_bits(p: Array) -> Array:
    """Entropy in bits of distributions [..., K]; shape [...]. 0 log 0 = 0."""
    positive = np.where(p > 0, p, 1.0)
    return np.asarray(np.maximum(-(p * np.log2(positive)).sum(axis=-1), 0.0), dtype=np.float64)


def weighted_tallies(votes: Votes, weights: Array) -> Array:
    """Sum of weights by item and label, float64 [I, K]; `weights` [N], one a vote."""
    if weights.shape != (len(votes),) or (weights < 0).any():
        raise ValueError(f"weights must be {len(votes)} numbers >= 0")
    i, _, k = votes.shape
    cell = votes.item.astype(np.int64) * k + votes.label
    return np.asarray(np.bincount(cell, weights=weights, minlength=i * k).reshape(i, k), dtype=np.float64)


def dispersion(tallies: Array) -> Array:
    """Dispersion from (weighted) tallies [..., K]; shape [...]. NaN without votes; 0 where K is 1."""
    k = tallies.shape[-1]
    total = tallies.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = tallies / total
    bits = entropy_bits(np.nan_to_num(shares)) / np.log2(max(k, 2))
    return np.asarray(np.where(total[..., 0] > 0, np.minimum(bits, 1.0), np.nan), dtype=np.float64)


def vote_share(tallies: Array) -> tuple[Array, Array, Array]:
    """Share of each answer with its 95 % interval, each [..., K], from unweighted tallies [..., K].

    Given Dirichlet(tallies + 1/2), the Jeffreys prior, each share is Beta distributed; the interval is its
    central 95 %, stretched to hold the plain share. Without votes the share is NaN and the interval that of
    the prior.
    """
    total = tallies.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = tallies / total
    a = tallies + JEFFREYS
    b = total + JEFFREYS * tallies.shape[-1] - a
    if tallies.shape[-1] == 1:
        return share, np.ones_like(a), np.ones_like(a)
    low = np.fmin(betaincinv(a, b, TAIL), share)
    high = np.fmax(betaincinv(a, b, 1.0 - TAIL), share)
    return np.asarray(share), np.asarray(low), np.asarray(high)


def effective_votes(weights: npt.ArrayLike) -> float:
    """Kish's effective number of votes; 0 without votes or when all weigh nothing."""
    w = np.asarray(weights, dtype=np.float64)
    square = float((w * w).sum())
    return float(w.sum()) ** 2 / square if square > 0 else 0.0


def effective_votes_by_item(votes: Votes, weights: Array) -> Array:
    """Kish's effective number of votes of each item, float64 [I]."""
    total = weighted_tallies(votes, weights).sum(axis=1)
    square = weighted_tallies(votes, weights * weights).sum(axis=1)
    return np.asarray(np.where(square > 0, total**2 / np.where(square > 0, square, 1.0), 0.0))
