"""Values that stand for *missing* without saying so: survey tables are full of -9999.

A value is suspected where all others lie on one side of it and it is

- a usual code (-99, 999, -9999, 99.99, 1e20 and more, ...), farther from its neighbour than the middle 80 % of the
others
  are wide, even if it occurs once;
- or any value that occurs at least twice, ten times as far away;
- or -1, at least twice, among fractions of which none is negative.

A suspected value is warned about and stays: only who knows the table can say that it is not real.
"""

from __future__ import annotations

import re

import numpy as np

from mining.science.confusion import Array

MOST = 4  # sentinels looked for in a column
HUGE = 1e20
FAR, VERY_FAR = 1.0, 10.0  # times the middle 80 % of the others
SAMPLE = 100_000  # values from which that width is taken
NINES = re.compile(r"99+(\.9+|\.0)?")


def suspected(values: Array) -> list[tuple[float, int]]:
    """The suspected sentinels of numbers without NaN, each with how often it occurs; O(N)."""
    found: list[tuple[float, int]] = []
    rest = values
    while len(found) < MOST and len(rest) > 2:
        low, high = float(rest.min()), float(rest.max())
        if low == high:
            break
        for value in sorted((low, high), key=_is_code, reverse=True):
            others = rest[rest != value]
            if _is_suspect(value, len(rest) - len(others), others):
                found.append((value, len(rest) - len(others)))
                rest = others
                break
        else:
            break
    return sorted(found)


def _is_code(value: float) -> bool:
    return abs(value) >= HUGE or bool(NINES.fullmatch(repr(abs(value))))


def _is_suspect(value: float, count: int, others: Array) -> bool:
    low, high = float(others.min()), float(others.max())
    gap = low - value if value < low else value - high
    step = max(len(others) // SAMPLE, 1)
    sample = others[::step]
    sample = (
        sample[~np.isin(sample, [low, high])]
        if low != high and _is_code(low if value > high else high)
        else sample
    )
    if not len(sample):
        return False
    width = float(np.subtract(*np.quantile(sample, (0.9, 0.1)))) or float(sample.max() - sample.min())
    if width == 0.0 and len(others) < 2:
        return False
    if _is_code(value):
        return gap > FAR * width
    if value == -1.0 and count > 1 and low >= 0:
        return bool(np.mean(sample != np.floor(sample)) > 0.5)
    return count > 1 and width > 0 and gap > VERY_FAR * width
