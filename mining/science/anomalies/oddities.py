"""A list of what is odd in one respect: how odd, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mining.science.anomalies.reasons import Reason
from mining.science.confusion import Array

Items = npt.NDArray[np.str_]

SAID = 0.05
"""Chance up to which votes are told as a reason: what is commoner needs none."""


@dataclass(frozen=True)
class Oddities:
    """One list: how odd each of I items is in one respect.

    strength: float64 [I], more is odder; NaN where the item was not looked at. Its scale is the list's own
    reasons : one for each item, None where there is nothing to say
    """

    source: str
    items: Items
    strength: Array
    reasons: tuple[Reason | None, ...]
