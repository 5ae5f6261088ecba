"""What leads: the answer of a task from its evidence, and the path through the tree. Pure.

Follows the leading answers like `mining.science.consensus.tree.leading_path`: of equal answers the one named first in
the definition leads; of a long list the first by
its key; of a task of several choices all above one half, joined by +, and `none` where there is none.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from projects.tasks import Task
from projects.tasks.base import NONE
from projects.tasks.definition import WorkflowDefinition

HALF = 0.5
ONE = ("single", "comparison", "dropdown")
"""Kinds of which one answer leads."""


@dataclass(frozen=True)
class Lead:
    """The leading answer; probability is None where mining has said nothing of the task."""

    label: str
    probability: float | None


def leading(
    kind: str,
    keys: Sequence[str],
    votes: Mapping[str, int],
    asked: int,
    probabilities: Mapping[str, float] | None,
) -> Lead | None:
    """By probability where mining has given one, else by votes; None where nobody was asked."""
    if not asked:
        return None
    shares = probabilities or {key: n / asked for key, n in votes.items()}
    known = [*keys, *sorted(key for key in shares if key not in keys)]
    if kind in ONE:
        label = max(known, key=lambda key: shares.get(key, 0.0))
        return Lead(label, shares[label] if probabilities else None)
    choices = [key for key in known if key != NONE]
    chosen = [key for key in choices if shares.get(key, 0.0) > HALF]
    label = "+".join(chosen) or NONE
    if not probabilities:
        return Lead(label, None)
    of_each = (shares.get(key, 0.0) if key in chosen else 1 - shares.get(key, 0.0) for key in choices)
    return Lead(label, math.prod(of_each))


def path(definition: WorkflowDefinition, leads: Mapping[str, Lead]) -> str:
    """Such as `T0.features>T1.no`: from the first task to the end, or to a task that nobody was asked."""
    steps: list[str] = []
    name: str | None = definition.first_task
    while name is not None and name in leads:
        label = leads[name].label
        steps.append(f"{name}.{label}")
        name = definition.tasks[name].next_task(None if label == NONE else label)
    return ">".join(steps)


def offered(task: Task) -> list[str]:
    """The keys that a vote of the task may carry."""
    return task.keys if task.required else [*task.keys, NONE]


def meanings(task: Any) -> str:
    """The keys with their texts, for the documentation of a column."""
    return "; ".join(f"{answer.key}: {answer.label}" for answer in task.choices)
