"""Decision trees: which tasks a subject reaches, and the path that leads.

Reads a workflow definition: {"first_task": key, "tasks": {key: task}} where a task of kind single or dropdown has
answers with a `next` each (a task key, or None for the end), and any other kind has one `next`. Where an answer has
no `next` of its own, as the key `none` of a task left empty, the task's counts.

The chance to reach a task is the sum over its parents of (chance to reach the parent) * (probability of the
answers that lead on), with each task's probabilities taken as independent of the path that led to it. A task
without probabilities (nobody was asked) passes nothing on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

ONE = ("single", "comparison", "dropdown")  # kinds that are answered by one key, which may lead on
ASKED = 0.5  # a task counts as asked of a subject when at least this share of its classifications came to it

Definition = Mapping[str, Any]
Probabilities = Mapping[str, Mapping[str, float]]


def next_task(task: Mapping[str, Any], value: object) -> str | None:
    """The task that follows an answer: the chosen answer's `next`, else the task's own, else None (the end)."""
    own: str | None = task.get("next")
    if task["kind"] not in ONE:
        return own
    for answer in task["answers"]:
        if answer["key"] == value:
            following: str | None = answer.get("next", own)
            return following
    return own


def ordered_tasks(definition: Definition) -> list[str]:
    """Every task that can be reached, parents before children. ValueError for a cycle or an unknown task."""
    order: list[str] = []
    state: dict[str, str] = {}

    def visit(task: str, parent: str | None) -> None:
        if task not in definition["tasks"]:
            raise ValueError(f"task {parent!r} leads to {task!r}, which does not exist")
        if state.get(task) == "open":
            raise ValueError(f"the tree comes back to task {task!r}")
        if task in state:
            return
        state[task] = "open"
        for _, following in _branches(definition["tasks"][task]):
            if following is not None:
                visit(following, task)
        state[task] = "done"
        order.append(task)

    visit(definition["first_task"], None)
    return order[::-1]


def reach(definition: Definition, probabilities: Probabilities) -> dict[str, float]:
    """Chance to come to each task, from probabilities {task: {key: p}}; for other kinds than ONE p is not used."""
    order = ordered_tasks(definition)
    chance = dict.fromkeys(order, 0.0)
    chance[definition["first_task"]] = 1.0
    for task in order:
        body = definition["tasks"][task]
        if task not in probabilities:
            continue
        if body["kind"] not in ONE:
            following = next_task(body, None)
            if following is not None:
                chance[following] += chance[task]
            continue
        for key, p in probabilities[task].items():
            following = next_task(body, key)
            if following is not None:
                chance[following] += chance[task] * p
    return {task: min(value, 1.0) for task, value in chance.items()}


def leading_path(definition: Definition, probabilities: Probabilities) -> list[tuple[str, str]]:
    """(task, leading key) from the first task on, following the leading answers until the end or a task
    without probabilities. Of equal answers the one named first in the definition leads. For other kinds
    than ONE the keys with p above 1/2 are joined by "+", and "none" stands for no key."""
    ordered_tasks(definition)
    path: list[tuple[str, str]] = []
    task: str | None = definition["first_task"]
    while task is not None and probabilities.get(task):
        body, p = definition["tasks"][task], probabilities[task]
        keys = [answer["key"] for answer in body.get("answers", ())]
        keys += [key for key in p if key not in keys]
        if body["kind"] in ONE:
            leading = max(keys, key=lambda key: p.get(key, 0.0))
        else:
            leading = "+".join(key for key in keys if p.get(key, 0.0) > 0.5) or "none"
        path.append((task, leading))
        task = next_task(body, leading)
    return path


def asked_of_half(asked: Mapping[str, int], classifications: int) -> set[str]:
    """Tasks that came to at least half of a subject's counted classifications; `asked` counts them by task."""
    return {task for task, n in asked.items() if classifications > 0 and n >= ASKED * classifications}


def _branches(task: Mapping[str, Any]) -> Iterator[tuple[str | None, str | None]]:
    if task["kind"] in ONE:
        for answer in task["answers"]:
            yield answer["key"], next_task(task, answer["key"])
    yield None, task.get("next")
