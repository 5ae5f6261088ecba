"""Dawid-Skene: consensus and each volunteer's errors, learnt from one another by EM.

Dawid and Skene (1979), "Maximum likelihood estimation of observer error-rates using the EM algorithm",
Applied Statistics 28, 20-28. With p_i[c] the probability that item i is of class c and L_v[c, l] that
volunteer v says l of class c:

    M-step   N_v[c, l] = sum over votes (i, v, l) of p_i[c];   prior[c] from sum_i p_i[c];   L_v from N_v
    E-step   p_i[c] = prior[c] * prod over votes (v, l) on i of L_v[c, l] / normaliser      (in logarithms)

Plain: L_v is N_v with rows made to sum to 1, each cell plus `PLAIN_PSEUDO` (which keeps a zero from ruling a
class out on the word of one volunteer). Pooled: L_v is shrunk to the crowd's matrix,
`mining.science.confusion.shrunk`: a Dirichlet prior whose mean is estimated from all volunteers together (an
empirical Bayes step, after Kim and Ghahramani 2012, "Bayesian classifier combination").

EM starts from the vote shares and ends when no probability moves more than `tolerance`. It finds a local
optimum: a crowd whose majority errs on a class can swap classes, and nothing without gold repairs an error
that most share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from mining.science.confusion import STRENGTH, Array, class_prior, crowd_matrix, shrunk
from mining.science.consensus.base import Consensus, class_counts, expected_counts, keep_gold, vote_shares
from mining.science.votes import Codes, Votes

PLAIN_PSEUDO = 1e-9  # votes a cell


def e_step(votes: Votes, prior: Array, confusion: Array) -> Array:
    """p [I, K] from the prior [K] and the matrices [V, K, K]; the largest term is taken out before exp()."""
    items, _, k = votes.shape
    log_confusion = np.log(confusion)
    with np.errstate(divide="ignore"):  # a class that the prior rules out
        log_prior = np.log(prior)
    log_p = np.empty((items, k))
    for c in range(k):
        evidence = log_confusion[votes.volunteer, c, votes.label]
        log_p[:, c] = log_prior[c] + np.bincount(votes.item, weights=evidence, minlength=items)
    p = np.exp(log_p - log_p.max(axis=1, keepdims=True))
    return np.asarray(p / p.sum(axis=1, keepdims=True), dtype=np.float64)


@dataclass
class DawidSkene(Consensus):
    """Plain Dawid-Skene: each volunteer's matrix stands alone."""

    max_iter: int = 500
    tolerance: float = 1e-5
    name: ClassVar[str] = "dawid-skene"

    def _fit(self, votes: Votes, gold: Codes | None) -> None:
        p = keep_gold(vote_shares(votes), gold)
        self.converged_ = False
        for n_iter in range(1, self.max_iter + 1):
            self.n_iter_ = n_iter
            self._m_step(votes, p, gold)
            before, p = p, keep_gold(e_step(votes, self.prior_, self.confusion_), gold)
            if np.abs(p - before).max() < self.tolerance:
                self.converged_ = True
                break
        self._m_step(votes, p, gold)
        self.probabilities_ = p

    def _m_step(self, votes: Votes, p: Array, gold: Codes | None) -> None:
        """Counts, matrices and prior from the probabilities [I, K]."""
        self.counts_ = expected_counts(votes, p)
        self.confusion_ = self._matrices(self.counts_)
        self.prior_ = self._prior(class_counts(p, gold))

    def _prior(self, counts: Array) -> Array:
        return np.asarray(counts / counts.sum(), dtype=np.float64)

    def _matrices(self, counts: Array) -> Array:
        smoothed = counts + PLAIN_PSEUDO
        return np.asarray(smoothed / smoothed.sum(axis=2, keepdims=True), dtype=np.float64)


@dataclass
class DawidSkenePooled(DawidSkene):
    """Dawid-Skene with each volunteer's matrix shrunk to the crowd's, `strength` votes a class."""

    strength: float = STRENGTH
    name: ClassVar[str] = "dawid-skene-pooled"

    def _prior(self, counts: Array) -> Array:
        return class_prior(counts)

    def _matrices(self, counts: Array) -> Array:
        return shrunk(counts, crowd_matrix(counts.sum(axis=0)), self.strength)
