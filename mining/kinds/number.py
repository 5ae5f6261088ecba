"""number: online the median, all volunteers alike; in a run each volunteer's bias and precision are learnt."""

import json
from collections.abc import Mapping

import numpy as np

from mining.kinds.found import Found
from mining.science.consensus.middle import dispersion, middle
from mining.science.consensus.numbers import NumberCrowd
from mining.sheet import Sheet
from projects.tasks.number import NumberTask

TWO_SIDED = 1.959963984540054
"""Standard deviations on either side that hold 95 % of a normal distribution."""


def online(sheet: Sheet, task: NumberTask) -> Found:
    numbers = list(_numbers(sheet).values())
    if not numbers:
        return Found(None, 0.0, 0.0)
    value, low, high, spread = middle(numbers)
    told = {"value": value, "low": low, "high": high, "spread": spread}
    return Found(told, dispersion(numbers, task.min, task.max), float(len(numbers)))


def batch(sheets: Mapping[int, tuple[Sheet, NumberTask]]) -> dict[int, Found]:
    """value and interval are the model's, within the task's range; spread and dispersion as online."""
    given = {subject: some for subject, (sheet, _) in sheets.items() if (some := _numbers(sheet))}
    if not given:
        return {}
    people = {person: at for at, person in enumerate(sorted({who for of in given.values() for who in of}))}
    votes = [(item, people[who], y) for item, of in enumerate(given.values()) for who, y in of.items()]
    items, volunteers, numbers = (np.array(column) for column in zip(*votes, strict=True))
    fitted = NumberCrowd().fit(
        items.astype(np.int32), volunteers.astype(np.int32), numbers.astype(np.float64)
    )
    weight = (
        fitted.spread.min() / fitted.spread
    ) ** 2  # where all say the same their spread is next to nothing
    found = {}
    for item, (subject, of) in enumerate(given.items()):
        sheet, task = sheets[subject]
        plain = online(sheet, task)
        half = TWO_SIDED * float(fitted.deviation[item])
        ends = (float(fitted.value[item]) + by for by in (0.0, -half, half))
        value, low, high = (min(max(end, task.min), task.max) for end in ends)
        weights = weight[[people[who] for who in of]]
        found[subject] = Found(
            {"value": value, "low": low, "high": high, "spread": (plain.value or {}).get("spread")},
            plain.dispersion,
            float(weights.sum() ** 2 / (weights**2).sum()),
        )
    return found


def _numbers(sheet: Sheet) -> dict[int, float]:
    """By person. What an earlier version asked for, when the task was of another kind, is left out."""
    found = {}
    for person, text in zip(sheet.writers, sheet.texts, strict=True):
        try:
            found[person] = float(json.loads(text))
        except (TypeError, ValueError):
            continue
    return {person: number for person, number in found.items() if np.isfinite(number)}
