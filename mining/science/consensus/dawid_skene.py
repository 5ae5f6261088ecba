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

Gold enters as counts: a known item keeps p_i = 1 for its answer, so a vote on it adds one whole vote to its
volunteer's matrix; class frequencies are those of the other items.

Who weighs less (`Votes.weights`) says with the chance w what L_v says and else nothing, w L_v + (1 - w) / K in the
E-step, and is not in the crowd's matrix.

EM starts from the vote shares (with gold: `base.start`) and ends when a round over all items moves the probabilities
of an item by less than `tolerance` on average (of a large table a few items go on moving for ever). It finds a local
optimum: a crowd whose majority errs on a class can swap classes, and nothing without gold repairs an error that most
share.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np

from mining.science.confusion import STRENGTH, Array, class_prior, crowd_matrix, shrunk
from mining.science.consensus.base import Consensus, keep_gold, start
from mining.science.consensus.kernels import (
    BLOCK_ROWS,
    LARGE,
    blocks,
    em_pass,
    in_threads,
    matrices_of,
    transposed,
)
from mining.science.consensus.passes import Passes, Rounds
from mining.science.votes import Codes, Votes, VotesError

PLAIN_PSEUDO = 1e-9  # votes a cell
SETTLED = 0.01  # of the tolerance: an item that moves less has settled
PARTIAL = 20  # rounds at most that leave settled items out, before one that does not


def e_step(votes: Votes, prior: Array, confusion: Array) -> Array:
    """p [I, K] from the prior [K] and the matrices [V, K, K]."""
    items, _, k = votes.shape
    p = np.empty((items, k))
    log_confusion = transposed(np.log(confusion))
    nothing_known = np.full(items, -1, dtype=np.int32)
    em_pass(votes.by_item, _log(prior), log_confusion, nothing_known, p, np.empty_like(log_confusion))
    return p


@dataclass
class DawidSkene(Consensus):
    """Plain Dawid-Skene: each volunteer's matrix stands alone."""

    max_iter: int = 500
    tolerance: float = 1e-5
    name: ClassVar[str] = "dawid-skene"

    _from: Array | None = field(default=None, init=False, repr=False, compare=False)

    def _fit(self, votes: Votes, gold: Codes | None) -> None:
        p = start(votes, gold) if self._from is None else keep_gold(self._from.copy(), gold)
        if p.shape != (votes.shape[0], votes.shape[2]):
            raise VotesError(f"the start is a table of {p.shape}, not of items and labels")
        passes = self._passes(votes, gold, p)
        self.iterate(passes)
        self.probabilities_ = passes.p

    def _passes(self, votes: Votes, gold: Codes | None, p: Array) -> Passes:
        return Passes(votes, gold, p)

    def starting_from(self, p: Array) -> Self:
        """The next fits start from these probabilities [I, K], such as an earlier solution, instead of the vote shares.

        Where the likelihood has one optimum nearby they end in the same fixed point, after fewer rounds.
        """
        self._from = p
        return self

    def iterate(self, passes: Rounds) -> None:
        """EM from where the passes stand to the fixed point: sets counts_, confusion_, prior_, n_iter_, converged_.

        Of a large table up to `PARTIAL` rounds leave out what has settled (mining/science/consensus/passes.py), then
        one goes over all items. Only such a round ends EM, so the end is judged as if nothing were ever left out.
        """
        self.converged_ = False
        partial = most = PARTIAL if passes.n_votes >= LARGE else 0  # how many more may leave something out
        for n_iter in range(1, self.max_iter + 1):
            self.n_iter_ = n_iter
            self.prior_ = self._prior(passes.classes())
            settled = SETTLED * self.tolerance if partial else 0.0
            moved = passes.step(_log(self.prior_), self._log_told(passes), settled)
            if settled:
                partial = 0 if moved < self.tolerance else partial - 1
                continue
            if moved < self.tolerance:
                self.converged_ = True
                break
            partial = most
        self.counts_ = matrices_of(passes.counts)
        self.confusion_ = self._matrices(self.counts_, passes.crowd(self.counts_))
        self.prior_ = self._prior(passes.classes())

    def _log_told(self, passes: Rounds) -> Array:
        """log L_v as votes tell, [V * K, K] as the compiled loops want it: a few volunteers at a time, two threads."""
        table = passes.counts
        k = table.shape[1]
        crowd = passes.crowd(table.reshape(-1, k, k).transpose(0, 2, 1))
        found = np.empty_like(table)

        def some(volunteers: slice) -> None:
            rows = slice(volunteers.start * k, volunteers.stop * k)
            confusion = self._matrices(matrices_of(table[rows]), crowd)
            found[rows] = transposed(np.log(passes.told(confusion, volunteers)))

        in_threads(some, blocks(len(table) // k, max(BLOCK_ROWS // k, 1)))
        return found

    def _prior(self, classes: Array) -> Array:
        return np.asarray(classes / classes.sum(), dtype=np.float64)

    def _matrices(self, counts: Array, crowd: Array) -> Array:
        smoothed = counts + PLAIN_PSEUDO
        return np.asarray(smoothed / smoothed.sum(axis=2, keepdims=True), dtype=np.float64)


@dataclass
class DawidSkenePooled(DawidSkene):
    """Dawid-Skene with each volunteer's matrix shrunk to the crowd's, `strength` votes a class."""

    strength: float = STRENGTH
    name: ClassVar[str] = "dawid-skene-pooled"

    def _prior(self, classes: Array) -> Array:
        return class_prior(classes)

    def _matrices(self, counts: Array, crowd: Array) -> Array:
        return shrunk(counts, self.leaning(counts, crowd), self.strength)

    def leaning(self, counts: Array, crowd: Array) -> Array:
        """What the volunteers' matrices are shrunk to: one for all [K, K], or each to their own [V, K, K]."""
        return crowd_matrix(crowd)


def _log(prior: Array) -> Array:
    with np.errstate(divide="ignore"):  # a class that the prior rules out
        return np.asarray(np.log(prior), dtype=np.float64)
