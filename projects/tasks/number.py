"""number: how far, how many, how much; written into a field or set on a slider.

The value is stored as an integer where it is whole, else as a float; null is an empty answer. With a `step` it is one
of min, min + step, ... max, to the last digit, however it was written.
"""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import median
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from projects.tasks.base import NONE, Task, VoteRows

NUMBER = "number"
"""The key of a number's vote; its value is the number as JSON writes it."""

MOST_STEPS = 1_000_000
FAR = 1e12
"""Ranges end here at the latest."""

_OFF = Decimal("1e-6")
"""How far from a step a number may lie, in steps: what floats lose."""


class NumberTask(Task):
    kind: Literal["number"]
    min: float = Field(ge=-FAR, le=FAR, allow_inf_nan=False)
    max: float = Field(ge=-FAR, le=FAR, allow_inf_nan=False)
    step: float | None = Field(None, gt=0, allow_inf_nan=False)
    unit: str = Field("", max_length=40)
    display: Literal["field", "slider"] = "field"
    tolerance: float | None = Field(None, gt=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _a_range_of_steps(self) -> Self:
        if self.max <= self.min:
            raise ValueError("max is greater than min")
        if self.step is None:
            if self.display == "slider":
                raise ValueError("a slider needs a step")
        elif not 1 <= (self.max - self.min) / self.step <= MOST_STEPS:
            raise ValueError(f"from min to max there is at least one step, and {MOST_STEPS:,} at most")
        return self

    def validate_value(self, value: Any) -> int | float | None:
        if value is None:
            if self.required:
                raise ValueError("a number is required")
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValueError("give a number")
        if not self.min <= value <= self.max:  # NaN neither
            raise ValueError(f"give a number from {plain(self.min)} to {plain(self.max)}")
        return plain(value) if self.step is None else self._on_a_step(value, self.step)

    def _on_a_step(self, value: float, step: float) -> int | float:
        least, exact = Decimal(repr(self.min)), Decimal(repr(step))
        steps = (Decimal(repr(value)) - least) / exact
        if abs(steps - round(steps)) > _OFF:
            raise ValueError(f"give a number in steps of {plain(step)} from {plain(self.min)} on")
        return plain(float(least + round(steps) * exact))

    def truth(self, values: Sequence[int | float | None]) -> float | None:
        """The median of the experts' numbers."""
        given = [value for value in values if value is not None]
        return plain(median(given)) if given else None

    def score(self, value: float | None, truth: float) -> float:
        """1 for the same, 0.9 at the tolerance (a tenth of the range where there is none), falling evenly to 0."""
        if value is None:
            return 0.0
        tolerance = self.tolerance or (self.max - self.min) / 10
        return max(0.0, 1 - abs(value - truth) / (10 * tolerance))

    def votes(self, value: float | None) -> VoteRows:
        """One row, whose value is the number; the row `none` when there is none."""
        return [(NONE, 1.0)] if value is None else [(NUMBER, json.dumps(value))]

    def written(self, value: float | None) -> str:
        return "" if value is None else json.dumps(value)

    def together(self, values: Sequence[float | None]) -> dict[str, Any] | None:
        given = [value for value in values if isinstance(value, (int, float))]
        return {"value": float(median(given))} if given else None

    def told(self, value: dict[str, Any] | None, votes: Mapping[str, int]) -> dict[str, Any]:
        """The median, in words, and how many gave a number."""
        middle = self.with_unit(rounded(value["value"])) if value and "value" in value else None
        return {"middle": middle, "given": votes.get(NUMBER, 0)}

    def found(self, value: dict[str, Any] | None) -> str:
        """With its interval, where there is one, such as 12.5 mm (11–14)."""
        if not value or "value" not in value:
            return ""
        words = self.with_unit(rounded(value["value"]))
        if value["low"] is None:
            return words
        return f"{words} ({rounded(value['low'])}–{rounded(value['high'])})"

    def from_cell(self, text: str) -> float | None:
        try:
            return float(text) if text else None
        except ValueError:
            raise ValueError(f"{text[:40]!r} is no number") from None

    def said(self, value: Any) -> str:
        return "" if value is None else self.with_unit(value)

    def with_unit(self, value: float) -> str:
        return f"{plain(value)} {self.unit}".strip()


def plain(value: float) -> int | float:
    """An integer where it is one."""
    return int(value) if value == int(value) else value


def rounded(value: float) -> int | float:
    """To four digits: more would be of the arithmetic."""
    return plain(float(f"{value:.4g}"))
