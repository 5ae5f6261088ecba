"""Observers: volunteers who say how many there are of what they saw, what it does, and how they err.

**The model.** What is there is seen as choices of a task of several are ticked (classifications.py). What is asked
about one that is there is answered rightly by a volunteer of skill s with probability s / (s + WRONG); else a number is
one step off, and of answers one at random is given. Of what is not there anything is said. Who saw nothing says so,
where the task offers a choice that stands alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

WRONG = 0.25


def look_at(
    seen: Sequence[str],
    there: Mapping[str, Mapping[str, Any]],
    rng: np.random.Generator,
    *,
    skill: float,
    body: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """The value of a survey. there: choice to the true answers about it; seen: keys, of `there` or not."""
    alone = [choice["key"] for choice in body["answers"] if choice.get("alone")]
    found = (
        [key for key in seen if key not in alone] or [key for key in seen if key in alone][:1] or alone[:1]
    )
    choices = {choice["key"]: choice for choice in body["answers"]}
    return [
        {"choice": key, "answers": _answers(choices[key], there.get(key, {}), rng, skill, body)}
        for key in found
    ]


def _answers(
    choice: Mapping[str, Any],
    true: Mapping[str, Any],
    rng: np.random.Generator,
    skill: float,
    body: Mapping[str, Any],
) -> dict[str, Any]:
    if choice.get("alone"):
        return {}
    asks = choice.get("asks")
    asked = [each for each in body.get("questions", ()) if asks is None or each["key"] in asks]
    found = {each["key"]: _said(each, true.get(each["key"]), rng, skill) for each in asked}
    return {key: value for key, value in found.items() if value not in (None, [])}


def _said(question: Mapping[str, Any], true: Any, rng: np.random.Generator, skill: float) -> Any:
    right = true is not None and rng.random() < skill / (skill + WRONG)
    if right:
        return true
    if question["kind"] == "number":
        step = question.get("step") or 1
        off = (question["min"] if true is None else true) + step * int(rng.choice([-1, 1]))
        return min(max(off, question["min"]), question["max"])
    keys = [answer["key"] for answer in question["answers"]]
    any_one = keys[int(rng.integers(len(keys)))]
    return [any_one] if question["kind"] == "multiple" else any_one
