"""drawing: mark what is seen on the picture, with tools of several shapes; each mark may be asked about.

The value is the list of marks in the order drawn; [] is an empty answer. A mark is {"tool": key, "frame": 0, the
shape's numbers (projects/tasks/shapes.py), "details": [a value for each of the tool's questions]}. Marks of many are
put together by mining/kinds/drawing.py.
"""

import json
import re
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializeAsAny,
    ValidationError,
    field_validator,
    model_validator,
)

from projects.tasks import matching, shapes
from projects.tasks.base import KEY, NONE, Task, VoteRows
from projects.tasks.multiple import MultipleTask
from projects.tasks.number import NumberTask
from projects.tasks.shapes import Shape
from projects.tasks.single import SingleTask
from projects.tasks.text import TextTask

DRAWING = "drawing"

MOST_MARKS = 200
"""Of one answer."""

MOST_POINTS = 5000
"""Of all marks of one answer together."""

MOST_TOOLS = 20
MOST_DETAILS = 10

PALETTE = {
    "orange": "#e69f00",
    "sky": "#56b4e9",
    "green": "#009e73",
    "yellow": "#f0e442",
    "blue": "#0072b2",
    "vermilion": "#d55e00",
    "purple": "#cc79a7",
}
"""Okabe and Ito's colours, which are told apart with any colour vision."""

DETAILS: dict[str, type[Task]] = {
    "single": SingleTask,
    "multiple": MultipleTask,
    "text": TextTask,
    "number": NumberTask,
}
"""The kinds of task that may be asked of a mark."""

HALF = 0.5
LIKELY = 0.5
"""A thing that several marks come to counts from this chance of being real on."""

COUNT = "{tool}={n}"
"""The key of a vote: so many marks with this tool."""


class Tool(BaseModel):
    """What one draws with. min, max: how many marks of it an answer has, where it has any mark at all. tolerance: how
    far from the truth a point or a line is still right, in pixels."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(pattern=KEY)
    label: str = Field(min_length=1, max_length=200)
    shape: Shape
    color: str
    min: int = Field(0, ge=0, le=MOST_MARKS)
    max: int = Field(MOST_MARKS, ge=1, le=MOST_MARKS)
    tolerance: float = Field(10.0, gt=0, allow_inf_nan=False)
    details: list[SerializeAsAny[Task]] = Field([], max_length=MOST_DETAILS)

    @field_validator("color")
    @classmethod
    def _a_color(cls, value: str) -> str:
        if value not in PALETTE and not re.fullmatch("#[0-9a-f]{6}", value):
            raise ValueError(f"write one of {', '.join(PALETTE)}, or a colour such as #d55e00")
        return value

    @field_validator("details", mode="before")
    @classmethod
    def _by_kind(cls, value: Any) -> list[Task]:
        if not isinstance(value, list):
            raise ValueError("details are a list of tasks")
        return [_detail(at, each) for at, each in enumerate(value, 1)]

    @model_validator(mode="after")
    def _a_range(self) -> Self:
        if self.max < self.min:
            raise ValueError("max is less than min")
        return self


class DrawingTask(Task):
    kind: Literal["drawing"]
    tools: list[Tool] = Field(min_length=1, max_length=MOST_TOOLS)

    @model_validator(mode="after")
    def _distinct_keys(self) -> Self:
        keys = [tool.key for tool in self.tools]
        if len(set(keys)) < len(keys):
            raise ValueError("two tools have the same key")
        if NONE in keys:
            raise ValueError("the key 'none' is kept for an empty answer")
        if sum(tool.min for tool in self.tools) > MOST_MARKS:
            raise ValueError(f"the tools' min come to more than {MOST_MARKS} marks")
        return self

    @property
    def options(self) -> list[Tool]:
        return self.tools

    @property
    def answer_keys(self) -> list[str]:
        """What a condition may name: that nothing was drawn."""
        return [NONE]

    def as_drawing(self) -> "DrawingTask":
        return self

    def tool(self, key: str) -> Tool | None:
        return next((tool for tool in self.tools if tool.key == key), None)

    def shape_of(self, key: str) -> str:
        """Of a tool; "" where there is none of the key."""
        tool = self.tool(key)
        return tool.shape if tool else ""

    def ways(self) -> list[tuple[Any, ...]]:
        """With another shape or other questions a mark means something else."""
        return [
            (tool.key, self.next, tool.shape, *((each.kind, each.ways()) for each in tool.details))
            for tool in self.tools
        ]

    def validate_value(self, value: Any) -> list[dict[str, Any]]:
        if value is None:
            value = []
        if not isinstance(value, list):
            raise ValueError("give a list of marks")
        if len(value) > MOST_MARKS:
            raise ValueError(f"there are {len(value):,} marks, and {MOST_MARKS} are the most; take some out")
        marks = [self._mark(at, each) for at, each in enumerate(value, 1)]
        if sum(len(mark.get("points", ())) for mark in marks) > MOST_POINTS:
            raise ValueError(f"the marks have more than {MOST_POINTS:,} points in all; draw with fewer")
        if not marks:
            if self.required:
                raise ValueError("a mark is required; draw one")
            return []
        counts = self.counts(marks)
        for tool in self.tools:
            if counts[tool.key] < tool.min:
                raise ValueError(f"draw at least {tool.min} with {tool.label}, not {counts[tool.key]}")
            if counts[tool.key] > tool.max:
                raise ValueError(f"draw at most {tool.max} with {tool.label}, not {counts[tool.key]}")
        return marks

    def _mark(self, at: int, given: Any) -> dict[str, Any]:
        if not isinstance(given, dict):
            raise ValueError(f"mark {at} is no mark; draw it again")
        tool = self.tool(given["tool"]) if isinstance(given.get("tool"), str) else None
        if tool is None:
            raise ValueError(f"mark {at} has no tool of this task; draw it with {self._tools()}")
        name = f"mark {at} ({tool.label})"
        wanted = ["tool", "frame", *shapes.names(tool.shape), "details"]
        if set(given) != set(wanted):
            raise ValueError(f"{name} is to have exactly {', '.join(wanted)}")
        if isinstance(given["frame"], bool) or given["frame"] != 0:
            raise ValueError(f"{name} is on a frame that is not shown; draw it again")
        try:
            geometry = shapes.validate(tool.shape, given)
        except ValueError as error:
            raise ValueError(f"{name} {error}") from None
        return {"tool": tool.key, "frame": 0, **geometry, "details": _answers(name, tool, given["details"])}

    def _tools(self) -> str:
        return ", ".join(tool.key for tool in self.tools)

    def check_inside(self, value: Any, width: int | None, height: int | None) -> None:
        """Raises ValueError unless all marks lie in a picture of this size; nothing is known where that is None."""
        if width is None or height is None:
            return
        for at, mark in enumerate(value, 1):
            tool = self.tool(mark["tool"])
            if tool is None:
                continue
            try:
                shapes.check_inside(tool.shape, mark, width, height)
            except ValueError as error:
                raise ValueError(f"mark {at} ({tool.label}) {error}") from None

    def counts(self, value: Sequence[Mapping[str, Any]]) -> dict[str, int]:
        """Tool to how many marks."""
        return {tool.key: sum(mark["tool"] == tool.key for mark in value) for tool in self.tools}

    def votes(self, value: list[dict[str, Any]]) -> VoteRows:
        """One row a tool, whose key says how many marks; the row `none` when nothing was drawn."""
        if not value:
            return [(NONE, 1.0)]
        return [(COUNT.format(tool=key, n=n), 1.0) for key, n in self.counts(value).items()]

    def written(self, value: list[dict[str, Any]]) -> str:
        return json.dumps(value, separators=(",", ":")) if value else ""

    def told(self, value: dict[str, Any] | None, votes: Mapping[str, int]) -> dict[str, Any]:
        """Of each tool how many drew with it and the median number of marks, by the tallies alone: who looks sees the
        same whether mining has been there or not."""
        found = []
        for tool, of in spread(self, votes).items():
            label = next(each.label for each in self.tools if each.key == tool)
            found.append({"key": tool, "label": label, "drew": drew(of), "middle": middle(of)})
        return {"tools": found}

    def found(self, value: dict[str, Any] | None) -> str:
        return self._in_words(value.get("counts", {})) if value else ""

    def from_cell(self, text: str) -> Any:
        """Marks as JSON."""
        if not text:
            return []
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise ValueError(f"{text[:40]!r} is no list of marks as JSON") from None

    def said(self, value: Any) -> str:
        marks = [mark for mark in value if isinstance(mark, dict)] if isinstance(value, list) else []
        return self._in_words(self.counts([mark for mark in marks if "tool" in mark]))

    def score(self, value: Sequence[Mapping[str, Any]], truth: Sequence[Mapping[str, Any]]) -> float:
        """F1 of the marks found: twice those that are of one thing (projects/tasks/matching.py) over all of both; 1
        where both are empty. A mark that was asked about is worth half for its place, half for its answers."""
        if not value and not truth:
            return 1.0
        found = 0.0
        for tool in self.tools:
            ours, theirs = ([mark for mark in some if mark["tool"] == tool.key] for some in (value, truth))
            for a, b in matching.pairs(tool.shape, ours, theirs, tool.tolerance):
                found += _worth(tool, ours[a]["details"], theirs[b]["details"])
        return 2 * found / (len(value) + len(truth))

    def truth(self, values: Sequence[Any]) -> Any:
        """Of several experts' drawings the one that is most like the others; None where it is less than half like
        them."""
        if len(values) < 2:
            return values[0] if values else None
        like = [
            sum(self.score(other, value) for at, other in enumerate(values) if at != mine) / (len(values) - 1)
            for mine, value in enumerate(values)
        ]
        best = max(range(len(values)), key=lambda at: like[at])
        return values[best] if like[best] >= HALF else None

    def _in_words(self, counts: Mapping[str, int]) -> str:
        return " · ".join(f"{tool.label} × {n}" for tool in self.tools if (n := counts.get(tool.key, 0)))


def spread(task: DrawingTask, votes: Mapping[str, int]) -> dict[str, dict[int, int]]:
    """Tool to {number of marks: how many volunteers drew so many}, from tallies. Who drew nothing drew 0 of each."""
    found: dict[str, dict[int, int]] = {tool.key: {} for tool in task.tools}
    for key, times in votes.items():
        tool, _, n = key.rpartition("=")
        if tool in found and n.isdecimal():
            found[tool][int(n)] = found[tool].get(int(n), 0) + times
    if votes.get(NONE):
        for of in found.values():
            of[0] = of.get(0, 0) + votes[NONE]
    return found


def drew(of: Mapping[int, int]) -> int:
    """How many volunteers drew any, from a tool's spread."""
    return sum(times for n, times in of.items() if n)


def middle(of: Mapping[int, int]) -> int | float | None:
    """The median number of marks, from a tool's spread; None where nobody was asked."""
    numbers = [n for n, times in of.items() for _ in range(times)]
    return shapes.plain(median(numbers)) if numbers else None


def _worth(tool: Tool, ours: Sequence[Any], theirs: Sequence[Any]) -> float:
    if not tool.details:
        return 1.0
    right = [
        task.score(answer, known) for task, answer, known in zip(tool.details, ours, theirs, strict=True)
    ]
    return (1 + sum(right) / len(right)) / 2


def _detail(at: int, data: Any) -> Task:
    if isinstance(data, Task):
        return data
    model = DETAILS.get(str(data.get("kind"))) if isinstance(data, dict) else None
    if model is None:
        raise ValueError(f"question {at} of a mark has a kind that is none of {', '.join(DETAILS)}")
    try:
        task = model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join([f"question {at} of a mark", *(str(part) for part in first["loc"])])
        raise ValueError(f"{place}: {first['msg'].removeprefix('Value error, ')}") from None
    if task.next_tasks():
        raise ValueError(f"question {at} of a mark leads on: questions of a mark have no next")
    return task


def _answers(name: str, tool: Tool, given: Any) -> list[Any]:
    if not isinstance(given, list) or len(given) != len(tool.details):
        raise ValueError(f"{name} is to have {len(tool.details)} answers in details; answer its questions")
    found = []
    for task, value in zip(tool.details, given, strict=True):
        try:
            found.append(task.validate_value(value))
        except ValueError as error:
            raise ValueError(f"{name}, {task.question} {error}") from None
    return found
