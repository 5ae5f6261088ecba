"""Measurers: volunteers who tell how far or how many, and how they err.

**The model.** A volunteer of skill s says truth + bias + error, both normal: the bias, the same on every subject, with
a standard deviation of BIAS, the error with ERROR / sqrt(s), in units of the range asked for. A careless volunteer, and
everybody where there is no truth, says any number of the range. What is said lies in the range, on its steps.
"""

from __future__ import annotations

import math

import numpy as np

ERROR = 0.06
BIAS = 0.03


def measure(
    true: float | None,
    rng: np.random.Generator,
    *,
    skill: float,
    tilt: float,
    careless: bool = False,
    low: float,
    high: float,
    step: float | None = None,
) -> float:
    """What one volunteer says. tilt: their bias in standard deviations, the same on every subject."""
    width = high - low
    if careless or true is None:
        said = rng.uniform(low, high)
    else:
        said = true + width * (BIAS * tilt + rng.normal(0.0, ERROR / math.sqrt(skill)))
    said = min(max(said, low), high)
    if step is None:
        return float(f"{said:.4g}") if low <= float(f"{said:.4g}") <= high else said
    steps = min(round((said - low) / step), math.floor((high - low) / step + 1e-9))
    return min(low + steps * step, high)  # 19 * 0.05 is a bit more than 0.95
