"""multiple: the leading set of choices; in a raw row their texts and their keys."""

from collections.abc import Iterator
from typing import Any

from projects.exports.columns import Column
from projects.exports.finding import Row
from projects.exports.kinds import chosen
from projects.exports.part import EMPTY, Part
from projects.tasks.multiple import MultipleTask


def columns(name: str, task: MultipleTask) -> Iterator[Column[Row]]:
    return chosen.columns(name, task, " (of exactly this set of choices, each taken by itself)")


def annotation(task: MultipleTask, value: list[str]) -> dict[str, Any]:
    labels = {answer.key: answer.label for answer in task.answers}
    return {"value": [labels[key] for key in value], "key": value}


def flat(task: MultipleTask, value: list[str]) -> Iterator[Part]:
    yield Part(key="+".join(value), label=task.said(value)) if value else EMPTY
