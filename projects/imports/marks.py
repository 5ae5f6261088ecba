"""Marks as exports write them, read into ours. Pure.

The reference platform numbers its tools and does not say what shape they have: that is told from the numbers of a
mark. What it asked about a mark is not in the file, only what was answered, so a drawing with such answers is taken
only from our own exports, which say it; else it is kept as it is (raw).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from projects.imports.keys import KEY_PATTERN
from projects.tasks import shapes
from projects.tasks.drawing import DETAILS, MOST_DETAILS, MOST_MARKS, MOST_POINTS, MOST_TOOLS

SMALLEST = 0.01
"""What a size of 0 becomes: somebody clicked and did not draw."""

MOST_DETAIL_CHOICES = 60


class MarkRead(NamedTuple):
    """key: of the tool, "" where the file has only its label. place: among the tools."""

    key: str
    label: str
    place: int
    shape: str
    geometry: dict[str, Any]
    details: list[dict[str, Any]]


@dataclass
class DetailSeen:
    """A question about a mark. choices: key to text."""

    kind: str
    question: str
    choices: dict[str, str] = field(default_factory=dict)
    least: float = 0.0
    most: float = 1.0

    def take(self, given: Mapping[str, Any]) -> None:
        value = given["value"]
        if self.kind in ("single", "multiple"):
            self.choices |= _choices(given)
        elif self.kind == "number" and value is not None:
            self.least, self.most = min(self.least, value), max(self.most, value)

    def body(self) -> dict[str, Any]:
        told: dict[str, Any] = {"kind": self.kind, "question": self.question[:300], "required": False}
        if self.kind in ("single", "multiple"):
            answers = self.choices or {"yes": "yes"}  # nobody answered it
            told["answers"] = [{"key": key, "label": label} for key, label in answers.items()]
        elif self.kind == "number":
            told |= {"min": self.least, "max": self.most}
        elif self.kind == "text":
            told |= {"max_length": 10_000, "lines": 40}
        return told


@dataclass
class ToolSeen:
    label: str
    shape: str
    place: int
    details: list[DetailSeen] = field(default_factory=list)


Name = tuple[bool, str]
"""(True, our own key), where the file has it; else (False, the label)."""


@dataclass
class ToolsSeen:
    """The tools of one task. odd: they don't go together (one of two shapes, or asked about in two ways)."""

    tools: dict[Name, ToolSeen] = field(default_factory=dict)
    odd: bool = False

    def take(self, marks: list[MarkRead]) -> None:
        for mark in marks:
            details = [DetailSeen(each["kind"], each["task_label"]) for each in mark.details]
            tool = self.tools.setdefault(name_of(mark), ToolSeen(mark.label, mark.shape, mark.place, details))
            alike = [each.kind for each in tool.details] == [each.kind for each in details]
            if tool.shape != mark.shape or not alike or len(self.tools) > MOST_TOOLS:
                self.odd = True
                return
            for seen, given in zip(tool.details, mark.details, strict=True):
                seen.take(given)
                self.odd = self.odd or len(seen.choices) > MOST_DETAIL_CHOICES

    def join(self, other: "ToolsSeen") -> "ToolsSeen":
        found = ToolsSeen(odd=self.odd or other.odd)
        for part in (self, other):
            for name, tool in part.tools.items():
                mine = found.tools.setdefault(name, ToolSeen(tool.label, tool.shape, tool.place))
                if not mine.details:
                    mine.details = [DetailSeen(each.kind, each.question) for each in tool.details]
                if mine.shape != tool.shape or [e.kind for e in mine.details] != [
                    e.kind for e in tool.details
                ]:
                    found.odd = True
                    continue
                for into, each in zip(mine.details, tool.details, strict=True):
                    into.choices = {**each.choices, **into.choices}
                    into.least, into.most = min(into.least, each.least), max(into.most, each.most)
        return found


def name_of(mark: MarkRead) -> Name:
    return (True, mark.key) if mark.key else (False, mark.label)


def read_marks(value: Any) -> list[MarkRead] | None:
    """None where the value is no list of marks that a drawing here may have; [] is none either way."""
    if not isinstance(value, list) or not value or len(value) > MOST_MARKS:
        return None
    found = []
    for given in value:
        mark = _mark(given) if isinstance(given, dict) else None
        if mark is None:
            return None
        found.append(mark)
    points = sum(len(mark.geometry.get("points", ())) for mark in found)
    return found if points <= MOST_POINTS else None


def _mark(given: dict[str, Any]) -> MarkRead | None:
    place = given.get("tool", given.get("toolIndex"))
    if isinstance(place, bool) or not isinstance(place, int) or given.get("frame", 0) != 0:
        return None
    own = given.get("key")
    key = own if isinstance(own, str) and KEY_PATTERN.fullmatch(own) else ""
    label = given.get("tool_label") or f"Tool {place}"
    shape = given.get("shape") or _shape(given)
    details = given.get("details", [])
    if (
        not isinstance(label, str)
        or len(label) > 200
        or shape not in shapes.SHAPES
        or not are_details(details)
    ):
        return None
    geometry = _geometry(shape, given)
    return MarkRead(key, label, place, shape, geometry, details) if geometry else None


def are_details(details: Any) -> bool:
    """Whether they are answers to questions about a part of an answer, as our own exports write them."""
    return isinstance(details, list) and len(details) <= MOST_DETAILS and all(map(_is_detail, details))


def _is_detail(given: Any) -> bool:
    if not isinstance(given, dict) or given.get("kind") not in DETAILS or "value" not in given:
        return False
    value = given["value"]
    if not isinstance(given.get("task_label"), str) or not given["task_label"].strip():
        return False
    if given["kind"] == "text":
        return isinstance(value, str)
    if given["kind"] == "number":
        return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))
    return value in (None, []) or bool(_choices(given))


def _choices(given: Mapping[str, Any]) -> dict[str, str]:
    """Key to text of what was chosen."""
    keys, labels = given.get("key", []), given.get("label", [])
    if not isinstance(keys, list):
        keys, labels = [keys], [labels]
    if not isinstance(labels, list) or len(keys) != len(labels):
        return {}
    if not all(isinstance(key, str) and KEY_PATTERN.fullmatch(key) for key in keys):
        return {}
    if not all(isinstance(label, str) and 0 < len(label) <= 200 for label in labels):
        return {}
    return dict(zip(keys, labels, strict=True))


def _shape(given: Mapping[str, Any]) -> str:
    """By the names of its numbers; "" where no shape of ours has them."""
    if isinstance(given.get("points"), list):
        return "polygon" if given.get("closed", True) else "segmented_line"
    for shape, names in (
        ("line", {"x1", "y1", "x2", "y2"}),
        ("ellipse", {"rx", "ry"}),
        ("rotated_rectangle", {"width", "height", "angle"}),
        ("rectangle", {"width", "height"}),
        ("circle", {"r"}),
    ):
        if names <= given.keys():
            return shape
    return "point" if {"x", "y"} <= given.keys() and not {"width", "radius"} & given.keys() else ""


def _geometry(shape: str, given: Mapping[str, Any]) -> dict[str, Any] | None:
    if shape in shapes.FEWEST_POINTS:
        return _points(shape, given["points"]) if isinstance(given.get("points"), list) else None
    numbers = {name: given.get(name) for name in _names(shape, given)}
    try:
        found = {name: shapes.number(name, value) for name, value in numbers.items()}
    except ValueError:
        return None
    if shape == "rectangle":
        for corner, size in (("x", "width"), ("y", "height")):
            if found[size] < 0:
                found[corner], found[size] = shapes.plain(round(found[corner] + found[size], 2)), -found[size]
    for name in shapes.SIZES & found.keys():
        found[name] = max(abs(found[name]), SMALLEST)
    if "angle" in found:
        found["angle"] = shapes.plain(round(found["angle"] % 180, 2) % 180)
    if shape == "rotated_rectangle" and "x_center" not in given:
        found["x"] = shapes.plain(round(given["x"] + found["width"] / 2, 2))
        found["y"] = shapes.plain(round(given["y"] + found["height"] / 2, 2))
    return dict(zip(shapes.FIELDS[shape], found.values(), strict=True))


def _names(shape: str, given: Mapping[str, Any]) -> list[str]:
    """Of the numbers in the file, in the order of ours."""
    if "x_center" in given:
        return list(shapes.FIELDS[shape])
    return [name.removesuffix("_center") for name in shapes.FIELDS[shape]]


def _points(shape: str, given: list[Any]) -> dict[str, Any] | None:
    if not shapes.FEWEST_POINTS[shape] <= len(given) <= shapes.MOST_POINTS:
        return None
    try:
        return {"points": [[shapes.number(axis, each[axis]) for axis in "xy"] for each in given]}
    except (ValueError, KeyError, TypeError):
        return None
