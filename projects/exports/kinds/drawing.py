"""drawing: how many things the marks of each tool come to; in a raw row each mark in the reference platform's form.

Their names of the numbers: x, y for the middle of circles and ellipses; of a turned rectangle x, y is the corner that
it would have at angle 0. The consensus marks themselves are a table of their own: projects/exports/marks.py.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from projects.exports import finding
from projects.exports.columns import Column
from projects.exports.finding import UNLESS, Row
from projects.exports.kinds import multiple, number, single, text
from projects.exports.part import EMPTY, Part, geometry_of
from projects.tasks.base import Task
from projects.tasks.drawing import DrawingTask, Tool, drew, middle, spread

FLAT: dict[str, Any] = {
    "single": single.flat,
    "multiple": multiple.flat,
    "text": text.flat,
    "number": number.flat,
}
"""Of the kinds that may be asked of a mark."""


def columns(name: str, task: DrawingTask) -> Iterator[Column[Row]]:
    for tool in task.tools:
        yield Column(
            f"{name}_{tool.key}_count",
            f"{task.question} Things marked with {tool.label} that are likelier real than not{UNLESS} or before mining",
            finding.of_value(name, "counts", partial(_count, tool.key)),
            type="int",
            ucd="meta.number",
        )
        yield Column(
            f"{name}_{tool.key}_median",
            f"Median of how many a volunteer marked with {tool.label}{UNLESS}",
            partial(_median, task, name, tool.key),
            type="float",
            ucd="stat.median",
        )
        yield Column(
            f"{name}_{tool.key}_drew",
            f"Volunteers who marked any with {tool.label}{UNLESS}",
            partial(_drew, task, name, tool.key),
            type="int",
            ucd="meta.number",
        )
    yield Column(
        f"{name}_dispersion",
        "Disagreement: mean over the marks of the bits of whether a volunteer marked that thing, 0 all did, 1 half did",
        finding.of(name, "dispersion"),
        type="float",
    )
    yield finding.asked(name)


def annotation(task: DrawingTask, value: list[dict[str, Any]]) -> dict[str, Any]:
    places = {tool.key: (at, tool) for at, tool in enumerate(task.tools)}
    return {"value": [_mark(*places[mark["tool"]], mark) for mark in value]}


def flat(task: DrawingTask, value: list[dict[str, Any]]) -> Iterator[Part]:
    """Each mark, behind it what was asked of it."""
    if not value:
        yield EMPTY
    tools = {tool.key: tool for tool in task.tools}
    for place, mark in enumerate(value, 1):
        tool = tools[mark["tool"]]
        here = Part(mark=place, tool=tool.key, tool_label=tool.label, shape=tool.shape, frame=mark["frame"])
        yield here._replace(geometry=geometry_of(mark))
        for at, (asked, answer) in enumerate(zip(tool.details, mark["details"], strict=True), 1):
            for part in FLAT[asked.kind](asked, answer):
                yield here._replace(
                    question=asked.question,
                    kind=asked.kind,
                    detail=at,
                    key=part.key,
                    label=part.label,
                    text=part.text,
                    number=part.number,
                )


def _mark(at: int, tool: Tool, mark: dict[str, Any]) -> dict[str, Any]:
    details = [detail_of(task, answer) for task, answer in zip(tool.details, mark["details"], strict=True)]
    common = {"tool": at, "tool_label": tool.label, "frame": mark["frame"]}
    return (
        common | platform_form(tool.shape, mark) | {"details": details, "key": tool.key, "shape": tool.shape}
    )


def platform_form(shape: str, mark: dict[str, Any]) -> dict[str, Any]:
    """The numbers of a mark by the reference platform's names."""
    if "points" in mark:
        return {"points": [{"x": x, "y": y} for x, y in mark["points"]], "closed": shape != "segmented_line"}
    found = {key: value for key, value in mark.items() if key not in ("tool", "frame", "details")}
    if "x_center" not in found:
        return found
    x, y = found.pop("x_center"), found.pop("y_center")
    if shape == "rotated_rectangle":
        x, y = round(x - found["width"] / 2, 3), round(y - found["height"] / 2, 3)
    return {"x": x, "y": y} | found


def detail_of(task: Task, answer: Any) -> dict[str, Any]:
    """Of a choice its place in the list of answers, as the reference platform has it."""
    told: dict[str, Any] = {"value": answer, "kind": task.kind, "task_label": task.question}
    if not task.choices:
        return told
    labels = {choice.key: choice.label for choice in task.choices}
    if isinstance(answer, list):
        return told | {
            "value": [task.keys.index(key) for key in answer],
            "key": answer,
            "label": [labels[key] for key in answer],
        }
    if answer is None:
        return told
    return told | {"value": task.keys.index(answer), "key": answer, "label": labels[answer]}


def _count(key: str, counts: dict[str, int]) -> int | None:
    return counts.get(key)


def _median(task: DrawingTask, name: str, key: str, row: Row) -> float | None:
    return middle(_spread(task, row, name, key))


def _drew(task: DrawingTask, name: str, key: str, row: Row) -> int | None:
    if name not in row.usual:
        return None
    return drew(_spread(task, row, name, key))


def _spread(task: DrawingTask, row: Row, name: str, key: str) -> dict[int, int]:
    return spread(task, row.usual[name].votes)[key] if name in row.usual else {}
