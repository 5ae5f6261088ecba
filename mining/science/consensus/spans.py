"""Spans of a text that several people marked, put together letter by letter.

Of one label. Each letter is a question that everybody who was asked has answered: marked or not. A **span** is a
longest run of letters that at least half of those asked marked. Its **support** is how many marked at least half of its
letters; the interval of that share is Jeffreys' (uncertainty.vote_share). Its **edges** are as exact as its supporters
agree: the mean distance, in letters, between an edge of the span and where each of them began (ended) the first (last)
of their marks that touches it.

Edges: without anybody asked there is nothing; one person's marks stand as they are; of two, what one marked is half and
stands. Words that people marked side by side as two, with nothing between them, come together as one span.

Cost: n log n of the marks; the text's length has no part in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mining.science.uncertainty import vote_share

Extent = tuple[int, int]
"""(first letter, the letter after the last), counted from 0."""

HALF = 0.5


class Run(NamedTuple):
    """Letters beside each other that the same number of people marked."""

    start: int
    end: int
    n: int


class Span(NamedTuple):
    """n: how many marked it; share, low, high: of those asked, with its 95 % interval; start_off, end_off: how far the
    supporters' edges are from these, letters on average."""

    start: int
    end: int
    n: int
    share: float
    low: float
    high: float
    start_off: float
    end_off: float


def runs(people: Sequence[Sequence[Extent]]) -> list[Run]:
    """Where how many marked, from left to right, without what nobody did. Nobody's own marks overlap."""
    steps: dict[int, int] = defaultdict(int)
    for marks in people:
        for start, end in marks:
            steps[start] += 1
            steps[end] -= 1
    found: list[Run] = []
    n, begun = 0, 0
    for place in sorted(at for at, step in steps.items() if step):
        if n:
            found.append(Run(begun, place, n))
        n, begun = n + steps[place], place
    return found


def together(people: Sequence[Sequence[Extent]], asked: int) -> list[Span]:
    """The spans that at least half marked. people: the marks of each who marked anything; asked: of all who looked."""
    if not 0 < len(people) <= asked:
        return []
    found: list[list[int]] = []
    for run in runs(people):
        if run.n < HALF * asked:
            continue
        if found and found[-1][1] == run.start:
            found[-1][1] = run.end
        else:
            found.append([run.start, run.end])
    return [_span(start, end, people, asked) for start, end in found]


def _span(start: int, end: int, people: Sequence[Sequence[Extent]], asked: int) -> Span:
    edges: list[Extent] = []
    for marks in people:
        touching = [(a, b) for a, b in marks if a < end and b > start]
        covered = sum(min(b, end) - max(a, start) for a, b in touching)
        if covered >= HALF * (end - start):
            edges.append((min(a for a, _ in touching), max(b for _, b in touching)))
    n = len(edges)
    share, low, high = (float(each[0]) for each in vote_share(np.array([n, asked - n], dtype=np.float64)))
    off = np.abs(np.array(edges, dtype=np.float64).reshape(-1, 2) - (start, end))
    start_off, end_off = off.mean(axis=0).tolist() if n else (0.0, 0.0)
    return Span(start, end, n, share, low, high, start_off, end_off)
