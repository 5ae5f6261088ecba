"""The steps by which a draft is made. Each gives a new definition, or raises Invalid with what to do instead."""

from copy import deepcopy
from typing import Any

from django.utils.translation import gettext as _

from projects import conditions
from projects.drafting import Definition
from projects.drafting.graph import LEADING, all_ways, circle
from projects.exceptions import Invalid
from projects.tasks.definition import parse_task

MOST_TASKS = 100
ENOUGH = 10
"""Answers that finish a subject, until the team writes a rule."""


def begin() -> Definition:
    return {"first_task": "", "tasks": {}, "retirement": ["gte", ["votes"], ENOUGH]}


def add_task(definition: Definition, task: dict[str, Any], after: str = "") -> tuple[Definition, str]:
    """The task where it was asked for, and its name. after: a task; `TASK:answer`, to come after that answer alone;
    empty: before all others. What came there follows it."""
    if len(definition["tasks"]) >= MOST_TASKS:
        raise Invalid(_("A workflow has at most %(n)d questions.") % {"n": MOST_TASKS})
    found = deepcopy(definition)
    name = _free_name(found)
    new = _checked(name, task)
    if not after or not found["tasks"]:
        new["next"] = found["first_task"] or None
        found["first_task"] = name
    else:
        source, _colon, key = after.partition(":")
        place = _place(found, source, key)
        new["next"] = place.get("next", found["tasks"][source].get("next"))
        place["next"] = name
    found["tasks"][name] = new
    return found, name


def put_task(definition: Definition, name: str, task: dict[str, Any]) -> Definition:
    """Another text, other answers, other ways of a task that is there; another kind is another task."""
    stands = _task(definition, name)
    if task["kind"] != stands["kind"]:
        raise Invalid(_("The kind of a question stays: add a new one and remove this."))
    new = _checked(name, task)
    for to in {new.get("next"), *(answer.get("next") for answer in new.get("answers", []))} - {None}:
        if to not in definition["tasks"]:
            raise Invalid(_("The question %(name)s, to which this leads, was removed.") % {"name": to})
        if to == name:
            raise Invalid(_("A question can't follow itself."))
    found = deepcopy(definition)
    found["tasks"][name] = new
    if around := circle(found):
        raise Invalid(
            _("The questions would go in a circle, %(way)s: let one of them end it.")
            % {"way": " → ".join(around)}
        )
    return found


def remove_task(definition: Definition, name: str) -> Definition:
    """What led to it leads to what follows it."""
    task = _task(definition, name)
    if any(
        name == asked for _quantity, asked in conditions.quantities(definition["retirement"])
    ) or _is_first_of(definition["retirement"], name):
        raise Invalid(_("The rule for finishing asks for this question: change the rule first."))
    if any(other.get("depends_on") == name for other in definition["tasks"].values()):
        raise Invalid(_("A list's choices depend on this question: remove that list first."))
    found = deepcopy(definition)
    del found["tasks"][name]
    _lead(found, name, task.get("next"))
    if found["first_task"] == name:
        found["first_task"] = task.get("next") or min(
            found["tasks"], key=lambda key: (len(key), key), default=""
        )
    if together := [names for names in found.get("combinations", []) if name not in names]:
        found["combinations"] = together
    else:
        found.pop("combinations", None)
    return found


def ask_earlier(definition: Definition, name: str) -> Definition:
    """It changes its place with the one before it, where it is clear which that is."""
    task = _task(definition, name)
    before = {way.source for way in all_ways(definition) if way.to == name}
    if not before:
        raise Invalid(_("It is asked first."))
    other = before.pop()
    if before or _branches(task) or _branches(definition["tasks"][other]):
        raise Invalid(
            _("Several ways meet here: say at each answer which question follows, by changing the questions.")
        )
    found = deepcopy(definition)
    _lead(found, other, name)
    found["tasks"][other]["next"] = task.get("next")
    found["tasks"][name]["next"] = other
    if found["first_task"] == other:
        found["first_task"] = name
    return found


def ask_first(definition: Definition, name: str) -> Definition:
    """The work begins with it; how the questions follow each other stays."""
    _task(definition, name)
    return {**deepcopy(definition), "first_task": name}


def _checked(name: str, task: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = parse_task(name, task).model_dump(mode="json", exclude_unset=True)
    return found


def _task(definition: Definition, name: str) -> dict[str, Any]:
    try:
        task: dict[str, Any] = definition["tasks"][name]
    except KeyError:
        raise Invalid(_("The question %(name)s was removed.") % {"name": name}) from None
    return task


def _place(definition: Definition, source: str, key: str) -> dict[str, Any]:
    """The task, or its answer, whose `next` is meant."""
    task = _task(definition, source)
    if not key:
        return task
    if task["kind"] in LEADING:
        for answer in task["answers"]:
            if answer["key"] == key:
                found: dict[str, Any] = answer
                return found
    raise Invalid(_("The answer after which it should come was removed."))


def _free_name(definition: Definition) -> str:
    numbers = [int(name[1:]) for name in definition["tasks"] if name[:1] == "T" and name[1:].isdecimal()]
    return f"T{max(numbers, default=-1) + 1}"


def _branches(task: dict[str, Any]) -> bool:
    return task["kind"] in LEADING and any("next" in answer for answer in task["answers"])


def _lead(definition: Definition, old: str, new: str | None) -> None:
    """All that leads to `old`, to `new`."""
    for task in definition["tasks"].values():
        for place in (task, *task.get("answers", [])):
            if place.get("next") == old:
                place["next"] = new


def _is_first_of(condition: Any, name: str) -> bool:
    """Whether a condition `first` asks for the task."""
    if not isinstance(condition, list) or not condition:
        return False
    if condition[0] == "first":
        return bool(condition[1] == name)
    return any(_is_first_of(part, name) for part in condition[1:])
