"""Which of somebody's marks are of the same things as those that are known. Pure, and light: a web process does it.

Points and lines go together where they lie within the tool's tolerance (of lines the mean distance of places along
them, whichever end they begin at), areas where they have half in common (intersection over union). Pairs are made
nearest first, each mark once.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

LEAST_IN_COMMON = 0.5
ALONG = 9  # places along a line
ROWS = 32  # rows of the smaller picture of an area, in which what two have in common is measured
SLACK = 0.02  # of what is measured in rows

Mark = Mapping[str, Any]
Place = tuple[float, float]
Spans = list[tuple[float, float]]


def pairs(
    shape: str, ours: Sequence[Mark], theirs: Sequence[Mark], tolerance: float
) -> list[tuple[int, int]]:
    """(of ours, of theirs) that are of one thing; of equally near ones the first drawn."""
    forms = [[_form(shape, mark) for mark in some] for some in (ours, theirs)]
    near = sorted(
        (apart, a, b)
        for b, there in enumerate(forms[1])
        for a, here in enumerate(forms[0])
        if (apart := _apart(here, there, tolerance)) <= 1
    )
    found: list[tuple[int, int]] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    for _, a, b in near:
        if a not in taken[0] and b not in taken[1]:
            found.append((a, b))
            taken[0].add(a)
            taken[1].add(b)
    return sorted(found)


class _Area:
    """The rows of an area: at a height, the spans of x that are inside (of an outline that crosses itself, every other
    part)."""

    def __init__(self, left: float, top: float, right: float, bottom: float) -> None:
        self.left, self.top, self.right, self.bottom = left, top, right, bottom
        self.area = 0.0

    def spans(self, y: float) -> Spans:
        raise NotImplementedError


class _Ellipse(_Area):
    def __init__(self, x: float, y: float, rx: float, ry: float, angle: float) -> None:
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        self.x, self.y = x, y
        self.a, self.c = (cos / rx) ** 2 + (sin / ry) ** 2, (sin / rx) ** 2 + (cos / ry) ** 2
        self.b = cos * sin * (1 / rx**2 - 1 / ry**2)
        wide, high = math.hypot(rx * cos, ry * sin), math.hypot(rx * sin, ry * cos)
        super().__init__(x - wide, y - high, x + wide, y + high)
        self.area = math.pi * rx * ry

    def spans(self, y: float) -> Spans:
        dy = y - self.y
        under = (self.b * dy) ** 2 - self.a * (self.c * dy * dy - 1)
        if under <= 0:
            return []
        middle, half = self.x - self.b * dy / self.a, math.sqrt(under) / self.a
        return [(middle - half, middle + half)]


class _Outline(_Area):
    def __init__(self, points: Sequence[Place]) -> None:
        xs, ys = zip(*points, strict=True)
        super().__init__(min(xs), min(ys), max(xs), max(ys))
        self.edges = list(zip(points, [*points[1:], points[0]], strict=True))
        rows = [self.top + (at + 0.5) * (self.bottom - self.top) / ROWS for at in range(ROWS)]
        self.area = sum(end - start for y in rows for start, end in self.spans(y))
        self.area *= (self.bottom - self.top) / ROWS

    def spans(self, y: float) -> Spans:
        crossed = sorted(
            x + (y - y1) / (y2 - y1) * (x2 - x) for (x, y1), (x2, y2) in self.edges if (y1 <= y) != (y2 <= y)
        )
        return list(zip(crossed[::2], crossed[1::2], strict=True))


def _form(shape: str, mark: Mark) -> list[Place] | _Area:
    """Places along a point or a line, or an area."""
    if shape == "point":
        return [(mark["x"], mark["y"])]
    if shape == "line":
        return _along([(mark["x1"], mark["y1"]), (mark["x2"], mark["y2"])])
    if shape == "segmented_line":
        return _along(mark["points"])
    if shape == "circle":
        return _Ellipse(mark["x_center"], mark["y_center"], mark["r"], mark["r"], 0)
    if shape == "ellipse":
        return _Ellipse(mark["x_center"], mark["y_center"], mark["rx"], mark["ry"], mark["angle"])
    if shape == "rectangle":
        x, y, width, height = mark["x"], mark["y"], mark["width"], mark["height"]
        return _Outline([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    if shape == "rotated_rectangle":
        return _Outline(corners(mark))
    return _Outline([(x, y) for x, y in mark["points"]])


def corners(mark: Mark) -> list[Place]:
    """Of a rotated rectangle, in the order of drawing."""
    turn = math.radians(mark["angle"])
    cos, sin = math.cos(turn), math.sin(turn)
    halves = [
        (sx * mark["width"] / 2, sy * mark["height"] / 2) for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    x, y = mark["x_center"], mark["y_center"]
    return [(x + u * cos - v * sin, y + u * sin + v * cos) for u, v in halves]


def _along(points: Sequence[Sequence[float]]) -> list[Place]:
    """ALONG places on a line, evenly from end to end."""
    ends = [0.0]
    for (x1, y1), (x2, y2) in pairwise(points):
        ends.append(ends[-1] + math.hypot(x2 - x1, y2 - y1))
    found, part = [], 0
    for at in range(ALONG):
        far = ends[-1] * at / (ALONG - 1)
        while part < len(points) - 2 and ends[part + 1] < far:
            part += 1
        length = ends[part + 1] - ends[part]
        share = min((far - ends[part]) / length, 1.0) if length else 0.0
        (x1, y1), (x2, y2) = points[part], points[part + 1]
        found.append((x1 + share * (x2 - x1), y1 + share * (y2 - y1)))
    return found


def _apart(a: list[Place] | _Area, b: list[Place] | _Area, tolerance: float) -> float:
    """0: the same; up to 1 of one thing."""
    if isinstance(a, _Area) and isinstance(b, _Area):
        return (1 - in_common(a, b)) / (1 - LEAST_IN_COMMON)
    if isinstance(a, _Area) or isinstance(b, _Area):
        return math.inf
    ways = (a, a[::-1])
    return min(sum(map(math.dist, way, b)) / len(b) for way in ways) / tolerance


def in_common(a: _Area, b: _Area) -> float:
    """Intersection over union; 0 where it can't come to LEAST_IN_COMMON."""
    top, bottom = max(a.top, b.top), min(a.bottom, b.bottom)
    wide = min(a.right, b.right) - max(a.left, b.left)
    needed = (a.area + b.area) * LEAST_IN_COMMON / (1 + LEAST_IN_COMMON)
    if wide <= 0 or bottom <= top or min(wide * (bottom - top), a.area, b.area) < needed * (1 - SLACK):
        return 0.0
    rows = (top + (at + 0.5) * (bottom - top) / ROWS for at in range(ROWS))
    both = sum(_overlap(a.spans(y), b.spans(y)) for y in rows) * (bottom - top) / ROWS
    return both / (a.area + b.area - both)


def _overlap(a: Spans, b: Spans) -> float:
    """The length that two sorted lists of spans have in common."""
    both, at, of = 0.0, 0, 0
    while at < len(a) and of < len(b):
        (start, end), (begin, stop) = a[at], b[of]
        both += max(0.0, min(end, stop) - max(start, begin))
        if end < stop:
            at += 1
        else:
            of += 1
    return both
