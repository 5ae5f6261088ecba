"""Subjects that stand out, without a model of what is interesting: three signals, each as surprise in bits.

A signal of b bits is what one subject in 2^b shows. Divided votes and contradicting attributes are measured by rank
among the subjects themselves, so N subjects can give log2(N) bits at most; odd answers by the binomial tail at the
crowd's own rate. The sum ranks; it is no probability, since signals hang together.
"""

import numpy as np
import numpy.typing as npt
from scipy.stats import binom

Array = npt.NDArray[np.float64]

SURE = 0.8  # share of its answer from which a subject can contradict it
ENOUGH = 10  # subjects of an answer from which its usual values are known
MAD = 1.4826  # times the median absolute deviation: the standard deviation of a normal distribution


def tail(values: Array) -> Array:
    """Bits by which each value lies high among all: -log2 of the share that is as high or higher; NaN gives 0."""
    known = np.flatnonzero(~np.isnan(values))
    bits = np.zeros(len(values))
    if known.size:
        ordered = np.sort(values[known])
        higher = known.size - np.searchsorted(ordered, values[known], side="left")
        bits[known] = -np.log2(higher / known.size)
    return bits


def divided(dispersion: Array) -> Array:
    """Bits [N] of dispersion [N]; a subject on which all agree has none."""
    return np.where(dispersion > 0, tail(dispersion), 0.0)


def odd_answers(odd: npt.NDArray[np.int64], asked: npt.NDArray[np.int64]) -> Array:
    """Bits [N] by which `odd` of `asked` answers are more than the crowd's own rate (half an answer added) lets expect;
    0 without any."""
    rate = (odd.sum() + 0.5) / (asked.sum() + 1.0)
    surprise = -binom.logsf(odd - 1, np.maximum(asked, 1), rate) / np.log(2)
    return np.where(odd > 0, np.maximum(surprise, 0.0), 0.0)


def contradicting(values: Array, shares: Array) -> tuple[Array, npt.NDArray[np.int64]]:
    """(bits [N], the answer [N] that each looks more like): of one attribute [N] against the shares [N, K].

    A subject contradicts its answer where it is sure of it, and its value lies farther from that answer's median than
    from another's, in units of each answer's own spread. Bits by rank of the distance among those of its answer.
    """
    lead = shares.argmax(axis=1)
    sure = (shares.max(axis=1) >= SURE) & ~np.isnan(values)
    k = shares.shape[1]
    distance = np.full((len(values), k), np.inf)
    for answer in range(k):
        own = values[sure & (lead == answer)]
        if len(own) >= ENOUGH:
            middle = np.median(own)
            spread = MAD * np.median(np.abs(own - middle))
            if spread > 0:
                distance[:, answer] = np.abs(values - middle) / spread
    mine = distance[np.arange(len(values)), lead]
    like = distance.argmin(axis=1)
    bits = np.zeros(len(values))
    for answer in range(k):
        members = np.flatnonzero(sure & (lead == answer) & np.isfinite(mine))
        bits[members] = tail(mine[members])
    nearer = (like != lead) & np.isfinite(mine)
    return np.where(nearer, bits, 0.0), like
