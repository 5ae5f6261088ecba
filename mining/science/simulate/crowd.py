"""Volunteers: skill, carelessness, bias, activity, pace."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Crowd:
    """V volunteers.

    skill    float64 [V], > 0, factor on the odds of being right
    careless bool [V], answers at random
    bias     float64 [V, B], tilt in log odds to the b-th answer of a question (answers beyond B: none)
    activity float64 [V], sums to 1: how likely the next answer is theirs
    pace     float64 [V], median seconds an answer
    """

    skill: Array
    careless: npt.NDArray[np.bool_]
    bias: Array
    activity: Array
    pace: Array

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
) -> Crowd:
    """A crowd of n; exactly round(careless * n) of them are careless. Careless volunteers are three times as fast."""
    rng = np.random.default_rng([seed, n])
    lazy = np.zeros(n, dtype=np.bool_)
    lazy[rng.permutation(n)[: round(careless * n)]] = True
    activity = rng.lognormal(0.0, activity_sigma, n)
    return Crowd(
        skill=rng.lognormal(0.0, skill_sigma, n),
        careless=lazy,
        bias=rng.normal(0.0, bias_sigma, (n, 8)),
        activity=activity / activity.sum(),
        pace=PACE_SECONDS * rng.lognormal(0.0, 0.4, n) * np.where(lazy, 1 / 3, 1.0),
    )


def answer_chances(
    crowd: Crowd,
    volunteer: npt.NDArray[np.int64],
    truth: npt.NDArray[np.int64],
    ease: Array,
    lure: npt.NDArray[np.int64],
    k: int,
) -> Array:
    """Chance of each of k answers, float64 [N, k], for N pairs of a volunteer and an item; all arrays are [N]."""
    n = len(volunteer)
    odds = crowd.skill[volunteer] * ease
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
    return np.asarray(chances / chances.sum(axis=1, keepdims=True), dtype=np.float64)
