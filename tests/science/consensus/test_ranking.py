"""Rankings from comparisons: the top of the posterior by an independent search, known strengths, intervals, edges."""

from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import spearmanr

from mining.science.consensus.ranking import LEFT, PRIOR, RIGHT, SPREAD, TIE, rank
from mining.science.votes import VotesError

SIDE, TIES = 0.4, -0.3


def drawn(seed: int, size: int = 30, n: int = 2000) -> tuple[Any, ...]:
    """Strengths, and comparisons by the model: who stands on the left gains by it, and equals often tie."""
    rng = np.random.default_rng(seed)
    strength = rng.normal(0, 1.2, size)
    left, right = rng.integers(0, size, n), rng.integers(0, size - 1, n)
    right = right + (right >= left)
    a, b = np.exp(strength[left] + SIDE), np.exp(strength[right])
    odds = np.stack([a, b, np.exp(TIES) * np.sqrt(a * b)], axis=1)
    chances = np.cumsum(odds / odds.sum(axis=1, keepdims=True), axis=1)
    said = (rng.random((n, 1)) > chances).sum(axis=1)
    return strength - strength.mean(), *(each.astype(np.int32) for each in (left, right, said))


def minus_log(found: Any, left: Any, right: Any, said: Any, weight: Any, size: int) -> float:
    """The same density written out, comparison by comparison."""
    s, side, tie = found[:size], found[size], found[size + 1]
    total = 0.0
    for one, other, what, w in zip(left, right, said, weight, strict=True):
        a, b = np.exp(s[one] + side), np.exp(s[other])
        t = np.exp(tie) * np.sqrt(a * b)
        total += w * np.log((a, b, t)[what] / (a + b + t))
    chances = np.exp(s) / (1 + np.exp(s))
    total += PRIOR * np.log(chances * (1 - chances)).sum() - (side**2 + tie**2) / (2 * SPREAD**2)
    return -float(total)


def test_the_top_is_where_another_search_finds_it() -> None:
    _truth, left, right, said = drawn(1, size=6, n=60)
    weight = np.random.default_rng(2).uniform(0.2, 1, 60)
    found = rank(left, right, said, 6, weight=weight)
    assert found.converged
    start = np.zeros(8)
    other = minimize(
        minus_log, start, args=(left, right, said, weight, 6), method="BFGS", options={"gtol": 1e-9}
    )
    assert found.strength == pytest.approx(other.x[:6] - other.x[:6].mean(), abs=1e-6)
    assert (found.side, found.tie) == pytest.approx((other.x[6], other.x[7]), abs=1e-6)


def test_known_strengths_come_out_and_lie_in_their_intervals() -> None:
    inside, sides = [], []
    for seed in range(8):
        truth, *given = drawn(seed)
        found = rank(*given, 30)
        assert spearmanr(found.strength, truth)[0] > 0.94
        inside.append((found.low < truth) & (truth < found.high))
        sides.append((found.side - SIDE) / found.side_error)
        assert found.tie == pytest.approx(TIES, abs=0.3)
        assert found.order[0] == found.strength.argmax()
    assert 0.92 < np.mean(inside) < 0.98
    assert np.abs(sides).max() < 3.5


def test_who_never_lost_has_a_finite_place_and_who_met_nobody_is_average() -> None:
    two = (
        np.array([0, 0], dtype=np.int32),
        np.array([1, 1], dtype=np.int32),
        np.full(2, RIGHT, dtype=np.int32),
    )
    found = rank(*two, 3)
    assert found.tie is None
    assert found.order.tolist() == [1, 2, 0]
    assert 0.2 < found.strength[1] < 2.0
    assert found.high[2] - found.low[2] > found.high[1] - found.low[1]
    assert rank(*two, 3, weight=np.zeros(2)).strength == pytest.approx(0.0)
    swapped = rank(two[1], two[0], np.full(2, LEFT, dtype=np.int32), 3)
    assert swapped.side == pytest.approx(-found.side)
    even = rank(*two[:2], np.full(2, TIE, dtype=np.int32), 3)
    assert even.strength == pytest.approx(0.0, abs=1e-9)
    for given, why in (
        ((two[0], two[0], two[2], 3), "row 0: a member is compared with itself"),
        ((two[0][:0], two[1][:0], two[2][:0], 3), "no comparisons"),
        ((*two, 3001), "3,001 members are more than can be ranked"),
        ((*two[:2], two[2] + 2, 3), "says left, right or tie"),
    ):
        with pytest.raises(VotesError, match=why):
            rank(*given)
