"""A row of the flat annotations: one annotation, one mark of it, or one question that was asked of a mark."""

from typing import Any, NamedTuple

from projects.tasks.base import NONE

GEOMETRY = {
    "x": "x of its place: of a point, or the left edge of an upright rectangle",
    "y": "y of its place: of a point, or the top edge of an upright rectangle",
    "x_center": "x of its middle",
    "y_center": "y of its middle",
    "x1": "x of the one end of a line",
    "y1": "y of that end",
    "x2": "x of the other end",
    "y2": "y of that end",
    "width": "Width of a rectangle",
    "height": "Height of a rectangle",
    "r": "Radius of a circle",
    "rx": "Half axis of an ellipse, along its angle",
    "ry": "Its half axis across that",
}
"""The numbers of shapes in pixels; angle and points come beside them."""


class Part(NamedTuple):
    """Empty question, kind: those of the task. mark, detail: numbers from 1 on. start, end: of marked words. key: of
    what was chosen, several joined by +, or `none` where an asked task was left empty. mark_of: {"x": ...} of a mark,
    else empty."""

    question: str = ""
    kind: str = ""
    mark: int | None = None
    detail: int | None = None
    tool: str | None = None
    tool_label: str | None = None
    shape: str | None = None
    frame: int | None = None
    key: str | None = None
    label: str | None = None
    text: str | None = None
    number: float | None = None
    start: int | None = None
    end: int | None = None
    geometry: tuple[float | str | None, ...] = ()


EMPTY = Part(key=NONE)


def geometry_of(mark: dict[str, Any]) -> tuple[float | str | None, ...]:
    """The numbers in the order of GEOMETRY, the angle, the points as `x,y x,y`."""
    points = " ".join(f"{x},{y}" for x, y in mark["points"]) if "points" in mark else None
    return (*(mark.get(name) for name in GEOMETRY), mark.get("angle"), points)


NOTHING_DRAWN: tuple[float | str | None, ...] = (None,) * (len(GEOMETRY) + 2)
