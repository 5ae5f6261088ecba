"""Pooled Dawid-Skene whose pooling strength the data choose, stopped early.

For each strength of `STRENGTHS` the model is fitted without some votes and asked to predict them
(`mining.science.held_out`); the strength that predicts best is used for all. Crowds whose members differ get a weak
pull to the crowd's matrix; where people are alike, or their ids mean nothing, the pull is so strong that all have
one matrix.

EM is stopped after `ROUNDS` rounds. By the same rule: on each of the six real sets of docs/science.md votes left out
are predicted better after 5 rounds than at the fixed point, since the model takes votes for independent, and each
round makes it surer of errors that volunteers share. So this is no fixed point, and not what the online state tends to:
that is `dawid-skene-pooled`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from mining.science import held_out
from mining.science.confusion import STRENGTH
from mining.science.consensus.base import Consensus
from mining.science.consensus.dawid_skene import DawidSkenePooled
from mining.science.votes import Codes, Votes

STRENGTHS = (2.0, 5.0, 10.0, 20.0, 50.0, 200.0)  # votes a class
ROUNDS = 5


@dataclass
class DawidSkeneTuned(Consensus):
    """`strength_` is what was chosen; `scores_` the mean log chance of votes left out, by strength."""

    rounds: int = ROUNDS
    name: ClassVar[str] = "dawid-skene-tuned"

    strength_: float = field(init=False, repr=False)
    scores_: dict[float, float] = field(init=False, repr=False)

    def _fit(self, votes: Votes, gold: Codes | None) -> None:
        candidates = {strength: lambda s=strength: self._at(s) for strength in STRENGTHS}
        self.scores_ = held_out.scores(candidates, votes, gold)
        self.strength_ = held_out.best(self.scores_, STRENGTH)
        fitted = self._at(self.strength_).fit(votes, gold)
        self.probabilities_, self.counts_ = fitted.probabilities_, fitted.counts_
        self.confusion_, self.prior_ = fitted.confusion_, fitted.prior_
        self.n_iter_, self.converged_ = fitted.n_iter_, True  # it ends where it is meant to

    def again(self) -> Consensus:
        return DawidSkenePooled(strength=self.strength_, max_iter=self.rounds)

    def _at(self, strength: float) -> Consensus:
        return DawidSkenePooled(strength=strength, max_iter=self.rounds)
