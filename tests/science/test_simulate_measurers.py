"""Simulated measurers: how far off they are, and that what they say can be said."""

import numpy as np
import pytest

from mining.science.simulate import Walker, make_crowd
from mining.science.simulate.measurers import BIAS, ERROR, measure

TREE = {"first_task": "T0", "tasks": {"T0": {"kind": "number", "min": 0, "max": 10, "step": 0.5}}}


def said(true: float | None = 5.0, n: int = 4000, **options) -> np.ndarray:
    given = {"skill": 1.0, "tilt": 0.0, "low": 0.0, "high": 10.0} | options
    return np.array([measure(true, np.random.default_rng([1, i]), **given) for i in range(n)])


def test_errors_and_bias_are_as_described():
    assert said().std() == pytest.approx(10 * ERROR, rel=0.05)
    assert said(skill=4.0).std() == pytest.approx(10 * ERROR / 2, rel=0.05)
    assert said(tilt=2.0).mean() == pytest.approx(5 + 10 * 2 * BIAS, abs=0.05)
    careless = said(careless=True)
    assert (careless.mean(), careless.std()) == pytest.approx((5.0, 10 / 12**0.5), abs=0.15)
    assert said(None).std() == pytest.approx(10 / 12**0.5, rel=0.05)


def test_what_is_said_lies_in_the_range_on_a_step():
    numbers = said(9.9, step=0.3)
    assert numbers.min() >= 0
    assert numbers.max() == pytest.approx(9.9)
    assert np.abs(numbers / 0.3 - np.round(numbers / 0.3)).max() < 1e-9


def test_the_last_step_is_not_beyond_the_range():
    assert said(None, 200, low=0.0, high=0.95, step=0.05).max() == 0.95  # 19 * 0.05 is a bit more


def test_walkers_measure_the_same_for_a_seed_and_refuse_a_truth_that_is_none():
    crowd = make_crowd(5, seed=2)
    walker, again = (Walker(TREE, {"T0": [2.0, 7.0]}, crowd, 2, seed=3) for _ in range(2))
    first = walker.classify(1, 1).annotations
    again.classify(4, 0)
    assert again.classify(1, 1).annotations == first
    with pytest.raises(ValueError, match="the truth of a number is a number, not 'big'"):
        Walker(TREE, {"T0": ["big"]}, crowd, 1, seed=3).classify(0, 0)
