"""Thresholds on distances against what most people say of pairs."""

import math

import pytest

from mining.science.intervals import wilson
from mining.science.thresholds import candidates, majority, operating_points, wrong_side

VOTES = [[True, True, False], [True, False, False]]
DISTANCES = [0.55, 0.75]
SIMILAR = [bool(majority(votes)) for votes in VOTES]


def shares(threshold: float) -> list[float | None]:
    (point,) = operating_points(SIMILAR, DISTANCES, [threshold])
    return [rate and rate.share for rate in (point.precision, point.recall, point.accuracy)]


def test_two_pairs_with_three_votes_each() -> None:
    assert SIMILAR == [True, False]
    assert shares(0.8) == [0.5, 1.0, 0.5]
    assert shares(0.4) == [None, 0.0, 0.5]
    assert shares(0.6) == [1.0, 1.0, 1.0]
    assert shares(0.55) == [None, 0.0, 0.5]  # smaller than, not as small as
    assert [wrong_side(SIMILAR, DISTANCES, each) for each in (0.8, 0.4, 0.6)] == [[1], [0], []]


def test_undefined_is_said_at_each_edge() -> None:
    assert [majority(votes) for votes in ([], [True, False], [False])] == [None, None, False]
    assert operating_points([], []) == [] == candidates([])
    (nothing,) = operating_points([], [], [1.0])
    assert (nothing.precision, nothing.recall, nothing.accuracy) == (None, None, None)
    (never,) = operating_points([False], [0.3], [0.5])
    assert never.recall is None
    assert never.precision is not None
    assert never.precision.share == 0
    with pytest.raises(ValueError, match="finite"):
        operating_points([True], [math.nan])
    with pytest.raises(ValueError, match="1 majorities for 2"):
        operating_points([True], [0.1, 0.2])


def test_each_candidate_changes_something_and_agrees_with_a_plain_count() -> None:
    distances = [3.0, 3.0, 5.0, 8.0, 8.0, 12.0, 20.0]
    similar = [True, True, False, True, False, False, False]
    points = operating_points(similar, distances)
    assert [p.threshold for p in points] == [3.0, 4.0, 6.5, 10.0, 16.0, 24.0]
    for point in points:
        called = [d < point.threshold for d in distances]
        both = sum(c and s for c, s in zip(called, similar, strict=True))
        agree = sum(c == s for c, s in zip(called, similar, strict=True))
        assert point.called == sum(called)
        assert point.recall is not None
        assert (point.recall.hits, point.recall.of) == (both, 3)
        assert point.accuracy is not None
        assert (point.accuracy.hits, point.accuracy.of) == (agree, 7)
        assert (point.precision is None) == (not any(called))
    assert wrong_side(similar, distances, 6.5) == [2, 3]  # 5.0 and 8.0 are as far off: in their order
    thinned = candidates(range(1000), most=9)
    assert (len(thinned), thinned[0], thinned[-1]) == (9, 0, 999.5)


def test_wilsons_interval() -> None:
    """Brown, Cai and DasGupta; the ends are exact at 0 and at all."""
    low, high = wilson(9, 10)
    assert (round(low, 4), round(high, 4)) == (0.5958, 0.9821)
    assert wilson(0, 3)[0] == 0.0
    assert round(wilson(0, 3)[1], 4) == 0.5615
    assert wilson(3, 3)[1] == 1.0
    with pytest.raises(ValueError, match="0 of 0"):
        wilson(0, 0)
