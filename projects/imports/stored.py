"""From an answer as the file has it to the annotation that is stored, by the version's definition. Pure."""

import unicodedata
from typing import Any

from projects.imports.parsed import Given
from projects.imports.seen import identities
from projects.tasks.base import Task
from projects.tasks.definition import Annotation, WorkflowDefinition
from projects.tasks.raw import RAW


def annotations(definition: WorkflowDefinition, given: list[Given]) -> list[Annotation]:
    """In the order of the file."""
    return [_annotation(definition.tasks[each.task], each) for each in given]


def _annotation(task: Task, given: Given) -> Annotation:
    if task.kind == RAW:
        rest = {"rest": given.rest} if given.rest else {}
        return {"task": given.task, "value": given.value, **rest}
    if task.kind == "text":
        return {"task": given.task, "value": _text(given.value)}
    if task.kind == "multiple":
        keys = given.key if isinstance(given.key, list) else []
        chosen = _keys(task, given.value or [], keys)
        return {"task": given.task, "value": [key for key in task.keys if key in chosen]}
    if given.value in (None, "", []):
        return {"task": given.task, "value": None}
    return {"task": given.task, "value": next(iter(_keys(task, [given.value], [given.key])))}


def _keys(task: Task, labels: list[str], keys: list[Any]) -> set[str]:
    by_label = {answer.label: answer.key for answer in reversed(task.choices)}
    return {text if has_key else by_label[text] for (has_key, text), _ in identities(labels, keys)}


def _text(value: Any) -> str:
    """In form NFC without blanks around it; control characters become blanks, as nobody could have meant them."""
    text = unicodedata.normalize("NFC", value or "").replace("\r\n", "\n").strip()
    return "".join(" " if sign != "\n" and unicodedata.category(sign) == "Cc" else sign for sign in text)
