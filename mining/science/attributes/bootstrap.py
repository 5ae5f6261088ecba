"""How far a gain would move with other rows: rows drawn again with replacement, as weights, without a new sort.

With groups, whole groups are drawn: rows of one night or one subject come or stay away together.

A best split is chosen, so the gain of a sample lies above that of the population, and the gain of a draw above that
of the sample. The interval is therefore the basic one (Davison, Hinkley 1997): with a and b the 2.5 % and 97.5 %
points of the draws, (2 g - b, 2 g - a), cut at 0 and stretched to hold g. On simulated attributes (100 to 3,000
rows, from no gain to 0.33 bits) it holds the population's gain in 90 to 99 %; (a, b) itself in 0 to 85 %.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from mining.science.attributes import kernels
from mining.science.attributes.labels import Labels
from mining.science.attributes.splits import Prepared, gains_of_weights, over
from mining.science.coding import Codes
from mining.science.confusion import Array

BATCH = 32
TAIL = 0.025


class Interval(NamedTuple):
    """95 %, each [A]."""

    low: Array
    high: Array


def draws(
    prepared: Sequence[Prepared],
    labels: Labels,
    *,
    n: int,
    seed: int,
    groups: Codes | None = None,
    progress: Callable[[int], None] | None = None,
) -> Array:
    """Gains of n bootstrap draws, float64 [n, A]."""
    out = np.zeros((n, len(prepared)))
    rng = np.random.default_rng([seed, 2])
    rows = len(labels)
    units = rows if groups is None else int(groups.max()) + 1
    for start in range(0, n, BATCH):
        size = min(BATCH, n - start)
        weights = np.empty((rows, size), dtype=np.uint16)
        for b in range(size):
            drawn = np.bincount(rng.integers(0, units, units), minlength=units)
            weights[:, b] = drawn if groups is None else drawn[groups]
        table = kernels.x_log_x(int(weights.sum(axis=0, dtype=np.int64).max()))

        def of_one(
            one: Prepared, weights: np.typing.NDArray[np.uint16] = weights, table: Array = table
        ) -> Array:
            return gains_of_weights(one, labels, weights, table)

        out[start : start + size] = np.array(over(prepared, of_one)).reshape(len(prepared), size).T
        if progress is not None:
            progress(start + size)
    return out


def interval(observed: Array, drawn: Array) -> Interval:
    """From gains [A] and those of the draws [n, A]."""
    if not len(drawn):
        return Interval(np.full(len(observed), np.nan), np.full(len(observed), np.nan))
    a, b = np.quantile(drawn, (TAIL, 1 - TAIL), axis=0)
    return Interval(np.clip(2 * observed - b, 0.0, observed), np.maximum(2 * observed - a, observed))
