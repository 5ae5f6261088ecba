"""Calibration: from a posterior, which is a ranking, to a certainty that is right as often as it says.

Guo et al. (2017), "On calibration of modern neural networks", ICML: one temperature. The posterior is taken to a
power b and normalised again,

    q_i[c] = p_i[c]^b / sum_d p_i[d]^b,

so the leading answers stay. b is found by log loss on items whose answer is known. A b of 1/3 says that three votes
tell as much as one would if volunteers erred independently of one another.

A known item's own posterior is certainty itself once its answer has been used. So known items are put in `FOLDS`
parts, each part is hidden in turn while the method is fitted with the others, and b is found on what it said of
the hidden ones. The error that is reported is that of a further turn: b from the other parts, error on the hidden one.

Known items may have many more votes than others (hidden checks that everybody gets), and the more votes, the more
overconfident a posterior. So a hidden item keeps no more votes, chosen at random, than other items have on average.

**Calibration error** (Naeini et al. 2015, "expected calibration error"): items are put in `BINS` bins by their leading
probability; the mean over items of |mean probability - share right| of their bin. It is 0 at best, and never quite 0
on few items.

Fewer than `LEAST_GOLD` known answers are no calibration. Then show the vote share with its Dirichlet interval
(`mining.science.uncertainty.vote_share`), and call the posterior a ranking.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from mining.science.confusion import Array
from mining.science.consensus.base import Consensus
from mining.science.enough import LEAST_GOLD
from mining.science.held_out import rows_of
from mining.science.votes import Codes, Votes, VotesError

FOLDS = 5
BINS = 10
POWERS = (0.005, 10.0)  # b is looked for between these


class Bin(NamedTuple):
    """Items whose leading probability lies in one tenth: how many, their mean probability, the share that is right."""

    items: int
    probability: float
    right: float


@dataclass(frozen=True)
class Calibration:
    """power : b. n : known items used. raw, error : calibration error before, and (cross-validated) after.

    bins : of the cross-validated certainty, for a plot; empty ones left out.
    """

    power: float
    n: int
    raw: float
    error: float
    bins: tuple[Bin, ...]


def tempered(probabilities: Array, power: float) -> Array:
    """q [I, K] from p [I, K]; the leading answer stays. Rows sum to 1."""
    with np.errstate(divide="ignore"):
        scaled = power * np.log(probabilities)
    q = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(q / q.sum(axis=1, keepdims=True), dtype=np.float64)


def fit_power(probabilities: Array, truth: Codes) -> float:
    """b by log loss on items [n, K] whose answers [n] are known. A class that p rules out would cost infinitely much:
    it is taken as e^-500."""
    log_p = np.maximum(np.log(np.maximum(probabilities, 1e-300)), -500.0)
    log_p = log_p - log_p.max(axis=1, keepdims=True)
    own = log_p[np.arange(len(truth)), truth]

    def loss(log_b: float) -> float:
        b = np.exp(log_b)
        return float((np.log(np.exp(b * log_p).sum(axis=1)) - b * own).mean())

    found = minimize_scalar(loss, bounds=np.log(POWERS), method="bounded", options={"xatol": 1e-4})
    return float(np.exp(found.x))


def reliability(probability: Array, right: Array) -> tuple[float, tuple[Bin, ...]]:
    """Calibration error and its bins, from leading probabilities [n] and whether each is right [n]."""
    at = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
    bins = tuple(
        Bin(int((at == b).sum()), float(probability[at == b].mean()), float(right[at == b].mean()))
        for b in range(BINS)
        if (at == b).any()
    )
    error = sum(b.items * abs(b.probability - b.right) for b in bins) / max(len(probability), 1)
    return float(error), bins


def calibrate(fitted: Consensus, votes: Votes, gold: Codes, *, seed: int = 0) -> Calibration | None:
    """The temperature of a method that has been fitted with `gold` [I] (-1: not known); None with fewer than
    `LEAST_GOLD` known items that have votes.

    Fits `FOLDS` times more, with what the method chose kept (`Consensus.again`).
    """
    tally = np.diff(votes.by_item.offsets)
    known = np.flatnonzero((gold >= 0) & (tally > 0))
    if len(known) < LEAST_GOLD:
        return None
    rng = np.random.default_rng(seed)
    fold = rng.permutation(len(known)) % FOLDS
    others = tally[(gold < 0) & (tally > 0)]
    typical = int(np.ceil(others.mean())) if len(others) else int(tally.max())
    hidden = np.empty((len(known), votes.shape[2]))
    for turn in range(FOLDS):
        some = gold.copy()
        some[known[fold == turn]] = -1
        seen = _thinned(votes, known[fold == turn], typical, rng)
        hidden[fold == turn] = fitted.again().fit(seen, some).open_probabilities(seen)[known[fold == turn]]
    truth = gold[known]
    leading = hidden.argmax(axis=1)
    right = (leading == truth).astype(np.float64)
    checked = np.empty(len(known))
    for turn in range(FOLDS):
        power = fit_power(hidden[fold != turn], truth[fold != turn])
        checked[fold == turn] = tempered(hidden[fold == turn], power).max(axis=1)
    error, bins = reliability(checked, right)
    raw, _ = reliability(hidden.max(axis=1), right)
    return Calibration(fit_power(hidden, truth), len(known), raw, error, bins)


def certainty(fitted: Consensus, votes: Votes, calibration: Calibration, gold: Codes) -> Array:
    """Calibrated probabilities [I, K]; 1 for the answer of an item that is known."""
    if gold.shape != (votes.shape[0],):
        raise VotesError(f"gold must have {votes.shape[0]} items, not {gold.shape}")
    q = tempered(fitted.open_probabilities(votes), calibration.power)
    known = np.flatnonzero(gold >= 0)
    q[known] = 0.0
    q[known, gold[known]] = 1.0
    return q


def _thinned(votes: Votes, items: npt.NDArray[np.int64], most: int, rng: np.random.Generator) -> Votes:
    """The table with at most `most` votes, at random, on each of these items; the others keep theirs."""
    rows = np.flatnonzero(np.isin(votes.item, items))
    rows = rng.permutation(rows)
    rows = rows[np.argsort(votes.item[rows], kind="stable")]
    of_item = votes.item[rows]
    turn = np.arange(len(rows)) - np.searchsorted(of_item, of_item)
    kept = np.ones(len(votes), dtype=np.bool_)
    kept[rows[turn >= most]] = False
    return votes if kept.all() else rows_of(votes, kept)
