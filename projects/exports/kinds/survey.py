"""survey: the leading set of choices, and what the answers about each come to; in a raw row the platform's form.

There a choice has its `answers` by question, as texts; beside them stand ours, with kind and labels (`details`).
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from projects.exports import finding
from projects.exports.columns import Column
from projects.exports.finding import UNLESS, Row
from projects.exports.kinds import chosen, multiple, number, single
from projects.exports.kinds.drawing import detail_of
from projects.exports.part import EMPTY, Part
from projects.tasks.survey import Question, SurveyTask

FLAT: dict[str, Any] = {"single": single.flat, "multiple": multiple.flat, "number": number.flat}


def columns(name: str, task: SurveyTask) -> Iterator[Column[Row]]:
    yield from chosen.columns(name, task, " (of exactly this set of choices, each taken by itself)")
    for question in task.questions:
        what = "the median" if question.kind == "number" else "what most said"
        yield Column(
            f"{name}_{question.key}",
            f"{question.question} Of each choice {what}, as choice:answer, commas between{UNLESS} or before mining",
            finding.of_value(name, "choices", partial(_come_to, task, question)),
        )


def annotation(task: SurveyTask, value: list[dict[str, Any]]) -> dict[str, Any]:
    return {"value": [_sighting(task, each) for each in value]}


def flat(task: SurveyTask, value: list[dict[str, Any]]) -> Iterator[Part]:
    """Each choice, behind it what was asked about it."""
    if not value:
        yield EMPTY
    for place, each in enumerate(value, 1):
        choice = task.choice(each["choice"])
        if choice is None:
            continue
        yield Part(mark=place, key=choice.key, label=choice.label)
        for at, asked in enumerate(task.asked_of(choice), 1):
            if asked.key not in each["answers"]:
                yield EMPTY._replace(mark=place, question=asked.question, kind=asked.kind, detail=at)
                continue
            for part in FLAT[asked.kind](asked, each["answers"][asked.key]):
                yield part._replace(mark=place, question=asked.question, kind=asked.kind, detail=at)


def _sighting(task: SurveyTask, each: dict[str, Any]) -> dict[str, Any]:
    choice = task.choice(each["choice"])
    given = [q for q in (task.asked_of(choice) if choice else ()) if q.key in each["answers"]]
    return {
        "choice": each["choice"],
        "answers": {q.key: _as_text(each["answers"][q.key]) for q in given},
        "filters": {},
        "label": choice.label if choice else each["choice"],
        "details": [{"question": q.key} | detail_of(q, each["answers"][q.key]) for q in given],
    }


def _as_text(value: Any) -> str | list[str]:
    return value if isinstance(value, list) else str(value)


def _come_to(task: SurveyTask, question: Question, choices: dict[str, Any]) -> str:
    """lion:2, zebra:5; of equals the first by its key; of several answers those that more than half gave."""
    told = []
    for choice in task.answers:
        of = choices.get(choice.key, {}).get("answers", {}).get(question.key)
        if not of:
            continue
        if question.kind == "number":
            said = "" if of["value"] is None else f"{of['value']:g}"
        elif question.kind == "multiple":
            said = "+".join(key for key, n in of["votes"].items() if 2 * n > of["said"])
        else:
            said = min(of["votes"], key=lambda key: (-of["votes"][key], key), default="")
        if said:
            told.append(f"{choice.key}:{said}")
    return ",".join(told)
