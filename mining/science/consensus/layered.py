"""Pooled Dawid-Skene with more layers of pooling: what is hard is not taken for what is rare.

Hard items spread everybody's votes. A class that few items have learns its matrix from few, so that EM can make it the
class of the hard items: its row then says that people mostly answer otherwise. Here each row leans on what all rows say
together, as long as few items speak for it, and each volunteer on what they do on all classes. With R[c] the crowd's
votes a class, r the votes an item, and what `mining.science.confusion` names:

    E[c, c]   = h, the crowd's hit rate;      E[c, l] = (1 - h) / (K - 1)            one rate for all classes
    B[c]      = (n E[c] + sum of the vote shares of known items of class c) / (n + how many these are)
    C[c, l]   = (crowd[c, l] / r + m B[c, l]) / (R[c] / r + m)                      the crowd's matrix
    A_v       = C with its diagonal's log odds moved by how v's hit rate differs    `merit.of_skill`
    L_v[c, l] = (N_v[c, l] + s A_v[c, l]) / (sum_l N_v[c, l] + s)                   the volunteer's matrix

and the class frequencies, with z from the known items and the vote shares of the others (`lent_classes`), are

    prior[c]  = (sum_i p_i[c] + m z[c] + b) / sum

Rows count items, not votes, since votes on one item share its errors; m = `OWN_ITEMS`, n = `START_ITEMS`. While EM goes
round an item teaches only as much as its votes agree (`passes.agreeing`), since what is hard says little of a class;
`counts_` are whole votes all the same, `confusion_` is what EM ends with. Without known answers B is E; with them an
error that most people share is learnt, and the more is known, the less all this has to say: m is less by `still_say`.

Each layer is the mean of a Dirichlet about the one above it (hierarchical Bayes; Kim and Ghahramani 2012; Venanzi and
others 2014, "Community-based Bayesian aggregation models for crowdsourcing").
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from mining.science.confusion import CROWD_RIGHT, CROWD_VOTES, Array, class_prior
from mining.science.consensus.base import (
    START_CLASSES,
    START_ITEMS,
    class_counts,
    expected_counts,
    still_say,
)
from mining.science.consensus.dawid_skene import DawidSkenePooled
from mining.science.consensus.passes import Passes, Rounds
from mining.science.merit import SKILL_VOTES, of_skill
from mining.science.votes import Codes, Votes

OWN_ITEMS = 100.0  # m: items that one hit rate is worth to a row of the crowd's matrix, vote shares to the frequencies
BLOCK = 1_000_000  # cells of matrices looked at together


def crowd_rows(crowd: Array, votes_an_item: float, known: Array) -> Array:
    """C [K, K] from the crowd's counts [K, K] and the vote shares of known items, summed by class [K, K]."""
    k = len(crowd)
    if k == 1:
        return np.ones((1, 1))
    hit = (np.trace(crowd) + CROWD_VOTES * CROWD_RIGHT) / (crowd.sum() + CROWD_VOTES)
    even = np.full((k, k), (1.0 - hit) / (k - 1))
    np.fill_diagonal(even, hit)
    above = START_ITEMS * even + known
    lent = OWN_ITEMS * START_CLASSES / (START_CLASSES + known.sum())
    leaning = crowd / votes_an_item + lent * above / above.sum(axis=1, keepdims=True)
    return np.asarray(leaning / leaning.sum(axis=1, keepdims=True), dtype=np.float64)


def known_shares(tallies: Array, gold: Codes | None) -> Array:
    """The vote shares of known items, summed by their class [K, K]."""
    k = tallies.shape[1]
    found = np.zeros((k, k))
    if gold is not None:
        known = np.flatnonzero((gold >= 0) & (tallies.sum(axis=1) > 0))
        np.add.at(found, gold[known], tallies[known] / tallies[known].sum(axis=1, keepdims=True))
    return found


def lent_classes(tallies: Array, gold: Codes | None) -> Array:
    """Shares [K] of the classes: known items are counted, and the vote shares of the others are worth START_CLASSES."""
    shares = class_counts(tallies, gold)
    found = START_CLASSES * shares / max(shares.sum(), 1.0)
    if gold is not None:
        found += np.bincount(gold[gold >= 0], minlength=len(found))
    return np.asarray(found / max(found.sum(), 1.0))


def mean_hit(crowd: Array, rows: Array) -> float:
    """The hit rate of the crowd's matrix [K, K], each class by its votes."""
    weight = crowd.sum(axis=1) + 1.0
    return float(np.diagonal(rows) @ weight / weight.sum())


@dataclass
class DawidSkeneLayered(DawidSkenePooled):
    """`strength` is s; `rows_` [K, K] is C, where EM ends. Not in the registry: `tuned` chooses s."""

    name: ClassVar[str] = "dawid-skene-layered"

    _votes_an_item: float = field(default=1.0, init=False, repr=False, compare=False)
    _known: Array = field(init=False, repr=False, compare=False)
    _lent: Array = field(init=False, repr=False, compare=False)
    rows_: Array = field(init=False, repr=False, compare=False)

    def _fit(self, votes: Votes, gold: Codes | None) -> None:
        super()._fit(votes, gold)
        self.counts_ = expected_counts(votes, self.probabilities_)

    def _passes(self, votes: Votes, gold: Codes | None, p: Array) -> Passes:
        tallies = votes.tallies()
        self._votes_an_item = len(votes) / np.count_nonzero(np.diff(votes.by_item.offsets))
        self._known = known_shares(tallies, gold)
        self._lent = OWN_ITEMS * still_say(gold) * lent_classes(tallies, gold)
        tallies /= np.maximum(tallies.sum(axis=1, keepdims=True), 1.0)
        return Passes(votes, gold, p, tallies.astype(np.float32))  # half the memory

    def iterate(self, passes: Rounds) -> None:
        super().iterate(passes)
        self.rows_ = self._rows(passes.crowd(self.counts_))

    def _prior(self, classes: Array) -> Array:
        return class_prior(classes + self._lent)

    def _rows(self, crowd: Array) -> Array:
        return crowd_rows(crowd, self._votes_an_item, self._known)

    def leaning(self, counts: Array, crowd: Array) -> Array:
        rows = self._rows(crowd)
        if len(rows) == 1:
            return rows
        mean = mean_hit(crowd, rows)
        hits = np.trace(counts, axis1=1, axis2=2)
        rate = (hits + SKILL_VOTES * mean) / (counts.sum(axis=(1, 2)) + SKILL_VOTES)
        found = np.empty_like(counts)
        step = max(BLOCK // rows.size, 1)  # some volunteers at a time: less memory
        for at in range(0, len(found), step):
            found[at : at + step] = of_skill(rows, rate[at : at + step], mean)
        return found
