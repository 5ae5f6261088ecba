"""From an answer as the file has it to the annotation that is stored, by the version's definition. Pure."""

import unicodedata
from collections.abc import Callable
from typing import Any

from projects.imports.marks import read_marks
from projects.imports.parsed import Given
from projects.imports.picks import pick_of
from projects.imports.seen import identities
from projects.imports.sightings import read_sightings
from projects.imports.spans import read_spans
from projects.tasks.base import Task
from projects.tasks.definition import Annotation, WorkflowDefinition
from projects.tasks.highlighter import in_order, merged
from projects.tasks.number import plain
from projects.tasks.raw import RAW


def annotations(definition: WorkflowDefinition, given: list[Given]) -> list[Annotation]:
    """In the order of the file."""
    return [_annotation(definition.tasks[each.task], each) for each in given]


def _annotation(task: Task, given: Given) -> Annotation:
    if task.kind == RAW:
        rest = {"rest": given.rest} if given.rest else {}
        return {"task": given.task, "value": given.value, **rest}
    return {"task": given.task, "value": VALUES[task.kind](task, given)}


def _single(task: Task, given: Given) -> str | None:
    if given.value in (None, "", []):
        return None
    return next(iter(_keys(task, [given.value], [given.key])))


def _multiple(task: Task, given: Given) -> list[str]:
    keys = given.key if isinstance(given.key, list) else []
    chosen = _keys(task, given.value or [], keys)
    return [key for key in task.keys if key in chosen]


def _keys(task: Task, labels: list[str], keys: list[Any]) -> set[str]:
    by_label = {answer.label: answer.key for answer in reversed(task.choices)}
    return {text if has_key else by_label[text] for (has_key, text), _ in identities(labels, keys)}


def _text(_task: Task, given: Given) -> str:
    """In form NFC without blanks around it; control characters become blanks, as nobody could have meant them."""
    text = unicodedata.normalize("NFC", given.value or "").replace("\r\n", "\n").strip()
    return "".join(" " if sign != "\n" and unicodedata.category(sign) == "Cc" else sign for sign in text)


def _number(_task: Task, given: Given) -> float | None:
    return None if given.value in (None, "") else plain(given.value)


def _dropdown(task: Task, given: Given) -> str | None:
    pick = pick_of(given.value)
    if pick is None or not pick.label:
        return None
    by_label = {option.label: option.key for option in reversed(task.options)}
    ((has_key, text), _) = next(identities([pick.label], [pick.key]))
    return text if has_key else by_label[text]


def _drawing(task: Task, given: Given) -> list[dict[str, Any]]:
    by_label = {tool.label: tool.key for tool in reversed(task.options)}
    return [
        {
            "tool": mark.key or by_label[mark.label],
            "frame": 0,
            **mark.geometry,
            "details": [_detail(each) for each in mark.details],
        }
        for mark in read_marks(given.value) or []
    ]


def _detail(given: dict[str, Any]) -> Any:
    return given.get("key", given["value"]) if given["kind"] in ("single", "multiple") else given["value"]


def _tags(_task: Task, given: Given) -> list[str]:
    return given.value or []


def _highlighter(task: Task, given: Given) -> list[dict[str, Any]]:
    by_label = {label.label: label.key for label in reversed(task.options)}
    keys = [label.key for label in task.options]
    spans = [
        {
            "label": span.key or by_label[span.label],
            "start": span.start,
            "end": span.start + len(span.text),
            "text": span.text,
        }
        for span in read_spans(given.value) or []
    ]
    return in_order(merged(spans, keys), keys)


def _survey(task: Task, given: Given) -> list[dict[str, Any]]:
    """In the order of the definition."""
    by_label = {choice.label: choice.key for choice in reversed(task.choices)}
    found = {
        each.key or by_label[each.label]: {
            detail["question"]: said for detail in each.details if (said := _detail(detail)) not in (None, [])
        }
        for each in read_sightings(given.value) or []
    }
    return [{"choice": key, "answers": found[key]} for key in task.keys if key in found]


VALUES: dict[str, Callable[[Task, Given], Any]] = {
    "single": _single,
    "multiple": _multiple,
    "text": _text,
    "number": _number,
    "dropdown": _dropdown,
    "drawing": _drawing,
    "tags": _tags,
    "transcription": _drawing,
    "highlighter": _highlighter,
    "survey": _survey,
    "comparison": _single,
}
"""By the task's kind."""
