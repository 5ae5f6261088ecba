"""number: the middle of the volunteers' numbers with its interval."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from projects.exports import finding
from projects.exports.columns import Column
from projects.exports.finding import UNLESS, Row
from projects.exports.part import EMPTY, Part
from projects.tasks.number import NUMBER, NumberTask, plain


def columns(name: str, task: NumberTask) -> Iterator[Column[Row]]:
    column = partial(Column[Row], unit=task.unit, type="float")
    yield column(
        f"{name}_value",
        f"{task.question} The median of the volunteers' numbers; of a published run the mean, each weighed by "
        f"its volunteer's precision and freed of their bias{UNLESS} or before mining",
        finding.of_value(name, "value"),
    )
    yield column(
        f"{name}_low",
        "Where its 95 % interval begins; empty under six numbers, where no run is published",
        finding.of_value(name, "low"),
    )
    yield column(f"{name}_high", "Where that interval ends", finding.of_value(name, "high"))
    yield column(
        f"{name}_spread",
        "Median distance of the volunteers' numbers from their median",
        finding.of_value(name, "spread"),
    )
    yield Column(
        f"{name}_dispersion",
        f"Disagreement: four times the mean distance from the median over the range, {plain(task.min)} to "
        f"{plain(task.max)}; 0 all the same, 1 as an even spread over it, or more",
        finding.of(name, "dispersion"),
        type="float",
    )
    yield finding.asked(name)
    yield finding.votes(name, NUMBER, "Volunteers who gave a number")


def annotation(task: NumberTask, value: float | None) -> dict[str, Any]:
    return {"value": value} | ({"unit": task.unit} if task.unit else {})


def flat(_task: NumberTask, value: float | None) -> Iterator[Part]:
    yield EMPTY if value is None else Part(number=value)
