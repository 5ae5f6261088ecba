"""Seconds an answer: medians, their intervals, clocks that jump; and who is said to drift."""

import numpy as np
import pytest

from mining.science.merit import over_time
from mining.science.pace import LONGEST, pace


def of(*people: list[float]) -> list[tuple[float, float, float]]:
    """(median, low, high) of each person's seconds, given in a mixed order."""
    rows = [(who, value) for who, values in enumerate(people) for value in values]
    mixed = np.random.default_rng(1).permutation(len(rows))
    who = np.array([rows[at][0] for at in mixed], dtype=np.int32)
    found = pace(who, np.array([rows[at][1] for at in mixed], dtype=np.float64), len(people))
    return list(zip(*(part.tolist() for part in found), strict=True))


def test_medians_and_intervals_by_order_statistics() -> None:
    even, odd, few, nobody = of([6, 1, 5, 2, 4, 3], [7, 1, 6, 2, 5, 3, 4, 8, 9], [3, 1], [])
    assert even == (3.5, 1.0, 6.0)
    assert odd == (5.0, 2.0, 8.0)  # of nine values the second and eighth: 1 - 2 * 10 / 512 = 96 %
    assert few[0] == 2.0
    assert np.isnan(few[1:]).all()
    assert np.isnan(nobody).all()


def test_what_a_clock_that_was_set_makes_is_left_out_or_cut() -> None:
    (found,) = of([-30.0, 0.0, float("nan"), 4.0, 1e9, 1e9])
    assert found[0] == LONGEST
    assert of([5.0] * 20 + [-1e6] * 9 + [1e9] * 3)[0] == (5.0, 5.0, 5.0)


@pytest.mark.parametrize("n", [7, 40])
def test_intervals_cover_the_true_median(n: int) -> None:
    people, median = 4000, 12.0
    rng = np.random.default_rng(n)
    seconds = median * np.exp(rng.normal(size=people * n))
    found = pace(np.repeat(np.arange(people, dtype=np.int32), n), seconds, people)
    cover = ((found.low <= median) & (median <= found.high)).mean()
    assert 0.945 < cover < 0.99  # of few values no interval is exact, and the wider one is taken


@pytest.mark.parametrize("n", [20, 400])
def test_few_are_said_to_drift_by_chance(n: int) -> None:
    people = 2000
    hit = (np.random.default_rng(n).random(people * n) < 0.8).astype(np.float64)
    found = over_time(np.repeat(np.arange(people, dtype=np.int32), n), hit, people, mean=0.8)
    apart = (found.low[:, -1] > found.high[:, 0]) | (found.high[:, -1] < found.low[:, 0])
    assert apart.mean() < 0.005
