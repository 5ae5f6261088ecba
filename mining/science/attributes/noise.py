"""What the doubt in the labels does to a gain: classes drawn from the shares, again and again.

A consensus probability of 0.7 is a class with 0.7, not a fact; each draw is a table as it may be. The gains of the
draws tell how far the ranking hangs on doubtful labels.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mining.science.attributes.labels import Labels
from mining.science.attributes.splits import Prepared, gains_of_many, over
from mining.science.confusion import Array

BATCH = 32


def drawn_gains(prepared: Sequence[Prepared], labels: Labels, table: Array, *, n: int, seed: int) -> Array:
    """Gains of the best splits under n draws of the classes, float64 [n, A]; `table` as in `best_split`."""
    shares = labels.weights()
    bounds = np.cumsum(shares, axis=1)[:, :-1]
    out = np.zeros((n, len(prepared)))
    rng = np.random.default_rng([seed, 3])
    for start in range(0, n, BATCH):
        size = min(BATCH, n - start)
        codes = np.zeros((len(labels), size), dtype=np.uint8)
        uniform = rng.random((len(labels), size))
        for bound in bounds.T:
            codes += uniform > bound[:, None]

        def of_one(one: Prepared, codes: np.typing.NDArray[np.uint8] = codes) -> Array:
            return gains_of_many(one, codes, shares.shape[1], table)

        out[start : start + size] = np.array(over(prepared, of_one)).reshape(len(prepared), size).T
    return out
