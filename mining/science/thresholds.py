"""Where to cut a distance: how often "nearer than T is similar" agrees with what people say of pairs.

A pair has a distance and people's votes, similar or not. What most of its voters say is the truth it is held against; a
tie, or no vote, says nothing, and such a pair is left out. What is **nearer than T** is called similar:

    precision = called and similar / called similar         undefined where nothing is called similar
    recall    = called and similar / similar                undefined where no pair is similar
    accuracy  = (called and similar + neither) / all        undefined without pairs

each with Wilson's 95 % interval (intervals.py). The intervals are those of the pairs as if drawn at random: where
people were shown pairs near the cut more often than others, the rates are those of the pairs that were shown.

No arrays, since people judge pairs by the hundred, and a web process shows the table; one sort, then O(log N) a
candidate.
"""

import itertools
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from mining.science.intervals import wilson


@dataclass(frozen=True)
class Rate:
    """hits of `of` (above 0), and the 95 % interval of that share."""

    hits: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.hits / self.of


@dataclass(frozen=True)
class Point:
    """What the threshold makes of N pairs. A rate is None where it is undefined."""

    threshold: float
    called: int
    precision: Rate | None
    recall: Rate | None
    accuracy: Rate | None


def majority(votes: Iterable[bool]) -> bool | None:
    """Similar or not, by more than half of the votes; None at a tie and without votes."""
    balance = sum(1 if vote else -1 for vote in votes)
    return None if balance == 0 else balance > 0


def candidates(distances: Iterable[float], most: int = 30) -> list[float]:
    """Thresholds that make a difference, ascending: the least distance (nothing is called similar), the middle of each
    gap between neighbours, and one above all. More than `most` are thinned out evenly, both ends kept."""
    values = sorted(set(distances))
    if not values:
        return []
    middles = [(low + high) / 2 for low, high in itertools.pairwise(values)]
    step = values[-1] - values[-2] if len(values) > 1 else 1.0
    found = [values[0], *middles, values[-1] + step / 2]
    if len(found) <= most:
        return found
    return [found[round(at * (len(found) - 1) / (most - 1))] for at in range(most)]


def operating_points(
    similar: Sequence[bool], distances: Sequence[float], thresholds: Iterable[float] | None = None
) -> list[Point]:
    """One point a threshold, in the order given; `candidates` of the distances where none are given.

    similar, distances [N]: people's majority and the distance of each pair. ValueError for different lengths, and for a
    distance that is no finite number.
    """
    if len(similar) != len(distances):
        raise ValueError(f"{len(similar)} majorities for {len(distances)} distances")
    if not all(map(isfinite, distances)):
        raise ValueError("a distance is no finite number")
    alike = sorted(d for d, yes in zip(distances, similar, strict=True) if yes)
    other = sorted(d for d, yes in zip(distances, similar, strict=True) if not yes)
    return [
        _point(each, alike, other) for each in (candidates(distances) if thresholds is None else thresholds)
    ]


def wrong_side(similar: Sequence[bool], distances: Sequence[float], threshold: float) -> list[int]:
    """Places of the pairs that the threshold calls other than people do, the farthest from it first."""
    wrong = [
        (-abs(distance - threshold), at)
        for at, (yes, distance) in enumerate(zip(similar, distances, strict=True))
        if yes != (distance < threshold)
    ]
    return [at for _far, at in sorted(wrong)]


def _point(threshold: float, alike: list[float], other: list[float]) -> Point:
    """alike, other: the distances of the pairs that people call similar, and not; ascending."""
    right = bisect_left(alike, threshold)
    called = right + bisect_left(other, threshold)
    agree = right + len(other) - (called - right)
    return Point(
        threshold,
        called,
        _rate(right, called),
        _rate(right, len(alike)),
        _rate(agree, len(alike) + len(other)),
    )


def _rate(hits: int, of: int) -> Rate | None:
    return Rate(hits, of, *wilson(hits, of)) if of else None
