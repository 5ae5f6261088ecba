"""From a classification's answers to the texts that are put together. Pure."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from projects.tasks.definition import WorkflowDefinition
from projects.tasks.text import TextTask


class Written(NamedTuple):
    """One task of kind text: its name, what was written with one letter for all that are the same ("": asked, but left
    empty), and what stands for unreadable."""

    path: str
    text: str
    unclear: str


def written(definition: WorkflowDefinition, annotations: list[dict[str, Any]]) -> Iterator[Written]:
    """All tasks of kind text that the classification came to, in the order of its way through the tasks."""
    for annotation in annotations:
        task = definition.tasks[annotation["task"]]
        if isinstance(task, TextTask):
            yield Written(annotation["task"], task.read_alike(annotation["value"]), task.unclear)
