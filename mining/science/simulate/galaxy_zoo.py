"""A crowd as large as all of Galaxy Zoo: 180 million votes, made piece by piece, in the order of time.

A *round* asks each subject once, in a random order; there are as many rounds as votes a subject. The crowd is cut
into as many strata of (nearly) the same activity, and each round takes a subject's volunteer from another stratum, in
proportion to activity within it. So nobody answers a subject twice, few volunteers give most answers, and a round
needs no memory of the ones before: each is drawn from its own seed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mining.science.confusion import Array
from mining.science.simulate.crowd import Crowd, answer_chances, make_crowd
from mining.science.simulate.votes import Subjects, make_subjects

SUBJECTS, VOLUNTEERS, VOTES_A_SUBJECT = 1_000_000, 390_000, 180

CLASSES = {
    "elliptical": 0.58,
    "edge": 0.13,
    "anticlockwise": 0.11,
    "clockwise": 0.09,
    "unsure": 0.06,
    "merger": 0.03,
}
"""The six answers of the first Galaxy Zoo, and about how often each is right (Lintott and others 2008)."""

MOST = 0.5  # of a stratum: the busiest volunteer's share at most


class Round(NamedTuple):
    """subject, volunteer : int32 [I]; label : int8 [I]. Row by row in the order of time."""

    subject: npt.NDArray[np.int32]
    volunteer: npt.NDArray[np.int32]
    label: npt.NDArray[np.int8]


@dataclass(frozen=True)
class GalaxyZoo:
    """order int64 [V], the volunteers by stratum; above float64 [V], cumulative activity in that order; edges int64
    [rounds + 1], where each stratum begins in it."""

    crowd: Crowd
    subjects: Subjects
    n_rounds: int
    seed: int
    order: npt.NDArray[np.int64]
    above: Array
    edges: npt.NDArray[np.int64]

    def rounds(self) -> Iterator[Round]:
        return (self.round(at) for at in range(self.n_rounds))

    def round(self, at: int) -> Round:
        subjects, n = self.subjects, len(self.subjects.truth)
        rng = np.random.default_rng([self.seed, n, len(self.crowd), self.n_rounds, at])
        subject = rng.permutation(n)
        # Another stratum in each round, a different one for neighbours.
        stratum = (subject + at) % self.n_rounds
        low, high = self.edges[stratum], self.edges[stratum + 1]
        under = np.where(low > 0, self.above[low - 1], 0.0)
        drawn = under + rng.random(n) * (self.above[high - 1] - under)
        place = np.clip(np.searchsorted(self.above, drawn, side="right"), low, high - 1)
        volunteer = self.order[place]
        chances = answer_chances(
            self.crowd,
            volunteer,
            subjects.truth[subject],
            subjects.ease[subject],
            subjects.lure[subject],
            subjects.k,
        )
        label = (rng.random((n, 1)) > np.cumsum(chances, axis=1)[:, :-1]).sum(axis=1)
        return Round(subject.astype(np.int32), volunteer.astype(np.int32), label.astype(np.int8))


def galaxy_zoo(
    subjects: int = SUBJECTS,
    volunteers: int = VOLUNTEERS,
    votes_a_subject: int = VOTES_A_SUBJECT,
    *,
    seed: int = 1,
) -> GalaxyZoo:
    """`subjects * votes_a_subject` votes; ValueError where there are fewer volunteers than votes a subject."""
    if volunteers < 2 * votes_a_subject:
        raise ValueError(f"{votes_a_subject} votes a subject need {2 * votes_a_subject} volunteers or more")
    crowd = make_crowd(volunteers, seed=seed)
    activity = np.minimum(crowd.activity, MOST / votes_a_subject)
    order = np.random.default_rng([seed, volunteers, 2]).permutation(volunteers)
    above = np.cumsum(activity[order])
    above /= above[-1]
    edges = np.searchsorted(above, np.arange(votes_a_subject + 1) / votes_a_subject)
    edges[0], edges[-1] = 0, volunteers
    if (np.diff(edges) < 1).any():
        raise ValueError("one volunteer is busier than a whole stratum: more volunteers are needed")
    made = make_subjects(subjects, seed=seed, prior=list(CLASSES.values()))
    return GalaxyZoo(crowd, made, votes_a_subject, seed, order, above, edges)
