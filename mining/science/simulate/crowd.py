"""Volunteers: skill, carelessness, bias, spam, copying, drift, activity, pace."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from mining.science.confusion import Array

VOLUNTEERS = 600
SKILL_SIGMA = 0.7  # of log skill; its median is 1
CARELESS = 0.08  # share of volunteers who do not look
BIAS_SIGMA = 0.3  # of a volunteer's tilt to an answer, in log odds
ACTIVITY_SIGMA = 1.5  # of log activity: the busiest tenth of 600 gives over half of the answers
LURED = 0.7  # share of errors that take the item's lure; the rest spreads over all wrong answers
PACE_SECONDS = 4.0  # median time an answer
COPIED = 0.9  # how often who copies does so, where the other has answered
NOBODY = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Crowd:
    """V volunteers.

    skill    float64 [V], > 0, factor on the odds of being right
    careless bool [V], answers at random
    bias     float64 [V, B], tilt in log odds to the b-th answer of a question (answers beyond B: none)
    activity float64 [V], sums to 1: how likely the next answer is theirs
    pace     float64 [V], median seconds an answer
    constant int64 [V], the answer that a spammer always gives, -1 for others; empty: no spammers
    copies   int64 [V], whose answers they take where that volunteer has answered, -1 for others; empty: nobody's
    drift    float64 [V], change of log skill from one's first answer to the last (half before, half after
             `skill`, which is the middle); empty: none
    """

    skill: Array
    careless: npt.NDArray[np.bool_]
    bias: Array
    activity: Array
    pace: Array
    constant: npt.NDArray[np.int64] = field(default_factory=NOBODY.copy)
    copies: npt.NDArray[np.int64] = field(default_factory=NOBODY.copy)
    drift: Array = field(default_factory=lambda: np.empty(0))

    def __len__(self) -> int:
        return len(self.skill)


def make_crowd(
    n: int = VOLUNTEERS,
    *,
    seed: int,
    skill_sigma: float = SKILL_SIGMA,
    careless: float = CARELESS,
    bias_sigma: float = BIAS_SIGMA,
    activity_sigma: float = ACTIVITY_SIGMA,
    spam: float = 0.0,
    copying: float = 0.0,
    drift_sigma: float = 0.0,
) -> Crowd:
    """A crowd of n; exactly round(careless * n) of them are careless, who are three times as fast.

    spam        : share that always gives one answer, the first or second of the question
    copying     : share that copies one other volunteer, who does not copy
    drift_sigma : of the change in log skill over a volunteer's answers (0.7: as much as people differ)
    """
    rng = np.random.default_rng([seed, n])
    lazy = np.zeros(n, dtype=np.bool_)
    lazy[rng.permutation(n)[: round(careless * n)]] = True
    activity = rng.lognormal(0.0, activity_sigma, n)
    # A stream of their own, so that a crowd without them is the same crowd.
    odd = np.random.default_rng([seed, n, 1])
    turn = odd.permutation(n)
    spammers, copiers = turn[: round(spam * n)], turn[round(spam * n) :][: round(copying * n)]
    honest = turn[len(spammers) + len(copiers) :]
    if len(copiers) and not len(honest):
        raise ValueError("nobody is left whom the others could copy")
    return Crowd(
        skill=rng.lognormal(0.0, skill_sigma, n),
        careless=lazy,
        bias=rng.normal(0.0, bias_sigma, (n, 8)),
        activity=activity / activity.sum(),
        pace=PACE_SECONDS * rng.lognormal(0.0, 0.4, n) * np.where(lazy, 1 / 3, 1.0),
        constant=_some(n, spammers, odd.integers(0, 2, len(spammers))),
        copies=_some(n, copiers, odd.choice(honest, len(copiers)) if len(copiers) else NOBODY),
        drift=odd.normal(0.0, drift_sigma, n),
    )


def _some(n: int, who: npt.NDArray[np.int64], values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """int64 [n]: `values` for those in `who`, -1 for the others."""
    all_of_them = np.full(n, -1, dtype=np.int64)
    all_of_them[who] = values
    return all_of_them


def answer_chances(
    crowd: Crowd,
    volunteer: npt.NDArray[np.int64],
    truth: npt.NDArray[np.int64],
    ease: Array,
    lure: npt.NDArray[np.int64],
    k: int,
    *,
    mistaken: Array | None = None,
    time: Array | None = None,
) -> Array:
    """Chance of each of k answers, float64 [N, k], for N pairs of a volunteer and an item; all arrays are [N].

    mistaken : chance that anybody takes the item for its lure, and answers as if that were the truth
    time     : 0 (the volunteer's first answer) to 1 (the last), for drift; not given: the middle
    Who copies answers here as if alone.
    """
    if mistaken is not None:
        seen = answer_chances(crowd, volunteer, truth, ease, lure, k, time=time)
        taken = answer_chances(crowd, volunteer, lure, ease, truth, k, time=time)
        return np.asarray(seen + mistaken[:, None] * (taken - seen), dtype=np.float64)
    n = len(volunteer)
    odds = crowd.skill[volunteer] * ease
    if time is not None and len(crowd.drift):
        odds = odds * np.exp(crowd.drift[volunteer] * (time - 0.5))
    right = odds / (1.0 + odds)
    chances = np.zeros((n, k))
    rows = np.arange(n)
    if k > 1:
        chances += ((1.0 - LURED) * (1.0 - right) / (k - 1))[:, None]
        chances[rows, truth] = right
        chances[rows, lure] += LURED * (1.0 - right)
    else:
        chances[:] = 1.0
    width = min(k, crowd.bias.shape[1])
    chances[:, :width] *= np.exp(crowd.bias[volunteer, :width])
    chances[crowd.careless[volunteer]] = 1.0
    if len(crowd.constant):
        spam = np.flatnonzero(crowd.constant[volunteer] >= 0)
        chances[spam] = 0.0
        chances[spam, crowd.constant[volunteer[spam]] % k] = 1.0
    return np.asarray(chances / chances.sum(axis=1, keepdims=True), dtype=np.float64)
