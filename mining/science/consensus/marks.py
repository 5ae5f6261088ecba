"""Marks of several volunteers on pictures: which are of one thing, where it is, how many drew it, whether it is real.

**Which belong together.** Marks are merged nearest first (Ward 1963), never two of one volunteer. Two groups of n1 and
n2 marks that scatter by s around one thing, along x and along y, lie apart by

    d / max(sqrt(1 / n1 + 1 / n2), HALVES)  <=  REACH s

and are one where that holds. By chance (Rayleigh) 3.5 s would leave out one pair in 450; but what was merged
nearest first lies further from the rest than by chance, and 3.5 s splits 3 % of the things: hence 4.2. Of many marks
of one thing the last two groups are the two halves of a cloud, 1.6 s apart or more however many they are: hence HALVES,
without which twenty volunteers' marks fall apart. A mark may have more numbers than its place, such as its size
(outlines.py): then d is over all of them, and reaches so far that chance leaves out no more. s is found from the marks:
it is the scatter within the groups that it makes, from a start at the nearest marks of one other each, until it stays;
where there are many pictures, from the first SCATTER_FROM of them. Of few marks the start is uncertain, and begins so
much higher: what is too wide is cut down by the next round, while groups that were cut apart stay apart, each with the
small scatter of a part.

**What is real.** Of m who were asked, n have drawn a group. A thing is drawn by each with the chance d, what is none by
each with a small chance f; of both only those are seen that somebody drew, so n is binomial given n >= 1. EM finds the
share of things, d and f, over all pictures of a task, and p, the chance that a group is a thing.

**Shapes.** A circle, an ellipse or a turned rectangle is its matrix R diag(a^2, b^2) R', and the mean of several is the
exponential of the mean of their logarithms (Arsigny and others 2006): sizes by their geometric mean, angles without a
seam at 180 degrees, round ones without an angle that means something.

Edges: no marks, nothing is found. One volunteer: each mark is its own group, p comes of f and d alone. NaN is refused.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from mining.science.confusion import Array
from mining.science.votes import Codes, VotesError

REACH = {2: 4.2, 3: 4.51, 4: 4.76}
"""By how many numbers a mark has; each leaves out one pair in 6,800 by chance."""

HALVES = 0.75
"""Groups of one thing lie within this times the reach of each other, however many marks they have, see above."""

QUARTILE = {2: 1.43, 3: 1.93, 4: 2.34}
"""sqrt(2) times the 0.4 quantile of a chi distribution with so many degrees of freedom: 0.4 of 5/8 is a quarter."""

WIDER = 2.0
"""The start of s stands this many standard errors above what the distances say; one is s over the root of how many
there are (Rayleigh's lower quartile). At 0 one mark in a lone picture fell apart where ten or twenty people drew it, a
line in 4 of 10 pictures."""

SCATTER_FROM = 200
LARGEST = 0.02
"""Of the farthest mark's coordinate, for the pictures' size: s is no more. Where all are slips nothing else tells."""

START_SHARE, START_THING, START_FALSE = 0.5, 0.6, 0.05
PRIOR = 30.0
"""So many answers on things, and on what is none, at these rates, are thought to have been given before: of one picture
alone the rates can't be told, and where all are slips two of them at one place would be a thing that few see."""

MOST_FALSE = 0.1
"""f is this at most. That several slip at one place is chance; without a bound, where nobody ever slips, those who drew
what is harder to see would be said to."""


class Picture(NamedTuple):
    """xy float64 [M, 2 to 4] in pixels, x and y first; volunteer int32 [M]; asked: how many people looked, also those
    who drew nothing."""

    xy: Array
    volunteer: Codes
    asked: int


class Group(NamedTuple):
    """One thing, perhaps. x, y: the mean; error: its standard error along x and y (s / sqrt n); marks: rows of the
    picture; p: the chance that it is real."""

    x: float
    y: float
    error: float
    marks: list[int]
    asked: int
    p: float


class Marked(NamedTuple):
    """groups: of each picture, likeliest first; scatter: s; share, thing, false: of the mixture; converged."""

    groups: list[list[Group]]
    scatter: float
    share: float
    thing: float
    false: float
    converged: bool


@dataclass
class MarkCrowd:
    """`scatter`: s in pixels, where it is known; else it is found."""

    scatter: float | None = None
    max_iter: int = 50

    def fit(self, pictures: Sequence[Picture]) -> Marked:
        for picture in pictures:
            if not np.isfinite(picture.xy).all():
                raise VotesError(
                    "not a finite position", int(np.flatnonzero(~np.isfinite(picture.xy).all(axis=1))[0])
                )
        s, converged = (self.scatter, True) if self.scatter else self._scatter(pictures[:SCATTER_FROM])
        groups = _groups(pictures, s)
        n = np.array([len(marks) for of in groups for marks in of], dtype=np.float64)
        m = np.array([p.asked for p, of in zip(pictures, groups, strict=True) for _ in of], dtype=np.float64)
        share, thing, false, real = _mixture(n, m)
        chances = iter(real.tolist())
        found = []
        for picture, of in zip(pictures, groups, strict=True):
            some = []
            for marks in of:
                x, y = picture.xy[marks, :2].mean(axis=0).tolist()
                some.append(Group(x, y, s / math.sqrt(len(marks)), marks, picture.asked, next(chances)))
            found.append(sorted(some, key=lambda each: (-each.p, -len(each.marks), each.x, each.y)))
        return Marked(found, s, share, thing, false, converged)

    def _scatter(self, pictures: Sequence[Picture]) -> tuple[float, bool]:
        """s, and whether it stays."""
        most = LARGEST * max((float(p.xy[:, :2].max()) for p in pictures if len(p.xy)), default=0.0) or np.inf
        s = min(_nearest(pictures), most)
        for _ in range(self.max_iter):
            before, s = s, min(_within(pictures, _groups(pictures, s)) or s, most)
            if abs(s - before) <= 1e-3 * before:
                return s, True
        return s, False


def _groups(pictures: Sequence[Picture], s: float) -> list[list[list[int]]]:
    return [together(p.xy, p.volunteer, REACH[p.xy.shape[1]] * s) for p in pictures]


def together(xy: Array, volunteer: Codes, reach: float) -> list[list[int]]:
    """Rows of the marks of each group. The order of the marks changes nothing but how ties fall."""
    order = np.lexsort((volunteer, xy[:, 1], xy[:, 0]))
    members: dict[int, list[int]] = {at: [int(row)] for at, row in enumerate(order)}
    people = {at: {int(volunteer[row])} for at, row in enumerate(order)}
    middle = {at: xy[row] for at, row in enumerate(order)}
    near: dict[int, set[int]] = {at: set() for at in members}
    heap: list[tuple[float, int, int]] = []

    def offer(a: int, b: int) -> None:
        gap = middle[a] - middle[b]
        apart = math.hypot(*gap) / max(math.sqrt(1 / len(members[a]) + 1 / len(members[b])), HALVES)
        if apart <= reach and not people[a] & people[b]:
            heapq.heappush(heap, (apart, a, b))

    # Single marks lie within reach * sqrt(2); groups that merge later are met through their members' neighbours.
    if len(order) > 1:
        places, people_of = xy[order], volunteer[order]
        pairs = cKDTree(places[:, :2]).query_pairs(2 * reach, p=np.inf, output_type="ndarray")
        for a, b in pairs.tolist():
            near[a].add(b)
            near[b].add(a)
        first, second = pairs.T
        apart = np.sqrt(((places[first] - places[second]) ** 2).sum(axis=1)) / math.sqrt(2)
        fit = (apart <= reach) & (people_of[first] != people_of[second])
        heap = list(zip(apart[fit].tolist(), first[fit].tolist(), second[fit].tolist(), strict=True))
        heapq.heapify(heap)
    fresh = len(order)
    while heap:
        _, a, b = heapq.heappop(heap)
        if a not in members or b not in members:
            continue
        n_a, n_b = len(members[a]), len(members[b])
        middle[fresh] = (n_a * middle[a] + n_b * middle[b]) / (n_a + n_b)
        members[fresh], people[fresh] = members.pop(a) + members.pop(b), people[a] | people[b]
        near[fresh] = {each for each in near[a] | near[b] if each in members}
        for each in near[fresh]:
            near[each].add(fresh)
            offer(each, fresh)
        fresh += 1
    return [sorted(rows) for rows in members.values()]


def mean_shape(a: Array, b: Array, angle: Array) -> tuple[float, float, float]:
    """(a, b, angle) of the mean of ellipses, a >= b; angles in degrees from x towards y, 0 to 180. Half axes > 0."""
    if not ((a > 0).all() and (b > 0).all()) or not np.isfinite([a, b, angle]).all():
        raise ValueError("half axes are finite and above 0, angles finite")
    turn = np.deg2rad(angle)
    axis = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    along = axis[:, :, None] * axis[:, None, :]
    logs = 2 * (np.log(a)[:, None, None] * along + np.log(b)[:, None, None] * (np.eye(2) - along))
    values, vectors = np.linalg.eigh(logs.mean(axis=0))
    degrees = math.degrees(math.atan2(vectors[1, 1], vectors[0, 1])) % 180
    return math.exp(values[1] / 2), math.exp(values[0] / 2), degrees


def _nearest(pictures: Sequence[Picture]) -> float:
    """A first guess of s: from each mark to the nearest of the next volunteer, who may have missed the thing; hence the
    lower quartile, over what it is at s = 1 where somebody draws five things in eight. 1 without any.

    The nearest mark of *all* others would be nearer the more volunteers there are, and s would stay too small.
    """
    found: list[float] = []
    numbers = 2
    for picture in pictures:
        numbers = picture.xy.shape[1]
        people = np.unique(picture.volunteer)
        for who, other in zip(people, np.roll(people, -1), strict=True):
            if who != other:
                tree = cKDTree(picture.xy[picture.volunteer == other])
                found += tree.query(picture.xy[picture.volunteer == who])[0].tolist()
    if not found:
        return 1.0
    wider = 1 + WIDER / math.sqrt(len(found))
    return max(float(np.quantile(found, 0.25)) / QUARTILE[numbers] * wider, 1e-9)


def _within(pictures: Sequence[Picture], groups: Sequence[Sequence[list[int]]]) -> float | None:
    """The scatter within groups; None where all marks stand alone."""
    squares, freedom = 0.0, 0
    for picture, of in zip(pictures, groups, strict=True):
        for marks in of:
            away = picture.xy[marks] - picture.xy[marks].mean(axis=0)
            squares += float((away**2).sum())
            freedom += picture.xy.shape[1] * (len(marks) - 1)
    return math.sqrt(squares / freedom) or None if freedom else None


def _mixture(n: Array, m: Array) -> tuple[float, float, float, Array]:
    """share, d, f, p [G] of groups that n of m drew, n >= 1."""
    share, thing, false = START_SHARE, START_THING, START_FALSE
    p = np.zeros(len(n))
    if not len(n):
        return share, thing, false, p
    for _ in range(500):
        odds = np.log(share) - np.log1p(-share) + _log_chance(n, m, thing) - _log_chance(n, m, false)
        new = 1 / (1 + np.exp(-np.clip(odds, -500, 500)))
        moved, p = float(np.abs(new - p).max()), new
        share = float((p.sum() + 1) / (len(p) + 2))
        thing, false = _rate(n, m, p, thing, START_THING), _rate(n, m, 1 - p, false, START_FALSE)
        thing, false = max(thing, false), min(thing, false, MOST_FALSE)
        if moved < 1e-6:
            break
    return share, thing, false, p


def _log_chance(n: Array, m: Array, rate: float) -> Array:
    """Of n of m given n >= 1, but for the number of ways, which is the same for both."""
    seen = -np.expm1(m * math.log1p(-rate))
    return np.asarray(n * math.log(rate) + (m - n) * math.log1p(-rate) - np.log(seen), dtype=np.float64)


def _rate(n: Array, m: Array, weight: npt.NDArray[np.float64], rate: float, usual: float) -> float:
    """The rate whose mean, given n >= 1, is the weighed mean of n, PRIOR answers at the usual rate among them."""
    for _ in range(50):
        seen = -np.expm1(m * math.log1p(-rate))
        rate = (float((weight * n).sum()) + PRIOR * usual) / (float((weight * m / seen).sum()) + PRIOR)
        rate = min(max(rate, 1e-3), 0.999)
    return rate
