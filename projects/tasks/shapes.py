"""The shapes that a mark may have: their numbers, and where in the picture they lie. Pure.

Pixels of the natural picture, origin top left, y down; angles in degrees clockwise from the x axis. The twin in the
browser is static/classify/geometry.
"""

from collections.abc import Mapping
from typing import Any, Literal, get_args

Shape = Literal[
    "point",
    "line",
    "rectangle",
    "rotated_rectangle",
    "circle",
    "ellipse",
    "polygon",
    "segmented_line",
    "freehand",
]
SHAPES: tuple[Shape, ...] = get_args(Shape)

FIELDS: dict[str, tuple[str, ...]] = {
    "point": ("x", "y"),
    "line": ("x1", "y1", "x2", "y2"),
    "rectangle": ("x", "y", "width", "height"),
    "rotated_rectangle": ("x_center", "y_center", "width", "height", "angle"),
    "circle": ("x_center", "y_center", "r"),
    "ellipse": ("x_center", "y_center", "rx", "ry", "angle"),
}
"""The numbers of a shape that has a fixed number of them; the others have `points`, a list of [x, y]."""

FEWEST_POINTS = {"polygon": 3, "segmented_line": 2, "freehand": 3}
SIZES = frozenset({"width", "height", "r", "rx", "ry"})
MOST_POINTS = 500
"""Of one mark."""

FAR = 1e6
"""No picture has so many pixels on a side."""

OUTSIDE = 0.5
"""By so many pixels a mark may lie outside of the picture: what rounding and a thick pen do."""


def validate(shape: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The geometry as it is stored: numbers to two decimals, angles from 0 to under 180 (half a turn changes neither
    an ellipse nor a rectangle). Raises ValueError; the message goes on from the mark's name."""
    if shape in FEWEST_POINTS:
        points = _points(shape, given["points"])
        _check(shape, {"points": points})
        return {"points": points}
    found = {name: number(name, given[name]) for name in FIELDS[shape]}
    for name in SIZES & found.keys():
        if found[name] <= 0:
            raise ValueError(f"has a {name} of {found[name]}, which is to be above 0; draw it larger")
    if "angle" in found:
        found["angle"] = plain(round(found["angle"] % 180, 2) % 180)
    if shape == "line" and (found["x1"], found["y1"]) == (found["x2"], found["y2"]):
        raise ValueError("begins where it ends; draw it longer")
    _check(shape, found)
    return found


def names(shape: str) -> tuple[str, ...]:
    return FIELDS.get(shape, ("points",))


def number(name: str, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"has no number as {name}; draw it again")
    if not -FAR <= value <= FAR:  # NaN neither
        raise ValueError(f"has a {name} that is no place in a picture; draw it again")
    return plain(round(value, 2))


def plain(value: float) -> int | float:
    """An integer where it is one."""
    return int(value) if value == int(value) else value


def places(shape: str, mark: Mapping[str, Any]) -> list[tuple[float, float]]:
    """What is to lie in the picture: corners and ends; of what is round or turned its centre."""
    if shape in FEWEST_POINTS:
        return [(x, y) for x, y in mark["points"]]
    if shape == "point":
        return [(mark["x"], mark["y"])]
    if shape == "line":
        return [(mark["x1"], mark["y1"]), (mark["x2"], mark["y2"])]
    if shape == "rectangle":
        return [(mark["x"], mark["y"]), (mark["x"] + mark["width"], mark["y"] + mark["height"])]
    return [(mark["x_center"], mark["y_center"])]


def check_inside(shape: str, mark: Mapping[str, Any], width: float, height: float) -> None:
    """Raises ValueError; the message goes on from the mark's name."""
    for x, y in places(shape, mark):
        if not (-OUTSIDE <= x <= width + OUTSIDE and -OUTSIDE <= y <= height + OUTSIDE):
            raise ValueError(
                f"lies outside of the picture at {x}, {y}: it is {width} by {height} pixels; move it inside"
            )


def _check(shape: str, mark: Mapping[str, Any]) -> None:
    """What is known without the picture: nothing lies left of it or above it."""
    check_inside(shape, mark, FAR, FAR)


def _points(shape: str, given: Any) -> list[list[int | float]]:
    if not isinstance(given, list):
        raise ValueError("has no list of points; draw it again")
    if len(given) > MOST_POINTS:
        raise ValueError(f"has {len(given):,} points, and {MOST_POINTS} are the most; draw it with fewer")
    points = []
    for each in given:
        if not isinstance(each, list) or len(each) != 2:
            raise ValueError("has a point that is not [x, y]; draw it again")
        points.append([number("x", each[0]), number("y", each[1])])
    if len({(x, y) for x, y in points}) < FEWEST_POINTS[shape]:
        raise ValueError(f"needs {FEWEST_POINTS[shape]} different points or more; draw on")
    return points
