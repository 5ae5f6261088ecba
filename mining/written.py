"""From a classification's answers to what is put together of many, such as texts and numbers. Pure."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from projects.tasks import Task
from projects.tasks.definition import WorkflowDefinition


class Written(NamedTuple):
    """One task whose answers are put together: its name, what was said as text ("": asked, but left empty), and the
    task as it stood in the version that was answered."""

    path: str
    text: str
    task: Task


def written(definition: WorkflowDefinition, annotations: list[dict[str, Any]]) -> Iterator[Written]:
    """All such tasks that the classification came to, in the order of its way through the tasks."""
    for annotation in annotations:
        task = definition.tasks[annotation["task"]]
        text = task.written(annotation["value"])
        if text is not None:
            yield Written(annotation["task"], text, task)
