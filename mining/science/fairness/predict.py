"""What a vote was to be expected to be, given the other votes on its item and how attentive its volunteer is.

    q_n[a] = (other votes a on the item + S pi[a]) / (other votes on the item + S)          leave-one-out, [N, K]

pi are the shares of the table; S, in votes, is what predicts the votes best (of `PRIOR_VOTES`): the Polya urn, so that
two votes that agree say less than twenty. The **attention** b of a volunteer says how far they follow what there is to
see:

    P_n[a] = q_n[a] ^ b / sum over a'

0 clicks at random, 1 is as the crowd, more is surer than the crowd, below 0 takes one answer for another. It is the
most probable one of `ATTENTIONS`, given a normal prior of mean 1 and standard deviation `SPREAD`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mining.science.confusion import Array
from mining.science.votes import Votes

PRIOR_VOTES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
ATTENTIONS = (-1.5, -1.0, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0)
SPREAD = 0.75


@dataclass(frozen=True)
class Predicted:
    """chances   : q, float64 [N, K], rows sum to 1
    attention : b, float64 [V]; 1 without votes
    own       : ln P of each vote at each of ATTENTIONS, float64 [N, len(ATTENTIONS)]
    """

    chances: Array
    attention: Array
    own: Array

    def chance(self, votes: Votes) -> Array:
        """P of each vote's own label at its volunteer's attention, float64 [N]."""
        at = np.searchsorted(ATTENTIONS, self.attention)
        return np.asarray(np.exp(self.own[np.arange(len(votes)), at[votes.volunteer]]))


def predict(votes: Votes) -> Predicted:
    """O(N K) numbers in memory. An item's only vote is expected to be as the table is."""
    chances = _left_out(votes)
    own = np.stack([_own(chances, votes, b) for b in ATTENTIONS], axis=1)
    log_prior = -0.5 * ((np.array(ATTENTIONS) - 1.0) / SPREAD) ** 2
    size = votes.shape[1]
    fit = np.stack([np.bincount(votes.volunteer, column, minlength=size) for column in own.T], axis=1)
    return Predicted(chances, np.array(ATTENTIONS)[(fit + log_prior).argmax(axis=1)], own)


def _left_out(votes: Votes) -> Array:
    tallies = votes.tallies()
    rows = np.arange(len(votes))
    others = tallies[votes.item]
    others[rows, votes.label] -= 1.0
    total = others.sum(axis=1, keepdims=True)
    share = (tallies.sum(axis=0) + 0.5) / (tallies.sum() + 0.5 * votes.shape[2])

    def at(prior: float) -> Array:
        return np.asarray((others + prior * share) / (total + prior))

    best = max(PRIOR_VOTES, key=lambda prior: float(np.log(at(prior)[rows, votes.label]).sum()))
    return at(best)


def _own(chances: Array, votes: Votes, attention: float) -> Array:
    logs = attention * np.log(chances)
    top = logs.max(axis=1)
    total = np.log(np.exp(logs - top[:, None]).sum(axis=1)) + top
    return np.asarray(logs[np.arange(len(votes)), votes.label] - total)
