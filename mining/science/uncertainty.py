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

**Undecided**: the leading answer does not stand out. Where it is calibrated, when it is not `CLEAR` times as likely as
the next one. Else when its share of the weighted votes, taken as so many as the effective ones, may well be no larger
than another's: when the chance that it is larger is under `SURE` (Dirichlet with the prior of Jeffreys; of two shares a
Beta distribution). So of equal votes 1 of 1, 2 of 3 and 3 of 4 are undecided, 3 of 3 and 5 of 6 are not. A known answer
never is; an item without votes always.

Weights are one number >= 0 a volunteer: the project uses the skill. All that takes counts or shares
works on [..., K].
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, betaincinv

from mining.science.confusion import Array
from mining.science.sorting import Flags, tallies
from mining.science.votes import Codes, Votes

JEFFREYS = 0.5  # pseudo-votes an answer in the interval of a vote share
TAIL = 0.025
BLOCK = 100_000  # items looked at together
CLEAR = 2.0  # times as likely as the next answer
SURE = 0.95  # chance that the leading share is larger


def entropy_bits(p: Array) -> Array:
    """Entropy in bits of distributions [..., K]; shape [...]. 0 log 0 = 0."""
    positive = np.where(p > 0, p, 1.0)
    return np.asarray(np.maximum(-(p * np.log2(positive)).sum(axis=-1), 0.0), dtype=np.float64)


def weighted_tallies(votes: Votes, weights: Array) -> Array:
    """Sum of weights by item and label, float64 [I, K]; `weights` [V], one a volunteer."""
    return weighted_votes(votes, weights)[0]


def weighted_votes(votes: Votes, weights: Array) -> tuple[Array, Array]:
    """Sum of weights by item and label, float64 [I, K], and Kish's effective votes of each item [I]."""
    _, volunteers, k = votes.shape
    if weights.shape != (volunteers,) or (weights < 0).any():
        raise ValueError(f"weights must be {volunteers} numbers >= 0")
    sums, square = tallies(votes.by_item, np.asarray(weights, dtype=np.float64), k)
    total = sums.sum(axis=1)
    return sums, np.asarray(np.where(square > 0, total**2 / np.where(square > 0, square, 1.0), 0.0))


def dispersion(tallies: Array) -> Array:
    """Dispersion from (weighted) tallies [..., K]; shape [...]. NaN without votes; 0 where K is 1."""
    if tallies.ndim == 2 and len(tallies) > BLOCK:  # a few rows at a time: less memory
        return np.concatenate([dispersion(tallies[at : at + BLOCK]) for at in range(0, len(tallies), BLOCK)])
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


def bits_of_yes(gave: Sequence[int], asked: int) -> float:
    """Dispersion where each may give several things: the mean over all that was given of the bits of whether somebody
    gave that thing; 0 where each was given by all, 1 by half. gave: of each thing, how many of those asked."""
    bits = 0.0
    for n in gave:
        share = n / asked
        bits -= n * sum(p * math.log2(p) for p in (share, 1 - share) if p > 0)
    return bits / sum(gave) if gave else 0.0


def effective_votes(weights: npt.ArrayLike) -> float:
    """Kish's effective number of votes; 0 without votes or when all weigh nothing."""
    w = np.asarray(weights, dtype=np.float64)
    square = float((w * w).sum())
    return float(w.sum()) ** 2 / square if square > 0 else 0.0


def effective_votes_by_item(votes: Votes, weights: Array) -> Array:
    """Kish's effective number of votes of each item, float64 [I]; `weights` [V], one a volunteer."""
    return weighted_votes(votes, weights)[1]


def undecided_by_votes(shares: Array, effective: Array, labels: Codes) -> Flags:
    """Where votes do not tell the answers `labels` [I] from others; weighted tallies [I, K], effective votes [I]."""
    if len(shares) > BLOCK:
        parts = [slice(at, at + BLOCK) for at in range(0, len(shares), BLOCK)]
        return np.concatenate([undecided_by_votes(shares[at], effective[at], labels[at]) for at in parts])
    total = shares.sum(axis=1, keepdims=True)
    votes = shares / np.where(total > 0, total, 1.0) * effective[:, None] + JEFFREYS
    rows = np.arange(len(votes))
    own = votes[rows, labels]
    others = votes.copy()
    others[rows, labels] = 0.0
    if shares.shape[1] == 1:
        return np.asarray(effective <= 0)
    return np.asarray(betainc(others.max(axis=1), own, 0.5) < SURE)


def undecided_by_certainty(certain: Array) -> Flags:
    """Where no answer is `CLEAR` times as likely as the next one, from calibrated probabilities [I, K]."""
    if certain.shape[1] == 1:
        return np.zeros(len(certain), dtype=np.bool_)
    two = np.partition(certain, -2, axis=1)[:, -2:]
    return np.asarray(two[:, 1] < CLEAR * two[:, 0])
