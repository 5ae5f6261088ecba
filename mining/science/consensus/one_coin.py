"""One-coin: one number a volunteer, the chance to be right, the same for every class.

The symmetric case of Dawid and Skene (1979); as in Zhang, Chen, Zhou, Jordan (2016), "Spectral methods meet EM",
JMLR 17(102), "one-coin model". With a_v the chance that v is right and errors spread evenly over the other K - 1
labels:

    M-step   hits_v = sum over v's votes (i, l) of p_i[l]         a_v = (hits_v + s h) / (n_v + s)
    E-step   p_i[c] = prior[c] * product over the votes (v, l) on i of (a_v if l = c else (1 - a_v) / (K - 1))

h is the crowd's hit rate, with `CROWD_VOTES` pseudo-votes of which `CROWD_RIGHT` hit; s = `STRENGTH` (see
`mining.science.confusion`). Who weighs less (`Votes.weights`, w) is right with the chance w a_v + (1 - w) / K in the
E-step and is not in h. Right where volunteers differ in care and not in kind of error, and where there are too few
votes to learn a matrix.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from mining.science.confusion import CROWD_RIGHT, CROWD_VOTES, STRENGTH, Array, class_prior
from mining.science.consensus.base import Consensus, class_counts, expected_counts, keep_gold, start
from mining.science.votes import Codes, Votes

EDGE = 1e-6  # a chance of exactly 0 or 1 would rule answers out


def m_step(votes: Votes, p: Array, strength: float) -> Array:
    """a [V] from the probabilities [I, K]."""
    rows = np.ones(len(votes)) if votes.learned is None else votes.learned.astype(np.float64)
    volunteers = votes.shape[1]
    hits = np.bincount(votes.volunteer, p[votes.item, votes.label] * rows, minlength=volunteers)
    n = np.bincount(votes.volunteer, rows, minlength=volunteers)
    full = np.ones(volunteers) if votes.weights is None else votes.weights == 1.0
    crowd = ((hits * full).sum() + CROWD_VOTES * CROWD_RIGHT) / ((n * full).sum() + CROWD_VOTES)
    return np.asarray(np.clip((hits + strength * crowd) / (n + strength), EDGE, 1.0 - EDGE))


def e_step(votes: Votes, prior: Array, accuracy: Array) -> Array:
    """p [I, K]: each vote adds its volunteer's log odds to the class that it names."""
    items, _, k = votes.shape
    if votes.weights is not None:
        accuracy = votes.weights * accuracy + (1.0 - votes.weights) / k
    odds = np.log(accuracy) - np.log((1.0 - accuracy) / max(k - 1, 1))
    cell = votes.item.astype(np.int64) * k + votes.label
    log_p = np.bincount(cell, odds[votes.volunteer], minlength=items * k).reshape(items, k) + np.log(prior)
    p = np.exp(log_p - log_p.max(axis=1, keepdims=True))
    return np.asarray(p / p.sum(axis=1, keepdims=True), dtype=np.float64)


@dataclass
class OneCoin(Consensus):
    """EM from the vote shares until items move by less than `tolerance` on average."""

    strength: float = STRENGTH
    max_iter: int = 500
    tolerance: float = 1e-5
    name: ClassVar[str] = "one-coin"

    accuracy_: Array = field(init=False, repr=False)

    def _fit(self, votes: Votes, gold: Codes | None) -> None:
        k = votes.shape[2]
        p = start(votes, gold)
        self.converged_ = False
        for n_iter in range(1, self.max_iter + 1):
            self.n_iter_ = n_iter
            self.accuracy_ = m_step(votes, p, self.strength)
            self.prior_ = class_prior(class_counts(p, gold))
            before, p = p, keep_gold(e_step(votes, self.prior_, self.accuracy_), gold)
            if np.abs(p - before).max(axis=1).mean() < self.tolerance:
                self.converged_ = True
                break
        self.probabilities_ = p
        self.counts_ = expected_counts(votes, p)
        wrong = ((1.0 - self.accuracy_) / max(k - 1, 1))[:, None, None]
        same = np.eye(k, dtype=np.bool_)
        self.confusion_ = (
            np.where(same, self.accuracy_[:, None, None], wrong) if k > 1 else np.ones((votes.shape[1], 1, 1))
        )
