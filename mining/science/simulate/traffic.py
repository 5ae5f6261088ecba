"""A site in small: volunteers come one after another, and subjects leave when the caller retires them.

Who comes next follows activity. Of the answers about the share `gold_share` goes to subjects whose answer is
known, never twice to the same volunteer; when a volunteer has seen them all, none is repeated. Any other answer
goes to an open subject that the volunteer has not seen, all of them equally likely. A subject closes when the
caller calls `retire`, or at `cap` votes.

What a volunteer says of a subject is drawn beforehand for all pairs, so it does not depend on when or whether
anybody is asked: two policies that retire differently are compared on the same answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from mining.science.simulate.crowd import Crowd, answer_chances
from mining.science.simulate.votes import Subjects

CAP = 20  # votes after which a subject closes anyway
GOLD_SHARE = 0.08  # of traffic


class Answer(NamedTuple):
    """volunteer, subject: indices; label: 0..K-1; gold: whether the subject's answer is known."""

    volunteer: int
    subject: int
    label: int
    gold: bool


class Traffic:
    """`n_gold` of the subjects (the first) have a known answer; the others are what is to be found out.

    votes : int64 [I], answers so far, of gold too. Iterating ends when every subject that is not gold is closed, or
    nobody is left who has not seen the open ones.
    """

    def __init__(
        self,
        crowd: Crowd,
        subjects: Subjects,
        *,
        seed: int,
        n_gold: int = 0,
        gold_share: float = GOLD_SHARE,
        cap: int = CAP,
    ) -> None:
        n, size = len(subjects.truth), len(crowd)
        if not 0 <= n_gold < n or cap < 1:
            raise ValueError(f"{n_gold} gold of {n} subjects, cap {cap}: nothing to ask")
        self.n_gold, self.gold_share, self.cap = n_gold, gold_share, cap
        self.votes = np.zeros(n, dtype=np.int64)
        self._rng = np.random.default_rng([seed, n, size, n_gold])
        self._activity = np.cumsum(crowd.activity)
        self._said = _answers_of_all(crowd, subjects, self._rng)
        self._unseen = np.ones((size, n), dtype=np.bool_)
        self._open = np.arange(n) >= n_gold

    def retire(self, subject: int) -> None:
        self._open[subject] = False

    def __iter__(self) -> Iterator[Answer]:
        idle = 0
        while self._open.any() and idle < 100 * len(self._activity):
            volunteer = int(np.searchsorted(self._activity, self._rng.random() * self._activity[-1]))
            subject = self._choose(volunteer)
            if subject is None:
                idle += 1
                continue
            idle = 0
            self._unseen[volunteer, subject] = False
            self.votes[subject] += 1
            gold = subject < self.n_gold
            if not gold and self.votes[subject] >= self.cap:
                self.retire(subject)
            yield Answer(volunteer, subject, int(self._said[volunteer, subject]), gold)

    def _choose(self, volunteer: int) -> int | None:
        if self._rng.random() < self.gold_share:
            known = np.flatnonzero(self._unseen[volunteer, : self.n_gold])
            if len(known):
                return int(self._rng.choice(known))
        free = np.flatnonzero(self._open & self._unseen[volunteer])
        return int(self._rng.choice(free)) if len(free) else None


def _answers_of_all(crowd: Crowd, subjects: Subjects, rng: np.random.Generator) -> np.ndarray:
    """int8 [V, I]: what each volunteer would say of each subject."""
    n = len(subjects.truth)
    said = np.empty((len(crowd), n), dtype=np.int8)
    for v in range(len(crowd)):
        chances = answer_chances(
            crowd,
            np.full(n, v, dtype=np.int64),
            subjects.truth,
            subjects.ease,
            subjects.lure,
            subjects.k,
            mistaken=subjects.mistaken,
        )
        said[v] = (rng.random((n, 1)) > np.cumsum(chances, axis=1)[:, :-1]).sum(axis=1)
    return said
