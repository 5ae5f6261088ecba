"""What EM goes round with: the votes of a table, where its items stand, and which of them need no more going over.

**Items that have settled.** Of a large table most items are as good as certain after two or three rounds, and a few go
on moving for very many. So once the items that still move hold few of the votes (`FEW`), a round goes over these alone;
what the others add to the counts stays. Such a partial E-step lowers nothing that a whole one raises (Neal and Hinton
1998, "A view of the EM algorithm that justifies incremental, sparse, and other variants"), and what is left out is
looked at again (`DawidSkene.iterate`), so it is no other model and ends by no other rule.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from mining.science.confusion import Array
from mining.science.consensus.base import (
    class_counts,
    crowd_counts,
    expected_counts,
    lessened,
    still_say,
)
from mining.science.consensus.kernels import ALIKE, count_pass, em_pass, transposed
from mining.science.sorting import ByItem
from mining.science.votes import Codes, Votes

Shares = npt.NDArray[np.float32] | Array
FEW = 0.25  # of the votes: for more, going over some costs nearly as much as going over all


class Rounds(Protocol):
    """The votes of one table (`Passes`), or of many on a cluster (mining/cluster.py).

    counts : float64 [V * K (v, l), K (c)], N_v after the last round
    n_votes: how many there are
    """

    counts: Array

    @property
    def n_votes(self) -> int: ...

    def classes(self) -> Array:
        """Expected items a class, float64 [K]."""

    def crowd(self, counts: Array) -> Array:
        """The crowd's counts [K, K] from N_v [V, K, K]."""

    def told(self, confusion: Array, volunteers: slice) -> Array:
        """L_v [some of V, K, K] as votes tell, of those who weigh less too."""

    def step(self, log_prior: Array, log_confusion: Array, settled: float) -> float:
        """The E-step, and the counts that follow; returns how far an item's probabilities moved, on average.

        settled : items that moved by less when all were last gone over may be left where they are; 0 for none
        """


class Moving(NamedTuple):
    """The items that have not settled: where they stand in the table, their votes, p and known answers, and what all
    others add to the counts."""

    items: npt.NDArray[np.int64]
    table: ByItem
    p: Array
    known: Codes
    rest: Array


class Passes:
    """p [I, K], where the items stand; changed by each step.

    shares : vote shares [I, K], where an item is to teach only as much as its votes agree (`agreeing`); the more is
             known, the more alike all items teach
    """

    def __init__(self, votes: Votes, gold: Codes | None, p: Array, shares: Shares | None = None) -> None:
        self.p, self._shares, self._worth, self._say = p, shares, ALIKE, still_say(gold)
        self.counts = transposed(expected_counts(votes, p))
        self.table, self._votes, self._gold = votes.by_item, votes, gold
        self._known = np.full(votes.shape[0], -1, dtype=np.int32) if gold is None else gold
        self._moved: npt.NDArray[np.float32] | None = None  # by each item, when all were last gone over
        self._moving: Moving | None = None

    @property
    def n_votes(self) -> int:
        return len(self._votes)

    def classes(self) -> Array:
        return class_counts(self.p, self._gold)

    def crowd(self, counts: Array) -> Array:
        return crowd_counts(self._votes, counts)

    def told(self, confusion: Array, volunteers: slice) -> Array:
        return lessened(self._votes, confusion, volunteers)

    def step(self, log_prior: Array, log_confusion: Array, settled: float = 0.0) -> float:
        if not settled:
            self._moving = None
        elif self._moving is None and self._moved is not None:
            self._moving = self._those_that_move(self._moved, settled)
        some = self._moving
        if some is None:
            self._worth = self._teaching(self.p, slice(None))
            self._moved = em_pass(
                self.table, log_prior, log_confusion, self._known, self.p, self.counts, self._worth
            )
            return float(self._moved.mean(dtype=np.float64))
        worth = self._teaching(some.p, some.items)
        moved = em_pass(some.table, log_prior, log_confusion, some.known, some.p, self.counts, worth)
        self.counts += some.rest
        self.p[some.items] = some.p
        return float(moved.sum(dtype=np.float64) / len(self.p))

    def _teaching(self, p: Array, items: slice | npt.NDArray[np.int64]) -> Array:
        """What these items teach, whose probabilities are p."""
        if self._shares is None:
            return ALIKE
        worth = agreeing(p, self._shares[items])
        worth[self._known[items] >= 0] = 1.0
        return np.asarray(worth**self._say)

    def _those_that_move(self, moved: npt.NDArray[np.float32], settled: float) -> Moving | None:
        """None where they are not few."""
        items = np.flatnonzero(moved >= settled)
        if np.diff(self.table.offsets)[items].sum() > FEW * len(self._votes):
            return None
        table, p = self.table.some(items), self.p[items]
        theirs = np.empty_like(self.counts)
        count_pass(table, p, theirs, self._worth[items] if len(self._worth) else ALIKE)
        rest = self.counts - theirs
        np.maximum(rest, 0.0, out=rest)  # a difference of sums may be a hair below
        return Moving(items, table, p, self._known[items], rest)


def agreeing(p: Array, shares: Shares) -> Array:
    """The expected share of right votes on each item, float64 [I]."""
    return np.asarray(np.einsum("ic,ic->i", p, shares))
