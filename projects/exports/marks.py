"""The marks of a workflow: one row a thing that volunteers have drawn on a subject, of all its drawing tasks.

From the same numbers as the catalogue: those of the online state, or of the run that the team has published. Things
that few drew are there too, with their chance of being real.
"""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from projects.exports import catalogue
from projects.exports.columns import Column
from projects.exports.part import GEOMETRY
from projects.models import Workflow
from projects.services import get_version
from projects.tasks.drawing import LIKELY, DrawingTask, Tool


class Drawn(NamedTuple):
    """number: from 1 on, of the subject and task, the likeliest first."""

    row: catalogue.Row
    task: str
    tool: Tool
    number: int
    asked: int
    thing: dict[str, Any]


def draws(workflow: Workflow) -> bool:
    """Whether the published version asks for marks, so that there is such a table."""
    return workflow.published_id is not None and get_version(workflow.published_id).definition.draws


def rows(workflow: Workflow, *, team: bool) -> Iterator[Drawn]:
    """By subject id."""
    drawings = {name: task.as_drawing() for name, task in catalogue.all_tasks(workflow).items()}
    tasks = {name: task for name, task in drawings.items() if isinstance(task, DrawingTask)}
    for row in catalogue.rows(workflow, team=team):
        for name, task in tasks.items():
            found = row.usual.get(name)
            if found is None or not found.value or "marks" not in found.value:
                continue
            for number, thing in enumerate(found.value["marks"], 1):
                tool = task.tool(thing["tool"])
                if tool is not None:
                    yield Drawn(row, name, tool, number, found.value["asked"], thing)


def columns(workflow: Workflow, *, team: bool) -> list[Column[Drawn]]:
    return [
        Column(
            "subject_id",
            "The subject's number on this site, as in the catalogue",
            lambda d: d.row.subject_id,
            type="int",
            ucd="meta.id",
        ),
        Column("external_id", "The team's own name for it", lambda d: d.row.external_id, ucd="meta.id"),
        Column("task", "The question, as in the catalogue's columns", lambda d: d.task),
        Column(
            "number",
            "Of the things of the subject and question, the likeliest first",
            lambda d: d.number,
            type="int",
        ),
        Column("tool", "The key of the tool that it was drawn with", lambda d: d.tool.key),
        Column("label", "That tool in words", lambda d: d.tool.label),
        Column("shape", "What the tool draws", lambda d: d.tool.shape),
        Column("drew", "Volunteers who drew it", lambda d: d.thing["drew"], type="int", ucd="meta.number"),
        Column(
            "asked",
            "Volunteers who were asked, those who drew nothing too",
            lambda d: d.asked,
            type="int",
            ucd="meta.number",
        ),
        Column(
            "probability",
            "Chance that it is real, from how many drew it and how many draw what is real and what is not",
            lambda d: d.thing["p"],
            type="float",
            ucd="stat.probability",
        ),
        Column(
            "likely",
            "Whether that is over one half, so that it counts in the catalogue",
            lambda d: "yes" if d.thing["p"] > LIKELY else "no",
            values="yes: it counts; no: it does not",
        ),
        Column(
            "error_px",
            "Standard error of its place along x and along y: the scatter of the marks over the root of their number",
            lambda d: d.thing["error"],
            unit="pixels",
            type="float",
            ucd="stat.error",
        ),
        *[
            Column(
                f"{name}_px",
                f"{text}; empty where the shape has none",
                partial(_number, name),
                unit="pixels",
                type="float",
            )
            for name, text in GEOMETRY.items()
        ],
        Column(
            "angle_deg",
            "Of an ellipse or a turned rectangle, clockwise from the x axis, 0 to 180",
            partial(_number, "angle"),
            unit="degrees",
            type="float",
            ucd="pos.posAng",
        ),
        Column(
            "points_px",
            "JSON: of a polygon, an outline or a line of several pieces its points [x, y]",
            lambda d: json.dumps(d.thing["mark"]["points"]) if "points" in d.thing["mark"] else None,
            unit="pixels",
        ),
        Column(
            "text",
            "What was written of it, letter by letter: of a transcribed line, or where a text is asked; else empty",
            lambda d: next((each["text"] for each in d.thing["details"] if "text" in each), None),
        ),
        Column(
            "details",
            "JSON: for each question about it votes by key, the median value, or a text with the share of each letter",
            lambda d: json.dumps(d.thing["details"], ensure_ascii=False) if d.thing["details"] else None,
        ),
    ]


def _number(name: str, drawn: Drawn) -> float | None:
    value: float | None = drawn.thing["mark"].get(name)
    return value
