"""How much a machine may claim before anybody has voted. No arrays, so that a web process may load it."""

import math
from collections.abc import Sequence

CLIP = 4.5
"""Of the log-odds of each answer against the others: 90 to 1."""


def clipped(probabilities: Sequence[float], clip: float = CLIP) -> list[float]:
    """With log-odds between -clip and clip before they are made to sum to 1 again. [1, 0] becomes [0.989, 0.011]."""
    least = 1 / (1 + math.exp(clip))
    kept = [min(max(p, least), 1 - least) for p in probabilities]
    total = sum(kept)
    return [p / total for p in kept]
