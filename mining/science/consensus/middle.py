"""The middle of some numbers, each volunteer's one, all weighing the same: what can be told while answers come in.

The median and its 95 % interval from order statistics (David & Nagaraja 2003, Order Statistics, section 7.1), which
asks nothing of how people err: of n numbers in order x_1 ... x_n the true median lies in [x_r, x_(n+1-r)] but for
2 P(Binomial(n, 1/2) < r); r is the greatest with that 0.05 or less. Under six numbers there is none.

The order of the numbers changes nothing, to the bit. numbers.py weighs volunteers by their precision instead.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple


class Middle(NamedTuple):
    """value: the median; low, high: its interval, None under six numbers; spread: the median distance from it."""

    value: float
    low: float | None
    high: float | None
    spread: float


def middle(numbers: Sequence[float]) -> Middle:
    """Of one number or more, finite."""
    if not numbers:
        raise ValueError("no numbers: there is no middle")
    ordered = sorted(numbers)
    value = float(median(ordered))
    spread = float(median(abs(number - value) for number in ordered))
    at = _rank(len(ordered))
    if at == 0:
        return Middle(value, None, None, spread)
    return Middle(value, float(ordered[at - 1]), float(ordered[-at]), spread)


def dispersion(numbers: Sequence[float], low: float, high: float) -> float:
    """How divided they are on the scale from low to high: 0 all the same, 1 as an even spread over it, or more.

    Four times their mean distance from the median, over the length of the scale, 1 at most.
    """
    if not numbers:
        return 0.0
    value = median(numbers)
    mean = math.fsum(abs(number - value) for number in numbers) / len(numbers)
    return min(1.0, 4 * mean / (high - low))


def _rank(n: int) -> int:
    """The greatest r with 2 P(Binomial(n, 1/2) < r) <= 0.05, in whole numbers; 0 where there is none."""
    r, ways, below = 0, 1, 1
    while 40 * below <= 2**n:
        r, ways = r + 1, ways * (n - r) // (r + 1)
        below += ways
    return r
