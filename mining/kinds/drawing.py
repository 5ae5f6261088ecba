"""drawing: marks of each tool grouped into things, with how many drew them and how likely they are real.

Online from the subject's own marks; a run learns scatter and rates of all subjects together. Both by one function, so
that a run over one subject says what the online state says.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from mining.kinds.found import Found
from mining.kinds.text import letters, read_together
from mining.science.confusion import Array
from mining.science.consensus.marks import Group, MarkCrowd, Picture
from mining.science.consensus.outlines import features, mean
from mining.science.uncertainty import bits_of_yes
from mining.sheet import Sheet
from projects.tasks import shapes
from projects.tasks.base import Task
from projects.tasks.drawing import LIKELY, DrawingTask, Tool
from projects.tasks.text import TextTask

MOST_KEPT = 300
"""Things of a subject that are kept, the likeliest first."""


class Drawn(NamedTuple):
    """A mark and who drew it, counted from 0 in the order of the sheet."""

    person: int
    mark: dict[str, Any]


def online(sheet: Sheet, task: DrawingTask) -> Found:
    """value: {"asked": how many looked, "counts": {tool: things that are likelier real than not}, "scatter": {tool:
    pixels}, "left_out": things that were too many to keep, "marks": [{"tool", "p": the chance that it is real, "drew":
    how many did, "error": standard error of its place in pixels, "mark": the mean shape, "details": what the answers
    to each question come to}]}."""
    return batch({0: (sheet, task)}).get(0, Found(None, 0.0, 0.0))


def batch(sheets: Mapping[int, tuple[Sheet, DrawingTask]]) -> dict[int, Found]:
    """value as online; of each subject of which somebody has drawn something."""
    drawn = {subject: some for subject, pair in sheets.items() if (some := _drawn(*pair))}
    things: dict[int, list[dict[str, Any]]] = {subject: [] for subject in drawn}
    scatter: dict[int, dict[str, float]] = {subject: {} for subject in drawn}
    for key, shape in sorted({(t.key, t.shape) for subject in drawn for t in sheets[subject][1].tools}):
        of_tool = {
            subject: some
            for subject, all_ in drawn.items()
            if sheets[subject][1].shape_of(key) == shape
            and (some := [each for each in all_ if each.mark["tool"] == key])
        }
        pictures = [_picture(shape, some, sheets[subject][0].asked) for subject, some in of_tool.items()]
        marked = MarkCrowd().fit(pictures)
        for (subject, some), groups in zip(of_tool.items(), marked.groups, strict=True):
            tool = sheets[subject][1].tool(key)
            if tool is not None:
                scatter[subject][key] = round(marked.scatter, 4)
                things[subject] += [
                    _thing(tool, group, [some[row].mark for row in group.marks]) for group in groups
                ]
    return {subject: _found(*sheets[subject], things[subject], scatter[subject]) for subject in drawn}


def _found(sheet: Sheet, task: DrawingTask, things: list[dict[str, Any]], scatter: dict[str, float]) -> Found:
    things.sort(key=lambda thing: (-thing["p"], -thing["drew"]))
    counts = {tool.key: sum(t["tool"] == tool.key and t["p"] > LIKELY for t in things) for tool in task.tools}
    value = {
        "asked": sheet.asked,
        "counts": counts,
        "scatter": scatter,
        "left_out": max(0, len(things) - MOST_KEPT),
        "marks": things[:MOST_KEPT],
    }
    return Found(value, bits_of_yes([thing["drew"] for thing in things], sheet.asked), float(sheet.asked))


def _drawn(sheet: Sheet, task: DrawingTask) -> list[Drawn]:
    """What an earlier version asked for, with other tools or shapes or when the task was of another kind, is left
    out."""
    found = []
    for person, text in enumerate(sheet.texts):
        for mark in _marks(text):
            tool = task.tool(str(mark.get("tool")))
            if tool is None or not all(name in mark for name in shapes.names(tool.shape)):
                continue
            if len(mark.get("details", ())) == len(tool.details):
                found.append(Drawn(person, mark))
    return found


def _marks(text: str) -> list[dict[str, Any]]:
    try:
        marks = json.loads(text)
    except ValueError:
        return []
    return [mark for mark in marks if isinstance(mark, dict)] if isinstance(marks, list) else []


def _numbers(shape: str, mark: Mapping[str, Any]) -> Array:
    """In the form of mining/science/consensus/outlines.py."""
    names = shapes.names(shape)
    given = mark["points"] if names == ("points",) else [mark[name] for name in names]
    return np.array(given, dtype=np.float64)


def _picture(shape: str, drawn: Sequence[Drawn], asked: int) -> Picture:
    places = features(shape, [_numbers(shape, each.mark) for each in drawn])
    return Picture(places, np.array([each.person for each in drawn], dtype=np.int32), asked)


def _thing(tool: Tool, group: Group, marks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    shape = mean(tool.shape, [_numbers(tool.shape, mark) for mark in marks])
    names = shapes.names(tool.shape)
    if names == ("points",):
        rounded: dict[str, Any] = {"points": [[round(x, 2), round(y, 2)] for x, y in shape.tolist()]}
    else:
        rounded = {name: round(number, 2) for name, number in zip(names, shape.tolist(), strict=True)}
    return {
        "tool": tool.key,
        "p": round(group.p, 4),
        "drew": len(marks),
        "error": round(group.error, 2),
        "mark": rounded,
        "details": [
            _together(task, [mark["details"][at] for mark in marks]) for at, task in enumerate(tool.details)
        ],
    }


def _together(task: Task, values: Sequence[Any]) -> dict[str, Any]:
    """Of a question about a mark: {"votes": {key: n}}, {"value": the median} or {"text", "letters": [[letter,
    share]]}, letter by letter."""
    if isinstance(task, TextTask):
        texts = [task.one_of_each(value) for value in values if isinstance(value, str) and value]
        found = read_together(texts, task)
        return {"text": found.text, "letters": letters(found)}
    if not task.choices:
        numbers = [value for value in values if isinstance(value, (int, float))]
        return {"value": median(numbers) if numbers else None}
    chosen = Counter(key for value in values for key in (value if isinstance(value, list) else [value]))
    return {"votes": {key: chosen[key] for key in task.keys if chosen[key]}}
