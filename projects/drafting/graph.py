"""The ways between the tasks of a definition that may not be whole yet."""

from collections import deque
from dataclasses import dataclass
from typing import Any

from projects.drafting import Definition

LEADING = ("single", "comparison", "dropdown")
"""Kinds whose answers may each lead to a task of their own."""


@dataclass(frozen=True)
class Way:
    """From one task to another. labels: the answers that take it; none where all do. to: None ends the work."""

    source: str
    to: str | None
    labels: tuple[str, ...] = ()


def ways(name: str, task: dict[str, Any]) -> list[Way]:
    """What may really follow: a task that must be answered, and whose answers all lead on by themselves, has no way of
    its own."""
    answers = task.get("answers", []) if task["kind"] in LEADING else []
    if not any("next" in answer for answer in answers):
        return [Way(name, task.get("next"))]
    found: dict[str | None, list[str]] = {}
    for answer in answers:
        found.setdefault(answer.get("next", task.get("next")), []).append(answer["label"])
    if not task.get("required", True):
        found.setdefault(task.get("next"), []).append("–")
    return [Way(name, to, tuple(labels)) for to, labels in found.items()]


def all_ways(definition: Definition) -> list[Way]:
    return [way for name, task in definition["tasks"].items() for way in ways(name, task)]


def in_order(definition: Definition) -> list[str]:
    """Tasks as volunteers meet them, breadth first; then those to which nothing leads, by number."""
    tasks = definition["tasks"]
    found: list[str] = []
    ahead = deque([definition["first_task"]] if definition["first_task"] in tasks else [])
    while ahead:
        name = ahead.popleft()
        if name in found:
            continue
        found.append(name)
        ahead.extend(way.to for way in ways(name, tasks[name]) if way.to in tasks)
    return found + sorted(set(tasks) - set(found), key=lambda name: (len(name), name))


def unreachable(definition: Definition) -> list[str]:
    tasks = definition["tasks"]
    reached: set[str] = set()
    ahead = [definition["first_task"]]
    while ahead:
        name = ahead.pop()
        if name in reached or name not in tasks:
            continue
        reached.add(name)
        ahead.extend(way.to for way in ways(name, tasks[name]) if way.to)
    return [name for name in in_order(definition) if name not in reached]


def circle(definition: Definition) -> list[str]:
    """The tasks of one that goes in a circle, its first at both ends; empty where none does."""
    tasks = definition["tasks"]
    done: set[str] = set()

    def walk(name: str, above: list[str]) -> list[str]:
        if name in above:
            return [*above[above.index(name) :], name]
        if name in done or name not in tasks:
            return []
        for way in ways(name, tasks[name]):
            if way.to and (found := walk(way.to, [*above, name])):
                return found
        done.add(name)
        return []

    return next((found for name in in_order(definition) if (found := walk(name, []))), [])
