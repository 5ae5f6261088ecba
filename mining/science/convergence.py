"""How many votes are enough: what the first n votes of a subject, drawn at random, already say.

Each subject's votes are put in a random order. After each vote there are two answers: the one that most votes name
(ties go to the commoner answer), and the one that is most probable by the volunteers' matrices L and the class
frequencies pi, all fitted to all votes,

    log P_n(c) = log pi[c] + sum of log L_v[c, l] over the first n votes,

and each is compared with the answer in the end, or with the known one. The matrices have seen the votes that are still
to come, so the weighed curve is a little too good at few votes.

All points are of the same subjects, else a curve would compare easy subjects (retired early) with hard ones: those with
at least N votes, where N is the median of the subjects' votes, at most `MOST_VOTES`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mining.science.consensus.base import Consensus, lessened
from mining.science.votes import Codes, Votes

MOST_VOTES = 40
MOST_ITEMS = 20_000  # drawn at random of more


class Point(NamedTuple):
    """After so many votes: the share of subjects on which the weighed, and the plain, leading answer is the one."""

    votes: int
    weighed: float
    majority: float


def convergence(
    fitted: Consensus, votes: Votes, target: Codes, *, seed: int = 0
) -> tuple[int, tuple[Point, ...]]:
    """(number of subjects, one point for each number of votes from 1). target int32 [I]: what to compare with, or -1.

    (0, ()) where no item with a target has votes.
    """
    rng = np.random.default_rng(seed)
    tally = np.bincount(votes.item, minlength=votes.shape[0])
    open_to = np.flatnonzero((target >= 0) & (tally > 0))
    if not len(open_to):
        return 0, ()
    most = min(int(np.median(tally[open_to])), MOST_VOTES)
    chosen = open_to[tally[open_to] >= most]
    if len(chosen) > MOST_ITEMS:
        chosen = np.sort(rng.permutation(chosen)[:MOST_ITEMS])
    rows = rng.permutation(np.flatnonzero(np.isin(votes.item, chosen)))
    rows = rows[np.argsort(votes.item[rows], kind="stable")]
    of_item = votes.item[rows]
    turn = np.arange(len(rows)) - np.searchsorted(of_item, of_item)
    rows = rows[turn < most].reshape(len(chosen), most)
    label, truth = votes.label[rows], target[chosen][:, None]
    with np.errstate(divide="ignore"):
        told = np.log(np.maximum(lessened(votes, fitted.confusion_), 1e-12))[votes.volunteer[rows], :, label]
        prior = np.log(np.maximum(fitted.prior_, 1e-12))
    weighed = (prior + np.cumsum(told, axis=1)).argmax(axis=2) == truth
    common = np.bincount(votes.label, minlength=votes.shape[2]) / (2.0 * max(len(votes), 1))
    given = np.cumsum(np.eye(votes.shape[2])[label], axis=1)
    majority = (given + common).argmax(axis=2) == truth
    return len(chosen), tuple(
        Point(n + 1, float(weighed[:, n].mean()), float(majority[:, n].mean())) for n in range(most)
    )
