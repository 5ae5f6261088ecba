"""Majority: every vote weighs the same.

probabilities_ are the vote shares. The volunteers' matrices follow from them, as if the shares were
posteriors, with the same shrinking to the crowd's matrix as elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mining.science.confusion import Array, class_prior, crowd_matrix, shrunk
from mining.science.consensus.base import (
    Consensus,
    class_counts,
    expected_counts,
    keep_gold,
    open_shares,
    vote_shares,
)
from mining.science.votes import Codes, Votes


@dataclass
class Majority(Consensus):
    """The answer with the most votes."""

    name: ClassVar[str] = "majority"

    def _fit(self, votes: Votes, gold: Codes | None) -> None:
        self.probabilities_ = keep_gold(vote_shares(votes), gold)
        self.counts_ = expected_counts(votes, self.probabilities_)
        self.confusion_ = shrunk(self.counts_, crowd_matrix(self.counts_.sum(axis=0)))
        self.prior_ = class_prior(class_counts(self.probabilities_, gold))
        self.n_iter_, self.converged_ = 1, True

    def open_probabilities(self, votes: Votes) -> Array:
        return open_shares(votes.tallies())
