"""Weighted: votes weigh by how consistent their volunteer is with the others, as in Galaxy Zoo 1 and 2.

Lintott et al. (2008), "Galaxy Zoo: morphologies derived from visual inspection of galaxies from the Sloan Digital Sky
Survey", MNRAS 389, 1179: weigh, compare with the weighted majority, weigh again. Willett et al. (2013), "Galaxy Zoo
2", MNRAS 435, 2835, section 3.1: the consistency of a vote is the weighted share of the votes on its item that agree
with it, kappa_v the mean over the volunteer's votes, and

    M-step   kappa_v = mean over v's votes (i, l) of p_i[l]          w_v = min(1, (kappa_v / 0.6)^8.5)
    E-step   p_i[l]  = sum of w_v over the votes l on i / sum of w_v over all votes on i

for three rounds, from w = 1. The vote itself is among those that it is compared with, as in the papers. Where all
votes on an item weigh next to nothing (under `LEAST` together) they weigh the same. With gold a vote on a known item
is compared with the known answer.

Who weighs less (`Votes.weights`) has that factor on w_v. The weight is 1 for most people: it takes the worst out and
does not rank the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from mining.science.confusion import Array, class_prior, crowd_matrix, shrunk
from mining.science.consensus.base import (
    Consensus,
    class_counts,
    expected_counts,
    keep_gold,
    open_shares,
    vote_shares,
)
from mining.science.uncertainty import weighted_tallies
from mining.science.votes import Codes, Votes

FULL = 0.6  # consistency from which a vote weighs 1
POWER = 8.5
ROUNDS = 3
LEAST = 1e-6  # votes


def consistency(votes: Votes, p: Array) -> Array:
    """kappa [V]: mean probability of the answers that a volunteer gave; 1 without votes."""
    volunteers = votes.shape[1]
    rows = np.ones(len(votes)) if votes.learned is None else votes.learned.astype(np.float64)
    agreed = np.bincount(votes.volunteer, p[votes.item, votes.label] * rows, minlength=volunteers)
    n = np.bincount(votes.volunteer, rows, minlength=volunteers)
    return np.asarray(np.where(n > 0, agreed / np.maximum(n, 1.0), 1.0))


def weigh(kappa: Array) -> Array:
    """w [V] of 0..1 from the consistency."""
    return np.asarray(np.minimum((kappa / FULL) ** POWER, 1.0))


def weighted_shares(votes: Votes, weights: Array) -> Array:
    """p [I, K] from the volunteers' weights [V]; plain shares where all weigh next to nothing."""
    tallies = weighted_tallies(votes, weights)
    total = tallies.sum(axis=1, keepdims=True)
    return np.asarray(np.where(total > LEAST, tallies / np.maximum(total, LEAST), vote_shares(votes)))


@dataclass
class Weighted(Consensus):
    """Iterative consistency weighting."""

    rounds: int = ROUNDS
    name: ClassVar[str] = "weighted"

    weights_: Array = field(init=False, repr=False)

    def _fit(self, votes: Votes, gold: Codes | None) -> None:
        p = keep_gold(vote_shares(votes), gold)
        for _ in range(self.rounds):
            self.weights_ = weigh(consistency(votes, p))
            if votes.weights is not None:
                self.weights_ = self.weights_ * votes.weights
            p = keep_gold(weighted_shares(votes, self.weights_), gold)
        self.probabilities_ = p
        self.counts_ = expected_counts(votes, p)
        self.confusion_ = shrunk(self.counts_, crowd_matrix(self.counts_.sum(axis=0)))
        self.prior_ = class_prior(class_counts(p, gold))
        self.n_iter_, self.converged_ = self.rounds, True

    def open_probabilities(self, votes: Votes) -> Array:
        return open_shares(weighted_tallies(votes, self.weights_))
