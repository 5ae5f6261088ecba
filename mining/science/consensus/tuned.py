"""Pooled Dawid-Skene whose pooling strength the data choose, stopped early.

The model is fitted with each strength of `STRENGTHS`; that stands under which each vote is predicted best from the
others (`mining.science.held_out`). Crowds whose members differ get a weak pull to the crowd's matrix; where people are
alike, or their ids mean nothing, the pull is so strong that all have one matrix. Of a table of more than `MOST` votes
the choice reads part of the items (`held_out.sample`).

EM is stopped after `ROUNDS` rounds, since the model takes votes for independent, and each round makes it surer of
errors that volunteers share (docs/science.md has what was measured). So this is no fixed point, and not what the online
state tends to: that is `dawid-skene-pooled`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from mining.science import held_out
from mining.science.confusion import STRENGTH
from mining.science.consensus.base import Consensus
from mining.science.consensus.dawid_skene import DawidSkenePooled
from mining.science.votes import Codes, Votes

STRENGTHS = (2.0, 5.0, 10.0, 20.0, 50.0, 200.0, 1000.0)  # votes a class
ROUNDS = 5
MOST = 1_000_000  # votes that the choice reads


@dataclass
class DawidSkeneTuned(Consensus):
    """`strength_` is what was chosen; `scores_` the mean log chance of a vote given the others, by strength."""

    rounds: int = ROUNDS
    name: ClassVar[str] = "dawid-skene-tuned"

    strength_: float = field(init=False, repr=False)
    scores_: dict[float, float] = field(init=False, repr=False)

    def _fit(self, votes: Votes, gold: Codes | None) -> None:
        some = held_out.sample(votes, MOST)
        self.scores_ = {s: held_out.score(self._at(s).fit(some, gold), some, gold) for s in STRENGTHS}
        self.strength_ = held_out.best(self.scores_, STRENGTH)
        fitted = self._at(self.strength_).fit(votes, gold)
        self.probabilities_, self.counts_ = fitted.probabilities_, fitted.counts_
        self.confusion_, self.prior_ = fitted.confusion_, fitted.prior_
        self.n_iter_, self.converged_ = fitted.n_iter_, True  # it ends where it is meant to

    def again(self) -> Consensus:
        return self._at(self.strength_)

    def _at(self, strength: float) -> DawidSkenePooled:
        return DawidSkenePooled(strength=strength, max_iter=self.rounds)
