"""Definitions put together from answers: what was chosen is what was offered, what followed is the way. Pure.

A definition of this kind is `inferred`: it says how to read the answers, not what volunteers were shown.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from projects.imports.keys import key_of
from projects.imports.kinds import Kind, Number, kinds
from projects.imports.marks import ToolsSeen
from projects.imports.seen import MOST_CHOICES, Identity, TaskSeen, VersionSeen
from projects.imports.sightings import SurveySeen
from projects.tasks.base import Answer, Task
from projects.tasks.comparison import COMPARISON, with_all
from projects.tasks.drawing import PALETTE
from projects.tasks.dropdown import MOST_OPTIONS
from projects.tasks.highlighter import HIGHLIGHTER, MOST_LABELS, MOST_SPANS
from projects.tasks.raw import RAW
from projects.tasks.survey import MOST_SURVEYED, SURVEY
from projects.tasks.tags import MOST_TAGS, TAGS
from projects.tasks.transcription import MOST_LINES, TRANSCRIPTION

NEVER = ["not", ["gte", ["votes"], 0]]
"""The retirement condition of what takes no answers."""

QUESTION = 300  # characters
NOT_SAID = "text"
"""The metadata whose words were marked, which no file names."""

MOST = {"dropdown": MOST_OPTIONS, HIGHLIGHTER: MOST_LABELS, SURVEY: MOST_SURVEYED}
"""Answers of a task, where they are not MOST_CHOICES."""

MOST_TASKS = 100


class TooManyTasks(ValueError):
    """More than MOST_TASKS in one version."""


@dataclass
class Known:
    """What the workflow's versions say of one task: its kind, and its answers as key to label."""

    kind: str
    answers: dict[str, str] = field(default_factory=dict)

    def take(self, task: Task) -> None:
        for answer in task.options:
            self.answers.setdefault(answer.key, answer.label)


def definitions(
    versions: Mapping[Number, VersionSeen], known: Mapping[str, Known]
) -> dict[Number, dict[str, Any]]:
    """A definition for each version of a workflow. Raises TooManyTasks.

    The answers of a task are those seen in any version of the file, and those of `known`, where the kind is the same:
    a rare answer that nobody chose in one version was offered there all the same.
    """
    of_task = kinds(versions, {task: each.kind for task, each in known.items()})
    answers: dict[tuple[str, Kind], list[Answer]] = {}
    for task, kind in {(task, kind): None for (_, task), kind in of_task.items()}:
        if kind in ("single", "multiple", "dropdown", HIGHLIGHTER, SURVEY, COMPARISON):
            alike = [versions[n].tasks[t] for (n, t), k in of_task.items() if (t, k) == (task, kind)]
            most = MOST.get(kind, MOST_CHOICES)
            answers[task, kind] = _answers(alike, known.get(task), most)
    return {
        number: _definition(
            seen, {t: k for (n, t), k in of_task.items() if n == number}, answers, list(versions.values())
        )
        for number, seen in versions.items()
    }


def _answers(parts: list[TaskSeen], known: Known | None, most: int) -> list[Answer]:
    """Those known first, with their keys; then in the order in which they came up."""
    keys = dict(known.answers) if known else {}
    mine: dict[str, str] = {}
    for identity, label in (each for part in parts for each in part.choices.items()):
        has_key, key = identity
        if not has_key:
            key = next((key for key, text in keys.items() if text == label), "") or key_of(label, keys)
        keys.setdefault(key, label)
        mine[key] = keys[key]
    offered = keys if len(keys) <= most else mine
    return [Answer(key=key, label=label) for key, label in offered.items()]


def _definition(
    seen: VersionSeen,
    of_task: Mapping[str, Kind],
    answers: Mapping[tuple[str, Kind], list[Answer]],
    versions: Sequence[VersionSeen],
) -> dict[str, Any]:
    if len(of_task) > MOST_TASKS:
        raise TooManyTasks
    order = sorted(of_task, key=lambda task: (seen.tasks[task].place / seen.tasks[task].answers, task))
    asked = [task for task in order if of_task[task] != RAW]
    tasks = {}
    for task in order:
        kind = of_task[task]
        body: dict[str, Any] = {"kind": kind, "question": _question(seen, task), "required": False}
        offered = answers.get((task, kind))
        if kind == HIGHLIGHTER:
            body |= {"text": NOT_SAID, "labels": _labels(offered or []), "max": MOST_SPANS}
        elif offered is not None:
            body["answers"] = [{"key": each.key, "label": each.label} for each in offered]
        if kind == "text":
            body |= {"max_length": 10_000, "lines": 40 if seen.tasks[task].broken_lines else 1}
        if kind == TRANSCRIPTION:
            body |= {"max_length": 10_000, "max": MOST_LINES}
        if kind == "drawing":
            body["tools"] = _tools([v.tasks[task].drawn for v in versions if task in v.tasks])
        body |= _of_answers(kind, task, body, versions)
        if kind == "number":
            body |= _range([v.tasks[task] for v in versions if task in v.tasks])
        if kind != RAW:
            _lead_on(body, task, seen, asked)
        tasks[task] = body
    first = next(iter(asked), order[0])
    return {"first_task": first, "tasks": tasks, "retirement": NEVER, "inferred": True}


def _of_answers(
    kind: Kind, task: str, body: dict[str, Any], versions: Sequence[VersionSeen]
) -> dict[str, Any]:
    """What else these kinds have besides their answers."""
    if kind == SURVEY:
        return _survey([v.tasks[task].surveyed for v in versions if task in v.tasks], body["answers"])
    if kind == COMPARISON:
        return with_all(body["answers"])
    return {"max": MOST_TAGS} if kind == TAGS else {}


def _range(parts: list[TaskSeen]) -> dict[str, Any]:
    """From the least to the greatest number that somebody gave; which were allowed, no file says."""
    least = min((part.least for part in parts if part.numbers), default=0)
    most = max((part.most for part in parts if part.numbers), default=1)
    return {"min": least if least < most else least - 1, "max": most}


def _survey(parts: list[SurveySeen], answers: list[dict[str, Any]]) -> dict[str, Any]:
    """A choice is asked what somebody has answered about it in any version."""
    seen = SurveySeen()
    for part in parts:
        seen = seen.join(part)
    asked = [
        each | {"asks": [*seen.of.get((True, each["key"]), []), *seen.of.get((False, each["label"]), [])]}
        for each in answers
    ]
    return {"answers": asked, "questions": seen.bodies()}


def _labels(answers: Sequence[Answer]) -> list[dict[str, str]]:
    """In the palette's colours."""
    colors = list(PALETTE)
    return [
        {"key": each.key, "label": each.label, "color": colors[at % len(colors)]}
        for at, each in enumerate(answers)
    ]


def _tools(parts: list[ToolsSeen]) -> list[dict[str, Any]]:
    """Those that somebody drew with in any version, by their place; in the palette's colours."""
    seen = ToolsSeen()
    for part in parts:
        seen = seen.join(part)
    keys: dict[str, str] = {}
    tools: list[dict[str, Any]] = []
    for (has_key, name), tool in sorted(seen.tools.items(), key=lambda each: (each[1].place, each[0])):
        key = name if has_key else key_of(tool.label, keys)
        keys[key] = tool.label
        color = list(PALETTE)[len(tools) % len(PALETTE)]
        details = [detail.body() for detail in tool.details]
        tools.append(
            {"key": key, "label": tool.label, "shape": tool.shape, "color": color, "details": details}
        )
    return tools


def _question(seen: VersionSeen, task: str) -> str:
    question = " ".join(seen.tasks[task].question.split()) or task
    return question if len(question) <= QUESTION else question[: QUESTION - 1] + "…"


def _lead_on(body: dict[str, Any], task: str, seen: VersionSeen, asked: list[str]) -> None:
    """Where each answer most often led, if forwards: the way never goes in a circle. Ends are ways too."""
    after: dict[Identity | None, Counter[str | None]] = {}
    for (name, choice, followers), times in seen.steps.items():
        if name == task:
            following = next((each for each in followers if each in asked), None)
            after.setdefault(choice, Counter())[following] += times
    body["next"] = _forwards(sum(after.values(), Counter()), task, asked)
    if body["kind"] not in ("single", "dropdown", COMPARISON):
        return
    for answer in body["answers"]:
        led = after.get((True, answer["key"])) or after.get((False, answer["label"]))
        if led:
            answer["next"] = _forwards(led, task, asked)


def _forwards(led: Counter[str | None], task: str, asked: list[str]) -> str | None:
    later = set(asked[asked.index(task) + 1 :])
    following = max(led, key=lambda each: (led[each], each is not None), default=None)
    return following if following in later else None
