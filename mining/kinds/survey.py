"""survey: what is asked about each choice, put together from those who chose it, all alike; a run comes to the same.

The choices themselves are weighed as votes, each by itself (mining/ballots.py): their probabilities stand beside this.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from mining.kinds.found import Found
from mining.science.consensus.middle import middle
from mining.science.uncertainty import bits_of_yes
from mining.sheet import Sheet
from projects.tasks.survey import Question, SurveyTask


def online(sheet: Sheet, task: SurveyTask) -> Found:
    """value: {"asked": how many looked, "choices": {choice: {"said": how many chose it, "answers": {question: {"said":
    how many answered, "votes": {answer: n}}, of a number {"said", "value": the median, "low", "high": its 95 %
    interval, None under six, "votes": {number: n}}}}}}. What an earlier version offered or asked is left out."""
    if not sheet.asked:
        return Found(None, 0.0, 0.0)
    given = [_answers(text) for text in sheet.texts]
    choices: dict[str, Any] = {}
    for choice in task.answers:
        of = [answers[choice.key] for answers in given if isinstance(answers.get(choice.key), dict)]
        if of:
            asked = {q.key: [each[q.key] for each in of if q.key in each] for q in task.asked_of(choice)}
            come_to = {q.key: _together(q, asked[q.key]) for q in task.asked_of(choice) if asked[q.key]}
            choices[choice.key] = {"said": len(of), "answers": come_to}
    value = {"asked": sheet.asked, "choices": choices}
    return Found(value, bits_of_yes([of["said"] for of in choices.values()], sheet.asked), float(sheet.asked))


def batch(sheets: Mapping[int, tuple[Sheet, SurveyTask]]) -> dict[int, Found]:
    return {subject: online(sheet, task) for subject, (sheet, task) in sheets.items()}


def _answers(text: str) -> dict[str, Any]:
    """Of a sheet's text. What an earlier version asked for, when the task was of another kind, has none."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _together(question: Question, values: Sequence[Any]) -> dict[str, Any]:
    if question.kind == "number":
        numbers = [float(value) for value in values if isinstance(value, (int, float))]
        votes = {f"{number:g}": n for number, n in sorted(Counter(numbers).items())}
        if not numbers:
            return {"said": 0, "value": None, "low": None, "high": None, "votes": {}}
        value, low, high, _spread = middle(numbers)
        return {"said": len(numbers), "value": value, "low": low, "high": high, "votes": votes}
    chosen = Counter(key for value in values for key in (value if isinstance(value, list) else [value]))
    return {"said": len(values), "votes": {key: chosen[key] for key in question.keys if chosen[key]}}
