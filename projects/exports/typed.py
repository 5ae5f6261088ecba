"""Cells as forms with types hold them: each fits the type of its column, or is missing."""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from projects.exports.columns import Column
from projects.exports.stream import plain

Fit = Callable[[Any], Any]


def fitting(columns: Sequence[Column[Any]]) -> list[Fit]:
    """What makes a cell of each column fit."""
    return [FITS[column.type] for column in columns]


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else plain(value)


def _int(value: Any) -> int | None:
    return None if value is None else int(value)


def _float(value: Any) -> float | None:
    """What is no finite number is missing."""
    if value is None:
        return None
    found = float(value)
    return found if math.isfinite(found) else None


def _time(value: datetime | None) -> datetime | None:
    return value and value.astimezone(UTC)


FITS: dict[str, Fit] = {"text": _text, "int": _int, "float": _float, "time": _time}
