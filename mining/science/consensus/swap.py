"""SWAP: one vote at a time, subjects leave when they are sure enough.

Marshall et al. (2016), "Space Warps I", MNRAS 455, 1171, for K classes. The agent of volunteer v holds the matrix
M_v; with N_v the votes seen so far and the start A (`start_votes` votes a class, `start_right` of them right),

    M_v[c, l] = (N_v[c, l] + A[c, l]) / row sum, no chance under `LEAST`
    E-step    a vote (v, l) on i:   p_i[c] <- p_i[c] M_v[c, l] / sum_d p_i[d] M_v[d, l]       from p_i = 1 / K
    M-step    of a known item with answer t: N_v[t, l] += 1; of another (where `unsupervised`): N_v[c, l] += p_i[c]

A subject whose leading answer reaches `accept` is retired: later votes on it are not read (nor learnt from). Rows are
taken in their order, so the result depends on it: that is what an online method is. The paper's agents start
from 1/2 and learn from training images only; the start of 0.7 lets the method work where there is no gold.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numba
import numpy as np

from mining.science.confusion import CROWD_RIGHT, class_prior
from mining.science.consensus.base import Consensus, class_counts, expected_counts, keep_gold
from mining.science.votes import Codes, Votes

ACCEPT = 0.99
START_VOTES = 2.0  # votes a class
LEAST = 0.01


@dataclass
class Swap(Consensus):
    """`accept` 1.0 reads all votes."""

    accept: float = ACCEPT
    start_votes: float = START_VOTES
    start_right: float = CROWD_RIGHT
    unsupervised: bool = True
    name: ClassVar[str] = "swap"
    ordered: ClassVar[bool] = True

    votes_read_: Codes = field(init=False, repr=False)  # int32 [I], votes read before it was retired

    def _fit(self, votes: Votes, gold: Codes | None) -> None:
        items, volunteers, k = votes.shape
        start = np.full((k, k), self.start_votes * (1.0 - self.start_right) / max(k - 1, 1))
        np.fill_diagonal(start, self.start_votes * (self.start_right if k > 1 else 1.0))
        known = np.full(items, -1, dtype=np.int32) if gold is None else gold
        learned = np.ones(len(votes), dtype=np.bool_) if votes.learned is None else votes.learned
        p = np.full((items, k), 1.0 / k)
        counts = np.zeros((volunteers, k, k))
        self.votes_read_ = _read(
            votes.item,
            votes.volunteer,
            votes.label,
            learned,
            known,
            p,
            counts,
            start,
            self.accept,
            self.unsupervised,
        )
        unread = np.bincount(votes.item, minlength=items) == 0
        self.prior_ = class_prior(class_counts(p[~unread], None if gold is None else gold[~unread]))
        p[unread] = self.prior_
        self.probabilities_ = keep_gold(p, gold)
        self.counts_ = expected_counts(votes, self.probabilities_)  # of all votes, for merit
        smoothed = counts + start  # of those read
        self.confusion_ = np.asarray(smoothed / smoothed.sum(axis=2, keepdims=True))
        self.n_iter_, self.converged_ = 1, True


@numba.njit(cache=True, nogil=True)
def _read(item, volunteer, label, learned, gold, p, counts, start, accept, unsupervised):  # type: ignore[no-untyped-def]
    """Takes all votes in; changes p [I, K] and counts [V, K, K]; returns how many votes each item had read."""
    k = len(start)
    read = np.zeros(len(p), dtype=np.int32)
    for n in range(len(item)):
        i, mine, said = item[n], counts[volunteer[n]], label[n]
        if gold[i] >= 0:
            read[i] += 1
            if learned[n]:
                mine[gold[i], said] += 1.0
            continue
        if k > 1 and p[i].max() >= accept:
            continue
        read[i] += 1
        total = 0.0
        for c in range(k):
            row = start[c].sum() + mine[c].sum()
            p[i, c] *= min(max((mine[c, said] + start[c, said]) / row, LEAST), 1.0 - LEAST)
            total += p[i, c]
        for c in range(k):
            p[i, c] /= total
            if unsupervised and learned[n]:
                mine[c, said] += p[i, c]
    return read
