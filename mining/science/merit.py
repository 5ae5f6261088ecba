"""Figure of merit of a volunteer: skill and information, each with a 95 % interval.

All from the volunteer's matrix of expected counts N [K, K] (true class, label given), as consensus leaves it,
so without gold it measures agreement with the consensus, the volunteer's own votes included. The number of
votes is not merit; it only narrows the intervals. Every function takes N as [..., K, K] and works on any
number of volunteers at once.

**Skill** (0..1): share of votes that hit, shrunk to the crowd's mean hit rate h by `SKILL_VOTES` = m votes,

    skill = (trace N + m h) / (n + m),    n = sum N
    interval from Beta(w (trace N + m h), w (n - trace N + m (1 - h)))

**Information** (bits a vote, 0..log2 K): mutual information of truth and answer at the workflow's class
frequencies,

    I(M) = sum_c prior[c] sum_l M[c, l] log2(M[c, l] / sum_d prior[d] M[d, l]).

A matrix of few votes is mostly noise, and noise looks like information. So it is shrunk, by `OWN_VOTES` = s votes a
class, to what somebody of the volunteer's skill would do who errs as the crowd errs: with C the crowd's matrix,

    A_v[c, c] = C[c, c] with its log odds moved by log odds of skill_v - log odds of h,   errors in C's proportions
    M_v[c, l] = (N_v[c, l] + s A_v[c, l]) / (row sum of N_v + s)

The interval is I +- 1.96 standard deviations, cut at 0 and log2 K, from two sources: the skill (its Beta
distribution, five points of Gauss-Hermite), and the rows of M (Dirichlet, to first order, by the derivative of I).
Who always gives the same answer has 0 bits; who always swaps two answers has many.

**Intervals.** A vote judged by a consensus that may err tells less than one judged by the truth: in both intervals
it counts as `WORTH` of a vote. The value is that with which they hold the true value in 95 % on the simulator.

**Over time** (`over_time`): the hit rate in each of several equal parts of a volunteer's votes, with its interval; a
person drifts where the last part's interval lies outside the first's.

**Spread** (`spread`): whether volunteers differ at all beyond chance, by correlating two halves of their votes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import betaincinv, expit, logit, ndtr

from mining.science.confusion import Array, class_prior, crowd_matrix

if TYPE_CHECKING:  # the votes load a compiler, which who only wants a skill need not
    from mining.science.votes import Codes, Votes

SKILL_VOTES = 5.0  # m
OWN_VOTES = 200.0  # s: votes a class that a volunteer's skill is worth beside their own matrix
TAIL = 0.025  # either side of a 95 % interval
WORTH = 0.8  # see Intervals above
TINY = 1e-9
BLOCK = 200_000  # cells of matrices looked at together
LEAST_VOTES = 10  # of a volunteer, to be looked at for spread
LEAST_WORKERS = 10  # with so many votes, for a spread to be looked for
LEAST_CORRELATION = 0.1  # under it a spread is of no use, however significant
# Gauss-Hermite of order 5 for a standard normal.
NODES = (-2.856970, -1.355626, 0.0, 1.355626, 2.856970)
WEIGHTS = (0.01125741, 0.2220759, 0.5333333, 0.2220759, 0.01125741)


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
    return _rate(hits, counts.sum(axis=(-2, -1)) - hits, mean, weight)


def _rate(hits: Array, misses: Array, mean: float, weight: float) -> Estimate:
    a = hits + weight * mean
    b = misses + weight * (1.0 - mean)
    low, high = betaincinv(WORTH * a, WORTH * b, TAIL), betaincinv(WORTH * a, WORTH * b, 1.0 - TAIL)
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
    counts: Array, crowd: Array, class_counts: Array, *, own_votes: float = OWN_VOTES
) -> Estimate:
    """Bits a vote from N [..., K, K], the crowd's counts [K, K] and the expected items a class [K]."""
    k = len(crowd)
    step = max(BLOCK // k**2, 1)
    if counts.ndim == 3 and len(counts) > step:  # some volunteers at a time: less memory
        parts = [
            information(counts[at : at + step], crowd, class_counts, own_votes=own_votes)
            for at in range(0, len(counts), step)
        ]
        return Estimate(*(np.concatenate(part) for part in zip(*parts, strict=True)))
    prior, matrix, mean = class_prior(class_counts), crowd_matrix(crowd), mean_skill(crowd)
    if k == 1:
        zero = np.zeros(counts.shape[:-2])
        return Estimate(zero, zero, zero)
    hits = np.trace(counts, axis1=-2, axis2=-1)
    a = hits + SKILL_VOTES * mean
    b = counts.sum(axis=(-2, -1)) - hits + SKILL_VOTES * (1.0 - mean)
    total = counts.sum(axis=-1, keepdims=True) + own_votes

    def at(rate: Array) -> Array:
        return np.asarray((counts + own_votes * of_skill(matrix, rate, mean)) / total)

    middle = at(a / (a + b))
    value = mutual_information(middle, prior)
    values = np.stack(
        [mutual_information(at(betaincinv(WORTH * a, WORTH * b, ndtr(z))), prior) for z in NODES]
    )
    weights = np.reshape(WEIGHTS, (-1, *(1,) * value.ndim))
    variance = (weights * (values - (weights * values).sum(axis=0)) ** 2).sum(axis=0)
    answer = np.einsum("c,...cl->...l", prior, middle)[..., None, :]
    slope = np.log2(np.maximum(middle, TINY) / np.maximum(answer, TINY))  # of I in M[c, l], over prior[c]
    rows = (middle * slope**2).sum(axis=-1) - (middle * slope).sum(axis=-1) ** 2
    variance = variance + (prior**2 * rows / (WORTH * total[..., 0] + 1.0)).sum(axis=-1)
    reach = 1.96 * np.sqrt(variance)
    low, high = np.clip(value - reach, 0.0, None), np.clip(value + reach, None, np.log2(k))
    return Estimate(value, np.asarray(low), np.asarray(np.maximum(high, value)))


def of_skill(matrix: Array, rate: Array, mean: float) -> Array:
    """A [..., K, K]: the crowd's matrix [K, K], whose hit rate is `mean`, as it would be at the hit rates [...]."""
    k = len(matrix)
    diagonal = np.clip(np.diagonal(matrix), TINY, 1.0 - TINY)
    moved = logit(np.clip(rate, TINY, 1.0 - TINY)) - logit(mean)
    right = expit(logit(diagonal) + moved[..., None])
    errors = matrix * (1.0 - np.eye(k))
    found = (1.0 - right)[..., None] * (errors / errors.sum(axis=1, keepdims=True))
    found[..., np.arange(k), np.arange(k)] = right
    return np.asarray(found, dtype=np.float64)


def over_time(volunteer: Codes, hit: Array, size: int, *, parts: int = 4, mean: float) -> Estimate:
    """Skill [size, parts] in equal parts of each volunteer's votes, in the order of rows (that of receipt).

    volunteer int32 [N] and hit float64 [N] are the votes: whose, and how likely right (0..1). With fewer votes than
    parts some parts are empty and show the crowd's `mean`, with the widest interval.
    """
    order = np.argsort(volunteer, kind="stable")
    who = volunteer[order]
    n = np.bincount(volunteer, minlength=size)
    first = np.repeat(np.cumsum(n) - n, n)
    part = (np.arange(len(who)) - first) * parts // np.maximum(np.repeat(n, n), 1)
    cell = who.astype(np.int64) * parts + part
    votes = np.bincount(cell, np.ones(len(cell)), minlength=size * parts).reshape(size, parts)
    hits = np.bincount(cell, hit[order], minlength=size * parts).reshape(size, parts)
    return _rate(np.asarray(hits), np.asarray(votes - hits), mean, SKILL_VOTES)


def by_class(counts: Array, mean: float) -> Estimate:
    """Skill [..., K] on items of each class, from N [..., K, K]: shrunk as skill is."""
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    return _rate(hits, counts.sum(axis=-1) - hits, mean, SKILL_VOTES)


def agreement(votes: Votes) -> Array:
    """Share of the other votes on the same items that agree with the volunteer's, float64 [V]; NaN without any."""
    volunteers, tallies = votes.shape[1], votes.tallies()
    others = tallies.sum(axis=1)[votes.item] - 1.0
    same = tallies[votes.item, votes.label] - 1.0
    pairs = np.bincount(votes.volunteer, others, minlength=volunteers)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.bincount(votes.volunteer, same, minlength=volunteers) / pairs)


class Spread(NamedTuple):
    """correlation : of two halves of the volunteers' hits, over volunteers. p : chance of one as large were all alike.
    volunteers : how many had votes enough. found : whether they differ beyond chance."""

    correlation: float
    p: float
    volunteers: int
    found: bool


def spread(
    volunteer: Codes, hit: Array, *, least: int = LEAST_VOTES, draws: int = 1000, seed: int = 0
) -> Spread:
    """Whether volunteers differ in how often they hit: an honest held-out test.

    Each volunteer's votes are split in two at random; if people differ, who hits often in one half does in the other.
    The chance level comes from `draws` shuffles of the halves among volunteers. Where ids do not belong to the votes,
    or all are alike, it finds nothing, and skills should not be shown. Volunteers with fewer than `least` votes are
    left out; with fewer than `LEAST_WORKERS` of the others nothing is found.
    """
    rng = np.random.default_rng(seed)
    size = int(volunteer.max(initial=-1)) + 1
    mixed = rng.permutation(len(volunteer))
    order = mixed[np.argsort(volunteer[mixed], kind="stable")]
    who = volunteer[order]
    n = np.bincount(volunteer, minlength=size)
    half = (np.arange(len(who)) - np.repeat(np.cumsum(n) - n, n)) % 2
    rates = []
    for side in (0, 1):
        rows = half == side
        count = np.bincount(who[rows], minlength=size)
        rates.append(np.bincount(who[rows], hit[order][rows], minlength=size) / np.maximum(count, 1))
    busy = n >= least
    if busy.sum() < LEAST_WORKERS:
        return Spread(float("nan"), 1.0, int(busy.sum()), found=False)
    one, two = (_ranks(rate[busy]) for rate in rates)
    if np.ptp(one) == 0 or np.ptp(two) == 0:
        return Spread(0.0, 1.0, int(busy.sum()), found=False)
    found = float(np.corrcoef(one, two)[0, 1])
    chance = [np.corrcoef(one, rng.permutation(two))[0, 1] for _ in range(draws)]
    p = (1 + int((np.array(chance) >= found).sum())) / (1 + draws)
    return Spread(found, p, int(busy.sum()), found=p < 0.05 and found >= LEAST_CORRELATION)


def _ranks(values: Array) -> Array:
    """Ranks from 1, equal values at the mean of theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2.0)[place], dtype=np.float64)
