"""What many volunteers' marks come to, over their picture: drawn on the server as SVG, with its table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from projects.models import Media
from projects.tasks import Task
from projects.tasks.drawing import LIKELY, PALETTE, DrawingTask, Tool
from projects.tasks.matching import corners

ARM = 0.02
"""Of the picture's longer side: half of the cross that stands for a point."""

TEXT = 0.045
"""Of the same: how high the numbers are."""


@dataclass(frozen=True)
class Thing:
    """One thing that was marked. number: in the picture and in the table; svg: its outline twice, dark below its
    colour, so that it is seen on any ground; details: what the answers to each question come to, in words."""

    number: int
    tool: Tool
    drew: int
    asked: int
    p: float
    error: float
    svg: SafeString
    details: list[tuple[str, str]]

    @property
    def chance(self) -> str:
        """With two digits; never as certainty."""
        return "> 0.99" if self.p >= 0.995 else f"{self.p:.2f}"


@dataclass(frozen=True)
class Overlay:
    """things: those that are likelier real than not, likeliest first. others: marks of which that can't be said."""

    things: list[Thing]
    others: int
    width: int
    height: int

    @property
    def view(self) -> str:
        return f"0 0 {self.width} {self.height}"


def overlay(task: Task, value: Mapping[str, Any] | None, picture: Media | None) -> Overlay | None:
    """None where there is nothing to draw it on, or the task was of another kind when it was put together."""
    drawn = task.as_drawing()
    if not isinstance(drawn, DrawingTask) or not value or "marks" not in value:
        return None
    if picture is None or not picture.width or not picture.height:
        return None
    longer = max(picture.width, picture.height)
    likely = [mark for mark in value["marks"] if mark["p"] > LIKELY]
    things: list[Thing] = []
    for mark in likely:
        tool = drawn.tool(mark["tool"])
        if tool is not None:
            things.append(_thing(len(things) + 1, tool, mark, value["asked"], longer))
    others = len(value["marks"]) - len(likely) + value["left_out"]
    return Overlay(things, others, picture.width, picture.height)


def _thing(number: int, tool: Tool, mark: Mapping[str, Any], asked: int, longer: int) -> Thing:
    shape, (x, y) = _outline(tool.shape, mark["mark"], longer)
    svg = _twice(shape, PALETTE.get(tool.color, tool.color), number, x, y, longer)
    details = [
        (task.question, _in_words(task, said))
        for task, said in zip(tool.details, mark["details"], strict=True)
    ]
    return Thing(number, tool, mark["drew"], asked, mark["p"], mark["error"], svg, details)


def _twice(
    shape: tuple[str, dict[str, Any]], color: str, number: int, x: float, y: float, longer: int
) -> SafeString:
    name, attributes = shape
    common: dict[str, Any] = {**attributes, "fill": "none", "vector-effect": "non-scaling-stroke"}
    dark = flatatt({**common, "stroke": "#000", "stroke-width": 4, "stroke-opacity": 0.6})
    light = flatatt({**common, "stroke": color, "stroke-width": 2})
    size = round(TEXT * longer, 1)
    text = flatatt(
        {
            "x": x, "y": max(y, size), "font-size": size, "fill": "#fff",
            "stroke": "#000", "stroke-width": round(size / 6, 1),
            "paint-order": "stroke", "text-anchor": "middle",
        }
    )  # fmt: skip
    tag = mark_safe(name)  # noqa: S308 - a name of our own
    return format_html("<{}{}/><{}{}/><text{}>{}</text>", tag, dark, tag, light, text, number)


def _outline(
    shape: str, mark: Mapping[str, Any], longer: int
) -> tuple[tuple[str, dict[str, Any]], tuple[float, float]]:
    """(element and attributes, where its number stands: at its top)"""
    if shape == "point":
        x, y, arm = mark["x"], mark["y"], ARM * longer
        cross = f"M{x - arm:.1f} {y:.1f}h{2 * arm:.1f}M{x:.1f} {y - arm:.1f}v{2 * arm:.1f}"
        return ("path", {"d": cross}), (x, round(y - 1.3 * arm, 1))
    if shape in ("circle", "ellipse"):
        x, y = mark["x_center"], mark["y_center"]
        rx, ry = (mark["r"], mark["r"]) if shape == "circle" else (mark["rx"], mark["ry"])
        turn = {"transform": f"rotate({mark['angle']} {x} {y})"} if shape == "ellipse" else {}
        return ("ellipse", {"cx": x, "cy": y, "rx": rx, "ry": ry, **turn}), (x, round(y - ry, 1))
    points = _points(shape, mark)
    name = "polyline" if shape in ("line", "segmented_line") else "polygon"
    top = min(points, key=lambda point: point[1])
    return (name, {"points": " ".join(f"{x:.1f},{y:.1f}" for x, y in points)}), (
        round(top[0], 1),
        round(top[1], 1),
    )


def _points(shape: str, mark: Mapping[str, Any]) -> list[tuple[float, float]]:
    if shape == "line":
        return [(mark["x1"], mark["y1"]), (mark["x2"], mark["y2"])]
    if shape == "rectangle":
        x, y, width, height = mark["x"], mark["y"], mark["width"], mark["height"]
        return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    if shape == "rotated_rectangle":
        return corners(mark)
    return [(x, y) for x, y in mark["points"]]


def _in_words(task: Task, said: Mapping[str, Any]) -> str:
    """Of a choice how many said what, most first."""
    if "text" in said:
        return str(said["text"]) or _("no text")
    if "value" in said:
        return task.said(said["value"]) or _("no number")
    labels = {choice.key: choice.label for choice in task.choices}
    given = sorted(said["votes"].items(), key=lambda each: -each[1])
    return " · ".join(f"{labels.get(key, key)}: {n}" for key, n in given) or _("no answer")
