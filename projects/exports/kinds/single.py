"""single: the leading answer; in a raw row its text and its key."""

from typing import Any

from projects.exports.kinds.chosen import columns
from projects.tasks.single import SingleTask

__all__ = ["annotation", "columns"]


def annotation(task: SingleTask, value: str | None) -> dict[str, Any]:
    return {"value": next((a.label for a in task.answers if a.key == value), None), "key": value}
