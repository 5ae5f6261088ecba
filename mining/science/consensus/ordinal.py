"""Answers with an order (none, few, many): the middle of the posterior instead of its peak.

Which answers a volunteer takes for which others the confusion matrices know already, neighbours included; what the
order adds is the loss. Where being two steps off is worse than one, the answer is the median of the posterior, which
has the least expected distance (the peak has the least chance of being wrong at all).
"""

from __future__ import annotations

import numpy as np

from mining.science.confusion import Array
from mining.science.votes import Codes


def median_answer(probabilities: Array) -> Codes:
    """The first answer at which the cumulated probability reaches 1/2, int32 [I]; columns stand in their order."""
    below = np.cumsum(probabilities, axis=1)
    return np.asarray(np.argmax(below >= 0.5 - 1e-12, axis=1), dtype=np.int32)


def expected_rank(probabilities: Array) -> Array:
    """Mean place of the answer, 0 to K - 1, float64 [I]: for sorting."""
    return np.asarray(probabilities @ np.arange(probabilities.shape[1]), dtype=np.float64)


def interval(probabilities: Array, mass: float = 0.9) -> tuple[Codes, Codes]:
    """The lowest and highest answer, each int32 [I], between which lies at least `mass`, half of the rest on a side."""
    below = np.cumsum(probabilities, axis=1)
    tail = (1.0 - mass) / 2.0
    low = np.argmax(below >= tail + 1e-12, axis=1)
    high = np.argmax(below >= 1.0 - tail - 1e-12, axis=1)
    return low.astype(np.int32), high.astype(np.int32)
