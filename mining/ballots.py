"""From a classification's answers to the votes that are weighed. Pure.

A task of kind single or comparison is one question with its answers. A task of kind multiple is one question a choice
offered (`T7:ring`), with the answers no and yes: choices are weighed apart, as if they were independent. Who was asked
a multiple task and ticked nothing said no to each; who left a single task empty abstains. Whoever did not come to a
task has no vote on it. The choices of a survey are as those of a task of kind multiple. A task of kind text has no
ballots: see mining/written.py.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from projects.tasks.base import NONE
from projects.tasks.definition import WorkflowDefinition

NO, YES = "no", "yes"


class Ballot(NamedTuple):
    """One question: its path, the answers offered, and the one given (None: asked, but abstains)."""

    path: str
    keys: list[str]
    key: str | None


def path_of(task: str, choice: str | None = None) -> str:
    return task if choice is None else f"{task}:{choice}"


def task_of(path: str) -> str:
    """The task of a path: `T7` of `T7:ring`."""
    return path.partition(":")[0]


def choice_of(path: str) -> str | None:
    return path.partition(":")[2] or None


def paths_of(definition: WorkflowDefinition, task: str) -> list[str]:
    """The questions that a task stands for, in the order of the definition."""
    body = definition.tasks[task]
    return [task] if body.chooses_one else [path_of(task, key) for key in body.keys]


def answers_of(definition: WorkflowDefinition, path: str) -> list[str]:
    return definition.tasks[task_of(path)].keys if choice_of(path) is None else [NO, YES]


def ballots(definition: WorkflowDefinition, annotations: list[dict[str, Any]]) -> Iterator[Ballot]:
    """All questions that the classification came to, in the order of its way through the tasks."""
    for task, rows in definition.votes(annotations):
        body = definition.tasks[task]
        if not body.choices:
            continue
        chosen = {key for key, value in rows if value and key != NONE}
        if body.chooses_one:
            yield Ballot(task, body.keys, next(iter(chosen), None))
            continue
        for key in body.keys:
            yield Ballot(path_of(task, key), [NO, YES], YES if key in chosen else NO)
