"""The default: pooled Dawid-Skene whose pooling strength the data choose, stopped early, pooled with vote shares.

The model (`mining.science.consensus.layered`) is fitted with each strength of `STRENGTHS`; that stands under which each
vote is predicted best from the others (`mining.science.held_out`). Crowds whose members differ get a weak pull; where
people are alike, or their ids mean nothing, the pull is so strong that all do the same at their skill. Of a table of
more than `MOST` votes the choice reads half as many, of part of the items (`held_out.sample`).

EM is stopped after `ROUNDS` rounds, since the model takes votes for independent, and each round makes it surer of
errors that volunteers share (docs/science.md has what was measured). So this is no fixed point, and not what the online
state tends to: that is `dawid-skene-pooled`.

    p_i[c] = q_i[c] * ((n_i[c] + 1/2) * G_i[c] * prior[c]^e_i)^w / normaliser
    w      = START_CLASSES / (START_CLASSES + known items)

with q what the model says and n the votes, each as its volunteer weighs: a logarithmic pool (Genest and Zidek 1986,
"Combining probability distributions", Statistical Science 1, 114-135) of the model and the item's own votes. Where the
model is sure it stands; where it hesitates the majority does. G and e say what the votes have in common
beyond their class (`mining.science.consensus.shared_errors`). The more is known, the less say has all this.

**Merit.** The volunteers' matrices are those of `dawid-skene-pooled`, at its fixed point: they rank volunteers best of
all (docs/science.md), and are what the online state tends to, so that a run and the live page say the same of a person.
That costs one more fit; of a table of more than `MOST` votes they are the model's after its few rounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from mining.science import held_out
from mining.science.confusion import STRENGTH, Array
from mining.science.consensus.base import BLOCK, Consensus, keep_gold, still_say
from mining.science.consensus.dawid_skene import DawidSkenePooled
from mining.science.consensus.kernels import blocks, in_threads
from mining.science.consensus.layered import DawidSkeneLayered
from mining.science.consensus.shared_errors import log_gain
from mining.science.uncertainty import weighted_tallies
from mining.science.votes import Codes, Votes

STRENGTHS = (2.0, 5.0, 10.0, 20.0, 50.0, 200.0, 1000.0)  # votes a class
ROUNDS = 5
MOST = 1_000_000  # votes that the choice reads whole, and from which merit is that of a fit of its own


@dataclass
class DawidSkeneTuned(Consensus):
    """`strength_` is what was chosen; `scores_` the mean log chance of a vote given the others, by strength (none where
    `again` keeps an earlier choice)."""

    rounds: int = ROUNDS
    name: ClassVar[str] = "dawid-skene-tuned"

    _kept: float | None = field(default=None, init=False, repr=False, compare=False)
    _by_matrices: Array = field(init=False, repr=False, compare=False)
    strength_: float = field(init=False, repr=False)
    scores_: dict[float, float] = field(init=False, repr=False)

    def _fit(self, votes: Votes, gold: Codes | None) -> None:
        self.scores_ = {} if self._kept is not None else self._scores(votes, gold)
        self.strength_ = self._kept if self._kept is not None else held_out.best(self.scores_, STRENGTH)
        fitted = self._at(self.strength_).fit(votes, gold)
        self.probabilities_ = pooled(fitted, votes, gold)
        self.n_iter_, self.converged_ = fitted.n_iter_, True  # it ends where it is meant to
        told: DawidSkenePooled = fitted if len(votes) > MOST else DawidSkenePooled().fit(votes, gold)
        self.counts_, self.confusion_, self.prior_ = told.counts_, told.confusion_, told.prior_
        self._by_matrices = told.probabilities_

    @property
    def by_matrices_(self) -> Array:
        """Without the items' own votes: with them halves of the votes agree even where ids mean nothing."""
        return self._by_matrices

    def again(self) -> Consensus:
        made = type(self)(rounds=self.rounds)
        made._kept = self.strength_
        return made

    def _scores(self, votes: Votes, gold: Codes | None) -> dict[float, float]:
        some = votes if len(votes) <= MOST else held_out.sample(votes, MOST // 2)
        if some is not votes:
            some, items = held_out.with_votes(some)
            gold = None if gold is None else gold[items]
        return {s: held_out.score(self._at(s).fit(some, gold), some, gold) for s in STRENGTHS}

    def _at(self, strength: float) -> DawidSkeneLayered:
        return DawidSkeneLayered(strength=strength, max_iter=self.rounds)


def pooled(model: DawidSkeneLayered, votes: Votes, gold: Codes | None) -> Array:
    """p [I, K] from what the model says, and the votes."""
    weights = np.ones(votes.shape[1]) if votes.weights is None else votes.weights
    say = still_say(gold)
    p = weighted_tallies(votes, weights)

    def some(at: slice) -> None:  # in place, some items at a time: less memory
        gain = np.log(p[at] + 0.5) + log_gain(p[at], model.rows_, model.prior_)
        with np.errstate(divide="ignore"):  # a class that the model rules out
            log_p = np.log(model.probabilities_[at]) + say * gain
        pool = np.exp(log_p - log_p.max(axis=1, keepdims=True))
        p[at] = pool / pool.sum(axis=1, keepdims=True)

    in_threads(some, blocks(len(p), BLOCK))
    return keep_gold(p, gold)
