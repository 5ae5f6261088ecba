"""single: the leading answer; in a raw row its text and its key."""

from collections.abc import Iterator
from typing import Any

from projects.exports.kinds.chosen import columns
from projects.exports.part import EMPTY, Part
from projects.tasks.single import SingleTask

__all__ = ["annotation", "columns", "flat"]


def annotation(task: SingleTask, value: str | None) -> dict[str, Any]:
    return {"value": next((a.label for a in task.answers if a.key == value), None), "key": value}


def flat(task: SingleTask, value: str | None) -> Iterator[Part]:
    yield EMPTY if value is None else Part(key=value, label=task.said(value))
