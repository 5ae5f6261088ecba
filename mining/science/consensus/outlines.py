"""Marks of a shape as numbers by which they are grouped, and what several marks of one thing come to.

A mark of a shape with a fixed number of numbers is given as these: point x, y; line x1, y1, x2, y2; rectangle x, y (its
corner), width, height; rotated_rectangle x, y (its middle), width, height, angle; circle x, y, r; ellipse x, y, rx, ry,
angle. Of polygon, freehand (closed outlines) and segmented_line it is points float64 [K, 2]. Pixels; degrees from x
towards y.

**Numbers to group by**: the middle first, then what tells concentric or crossing things apart, on the scale of the
middle: half the width and height; the geometric mean of half axes; of a line a quarter of its length along twice its
angle, so that it is the same from either end, and no number scatters more than the middle does where its ends scatter.

**Means**. Places: the mean. Sizes: the geometric mean, angles of ellipses and rectangles without a seam (marks.py,
mean_shape); of rectangles that are nearly squares modulo a quarter turn. Lines: each is cut into ALONG equal parts,
turned to go the way of the first, and the mean is taken part by part. Outlines: the mean of their signed distance
functions is 0 on the mean outline (Leventon, Grimson & Faugeras 2000), on a grid of GRID cells on the longer side.

Edges: one mark is its own mean. An outline that crosses itself is inside where it is gone round an odd number of times.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.ndimage import distance_transform_edt
from skimage.draw import polygon2mask
from skimage.measure import approximate_polygon, find_contours

from mining.science.confusion import Array
from mining.science.consensus.marks import mean_shape

ALONG = 32
GRID, MARGIN = 128, 8
NEARLY_SQUARE = 1.2
LINES, OUTLINES = ("line", "segmented_line"), ("polygon", "freehand")


def features(shape: str, marks: Sequence[Array]) -> Array:
    """float64 [M, 2 to 4], see above."""
    if shape in LINES:
        return np.array([_of_line(_path(mark)) for mark in marks]).reshape(-1, 4)
    if shape in OUTLINES:
        return np.array([_of_outline(mark) for mark in marks]).reshape(-1, 3)
    if shape == "point":
        return np.array(marks, dtype=np.float64).reshape(-1, 2)
    table = np.array(marks, dtype=np.float64)
    if not len(table):
        return np.empty((0, 4 if shape == "rectangle" else 3))
    if shape == "rectangle":
        half = table[:, 2:4] / 2
        return np.concatenate([table[:, :2] + half, half], axis=1)
    if shape == "circle":
        return table
    size = np.sqrt(table[:, 2] * table[:, 3]) / (2 if shape == "rotated_rectangle" else 1)
    return np.column_stack([table[:, :2], size])


def mean(shape: str, marks: Sequence[Array]) -> Array:
    """One mark, in the form of those given; of outlines and segmented lines points [K, 2]."""
    if len(marks) == 1:
        return np.asarray(marks[0], dtype=np.float64)
    if shape in LINES:
        return _mean_line(shape, marks)
    if shape in OUTLINES:
        return _mean_outline(marks)
    table = np.array(marks, dtype=np.float64)
    if shape == "point":
        return np.asarray(table.mean(axis=0))
    middle, sizes = table[:, :2].mean(axis=0), np.exp(np.log(table[:, 2:4]).mean(axis=0))
    if shape == "rectangle":
        middle = (table[:, :2] + table[:, 2:4] / 2).mean(axis=0)
        return np.array([*(middle - sizes / 2), *sizes])
    if shape == "circle":
        return np.array([*middle, sizes[0]])
    a, b, angle = mean_shape(table[:, 2], table[:, 3], table[:, 4])
    if shape == "rotated_rectangle" and a < NEARLY_SQUARE * b:
        a, b, angle = _mean_square(table[:, 2:5])
    return np.array([*middle, a, b, angle])


def _path(mark: Array) -> Array:
    return np.asarray(mark, dtype=np.float64).reshape(-1, 2)


def _along(path: Array) -> Array:
    """[ALONG + 1, 2]: evenly from end to end."""
    far = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    at = np.linspace(0, far[-1], ALONG + 1)
    return np.column_stack([np.interp(at, far, path[:, 0]), np.interp(at, far, path[:, 1])])


def _of_line(path: Array) -> Array:
    """Of a closed line, which has no direction, the middle only."""
    x, y = _along(path).mean(axis=0)
    dx, dy = path[-1] - path[0]
    quarter, turn = math.hypot(dx, dy) / 4, 2 * math.atan2(dy, dx)
    return np.array([x, y, quarter * math.cos(turn), quarter * math.sin(turn)])


def _of_outline(points: Array) -> Array:
    """The middle of the area and the radius of a circle as large."""
    x, y = points.T
    right, below = np.roll(x, -1), np.roll(y, -1)
    cross = x * below - right * y
    area = cross.sum() / 2
    if abs(area) < 1e-6 * max(np.ptp(x) * np.ptp(y), 1e-12):  # an eight, or a line to and fro
        return np.array([x.mean(), y.mean(), 0.0])
    middle = ((x + right) * cross).sum() / (6 * area), ((y + below) * cross).sum() / (6 * area)
    return np.array([*middle, math.sqrt(abs(area) / math.pi)])


def _mean_line(shape: str, marks: Sequence[Array]) -> Array:
    paths = [_along(_path(mark)) for mark in marks]
    first = paths[0]
    alike = [
        path if ((path - first) ** 2).sum() <= ((path[::-1] - first) ** 2).sum() else path[::-1]
        for path in paths
    ]
    found = np.mean(alike, axis=0)
    if shape == "line":
        return np.array([*found[0], *found[-1]])
    return _simple(found, 0.25)


def _mean_square(table: Array) -> tuple[float, float, float]:
    """(width, height, angle) of turned squares, or nearly, given so [M, 3]."""
    turns = np.deg2rad(4 * table[:, 2])
    angle = math.degrees(math.atan2(np.sin(turns).mean(), np.cos(turns).mean())) / 4
    quarter = np.round((angle - table[:, 2]) / 90).astype(int) % 2 == 1
    sizes = np.where(quarter[:, None], table[:, 1::-1], table[:, :2])
    width, height = np.exp(np.log(sizes).mean(axis=0))
    return float(width), float(height), angle % 180


def _mean_outline(marks: Sequence[Array]) -> Array:
    """The largest of the outlines at 0; the mark in the middle of the list where there is none."""
    low = np.min([mark.min(axis=0) for mark in marks], axis=0)
    size = np.max([mark.max(axis=0) for mark in marks], axis=0) - low
    cell = float(size.max()) / GRID
    cells = tuple(int(n) for n in np.ceil(size[::-1] / cell) + 2 * MARGIN + 1)
    total = np.zeros(cells)
    for mark in marks:
        inside = polygon2mask(cells, (mark - low)[:, ::-1] / cell + MARGIN)  # type: ignore[no-untyped-call]  # theirs
        total += distance_transform_edt(inside) - distance_transform_edt(~inside)
    found = find_contours(total / len(marks), 0.0)  # type: ignore[no-untyped-call]  # theirs
    if not found:
        return np.asarray(marks[len(marks) // 2])
    outline = max(found, key=lambda each: abs(_of_outline(each)[2]))
    return np.asarray((_simple(outline, 0.5)[:-1, ::-1] - MARGIN) * cell + low)


def _simple(points: Array, tolerance: float) -> Array:
    """With fewer points, none further off than the tolerance."""
    return np.asarray(approximate_polygon(points, tolerance))  # type: ignore[no-untyped-call]  # theirs
