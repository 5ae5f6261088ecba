"""The outline of a mark as points, for forms that know polygons only. Pure."""

import math
from collections.abc import Mapping
from typing import Any

from projects.tasks.shapes import places

CORNERS = 64
"""Of the polygon that stands for a round shape: its area is 0.16 % too small."""

Points = list[tuple[float, float]]


def outline(shape: str, mark: Mapping[str, Any]) -> Points:
    """Of a closed shape its corners; of a line its points; of a point itself."""
    if "points" in mark or shape in ("point", "line"):
        return places(shape, mark)
    if shape == "rectangle":
        x, y = mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2
        return _box(x, y, mark["width"], mark["height"], 0.0)
    x, y = mark["x_center"], mark["y_center"]
    if shape == "rotated_rectangle":
        return _box(x, y, mark["width"], mark["height"], mark["angle"])
    rx, ry = (mark["r"], mark["r"]) if shape == "circle" else (mark["rx"], mark["ry"])
    steps = [2 * math.pi * n / CORNERS for n in range(CORNERS)]
    return _turned(x, y, [(rx * math.cos(t), ry * math.sin(t)) for t in steps], mark.get("angle", 0.0))


def is_closed(shape: str) -> bool:
    return shape not in ("point", "line", "segmented_line")


def area(points: Points) -> float:
    """Of the polygon, in square pixels."""
    following = [*points[1:], *points[:1]]
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, following, strict=True))) / 2


def _box(x: float, y: float, width: float, height: float, angle: float) -> Points:
    w, h = width / 2, height / 2
    return _turned(x, y, [(-w, -h), (w, -h), (w, h), (-w, h)], angle)


def _turned(x: float, y: float, around: Points, angle: float) -> Points:
    """angle: degrees, clockwise on a picture whose y goes down."""
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return [(x + u * c - v * s, y + u * s + v * c) for u, v in around]
