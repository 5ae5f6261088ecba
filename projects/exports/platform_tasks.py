"""A workflow's tasks in the reference platform's form, as its programs read them. Pure.

`in_platform_form` has the texts in their places, as the platform's API shows them; `apart` puts them beside, under keys
such as `T0.answers.0.label`, as its workflows CSV has them (zooniverse/panoptes, lib/tasks_visitors). Read again by
projects/imports/platform_tasks.py.

Kinds that the platform does not know (tags, raw) keep their names there, and its programs pass them by. A comparison is
a question with one answer, a number its slider, a transcription a drawing of lines that are asked for a text, an option
of a list a dropdown with one select.
"""

from collections.abc import Callable
from typing import Any

from projects.tasks.base import Task
from projects.tasks.definition import WorkflowDefinition
from projects.tasks.drawing import PALETTE, DrawingTask, Tool
from projects.tasks.dropdown import DropdownTask
from projects.tasks.highlighter import HighlighterTask
from projects.tasks.number import NumberTask, plain
from projects.tasks.survey import Question, SurveyTask
from projects.tasks.tags import TagsTask

PlatformTasks = dict[str, dict[str, Any]]

SHAPES = {
    "rotated_rectangle": "rotateRectangle",
    "segmented_line": "polygon",
    "freehand": "freehandLine",
}
"""Those that have another name there. A line of several parts is a polygon that isn't closed."""

TEXTS = frozenset({"question", "instruction", "help", "label", "description"})
"""The keys whose values are for people."""

MOST_NUMBERS = 60
"""Of a number that is asked about a choice, which the platform's surveys offer one by one."""

FINEST = 1000
"""Steps of a slider for a number that has none here: the platform's sliders have one always."""


def in_platform_form(definition: WorkflowDefinition) -> PlatformTasks:
    """Task name to task, texts in their places."""
    return {name: of_task(task) for name, task in definition.tasks.items()}


def apart(tasks: PlatformTasks) -> tuple[PlatformTasks, dict[str, str]]:
    """The tasks with keys in the place of texts, and key to text."""
    strings: dict[str, str] = {}
    return {name: _apart(task, name, strings) for name, task in tasks.items()}, strings


def _apart(part: Any, place: str, strings: dict[str, str]) -> Any:
    if isinstance(part, list):
        return [_apart(each, f"{place}.{at}", strings) for at, each in enumerate(part)]
    if not isinstance(part, dict):
        return part
    found = {}
    for key, value in part.items():
        at = f"{place}.{key}"
        if (key in TEXTS or place.endswith(".confusions")) and isinstance(value, str):
            strings[at] = value
            found[key] = at
        else:
            found[key] = _apart(value, at, strings)
    return found


def of_task(task: Task) -> dict[str, Any]:
    drawing = task.as_drawing()
    if isinstance(drawing, DrawingTask):
        return _of_drawing(drawing)
    write = WRITERS.get(task.kind)
    return write(task) if write else {"type": task.kind, **_common(task, "instruction")}


def _common(task: Task, question: str) -> dict[str, Any]:
    """What each kind has. question: what the platform calls it."""
    told: dict[str, Any] = {question: task.question, "help": task.help, "required": task.required}
    return told | ({"next": task.next} if task.next else {})


def _of_choice(task: Task) -> dict[str, Any]:
    answers = []
    for answer in task.choices:
        leads = task.next_task(answer.key) if task.chooses_one else None
        answers.append({"label": answer.label} | ({"next": leads} if leads else {}))
    kind = "single" if task.chooses_one else task.kind
    return {"type": kind, **_common(task, "question"), "answers": answers}


def _of_text(task: Task) -> dict[str, Any]:
    return {"type": "text", **_common(task, "instruction")}


def _of_number(task: NumberTask) -> dict[str, Any]:
    step = task.step or (task.max - task.min) / FINEST
    numbers = {"min": task.min, "max": task.max, "step": step, "defaultValue": task.min}
    return {"type": "slider", **_common(task, "instruction")} | {
        name: str(plain(value)) for name, value in numbers.items()
    }


def _of_dropdown(task: DropdownTask) -> dict[str, Any]:
    options = [{"value": option.key, "label": option.label} for option in task.answers]
    select = {
        "id": "select", "title": task.question, "required": task.required, "allowCreate": False,
        "options": {"*": options},
    }  # fmt: skip
    return {"type": "dropdown", **_common(task, "instruction"), "selects": [select]}


def _of_tags(task: TagsTask) -> dict[str, Any]:
    return {"type": "tags", **_common(task, "instruction"), "suggestions": task.suggestions}


def _of_highlighter(task: HighlighterTask) -> dict[str, Any]:
    """There the text is the subject's file; here it is named, which its programs pass over."""
    labels = [{"label": label.label, "color": PALETTE[label.color]} for label in task.labels]
    common = _common(task, "instruction")
    return {"type": "highlighter", **common, "highlighterLabels": labels, "text": task.text}


def _of_survey(task: SurveyTask) -> dict[str, Any]:
    """Pictures stay here: there they are files of the project under names of its own."""
    choices = {
        choice.key: {
            "label": choice.label,
            "description": choice.description,
            "noQuestions": not task.asked_of(choice),
            "images": [],
            "characteristics": choice.aspects,
            "confusionsOrder": list(choice.like),
            "confusions": choice.like,
        }
        for choice in task.answers
    }
    aspects = {
        aspect.key: {
            "label": aspect.label,
            "valuesOrder": [value.key for value in aspect.values],
            "values": {value.key: {"label": value.label, "image": ""} for value in aspect.values},
        }
        for aspect in task.aspects
    }
    return {
        "type": "survey",
        **_common(task, "instruction"),
        "choices": choices,
        "choicesOrder": list(choices),
        "characteristics": aspects,
        "characteristicsOrder": list(aspects),
        "questions": {question.key: _asked(question) for question in task.questions},
        "questionsOrder": [question.key for question in task.questions],
        "questionsMap": {
            choice.key: [question.key for question in task.asked_of(choice)] for choice in task.answers
        },
        "exclusions": [choice.key for choice in task.answers if choice.alone],
        "inclusions": [],
        "images": {},
        "alwaysShowThumbnails": True,
    }


def _asked(question: Question) -> dict[str, Any]:
    """A number is chosen there among texts: its whole numbers, where they are few."""
    answers = {each.key: {"label": each.label} for each in question.choices}
    if isinstance(question, NumberTask) and question.max - question.min < MOST_NUMBERS:
        few = range(int(question.min), int(question.max) + 1)
        answers = {str(number): {"label": str(number)} for number in few}
    return {
        "label": question.question,
        "multiple": question.kind == "multiple",
        "required": question.required,
        "answers": answers,
        "answersOrder": list(answers),
    }


def _of_drawing(task: DrawingTask) -> dict[str, Any]:
    return {"type": "drawing", **_common(task, "instruction"), "tools": [_tool(tool) for tool in task.tools]}


def _tool(tool: Tool) -> dict[str, Any]:
    return {
        "type": SHAPES.get(tool.shape, tool.shape),
        "label": tool.label,
        "color": PALETTE.get(tool.color, tool.color),
        "min": tool.min,
        "max": tool.max,
        "details": [of_task(detail) for detail in tool.details],
    }


WRITERS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "single": _of_choice,
    "multiple": _of_choice,
    "text": _of_text,
    "number": _of_number,
    "dropdown": _of_dropdown,
    "tags": _of_tags,
    "highlighter": _of_highlighter,
    "survey": _of_survey,
    "comparison": _of_choice,
}
