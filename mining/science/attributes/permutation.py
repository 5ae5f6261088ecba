"""How much chance alone would gain: labels permuted over the rows, the attributes kept as they are.

Rows are not sorted again: the order stays, the labels move, and one walk serves `BATCH` permutations. Within groups
(field, night, volunteer) labels move only inside their group, so what merely differs between groups is not found.

With g_j the gain of attribute j, g_jb under permutation b, and z_j(b) = (g_jb - mean_j) / sd_j, mean and sd over the
permutations and the observed one together (they are exchangeable where nothing is to be found, so the test is exact):

    p of one attribute = (1 + #{b: g_jb >= g_j}) / (1 + B)
    p of the family    = (1 + #{b: max_j z_j(b) >= z_j}) / (1 + B)

The second asks how often the *best of all* attributes stands out as far as this one: chance reports any attribute
at 5 % in 5 % of tables, however many columns. Gains are scaled before the maximum is taken, since an attribute with
few rows or many levels gains more by chance, and would hide the others. q is Benjamini and Hochberg's (1995), from
the p of one attribute.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mining.science.attributes import kernels
from mining.science.attributes.labels import Labels
from mining.science.attributes.splits import Prepared, gains_of_many, gains_of_shares, over
from mining.science.coding import Codes
from mining.science.confusion import Array

BATCH = 32
LEVEL = 0.95  # of the null, shown beside the gains


@dataclass(frozen=True)
class Null:
    """Gains under B permutations, float64 [B, A]."""

    gains: Array


@dataclass(frozen=True)
class Judged:
    """Each [A]. p, p_family, q: see above; chance: mean gain under permutation; level: the gain above which an
    attribute stands out of the family (95 % of permutations have no attribute above its level)."""

    p: Array
    p_family: Array
    q: Array
    chance: Array
    level: Array


def segments_of(groups: Codes | None, n: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Rows sorted by group [N], and where each group begins [G + 1]. Without groups all rows are one."""
    if groups is None:
        return np.arange(n), np.array([0, n])
    order = np.argsort(groups, kind="stable")
    change = np.flatnonzero(np.diff(groups[order])) + 1
    return order, np.concatenate([[0], change, [n]])


def movable(labels: Labels, groups: Codes) -> tuple[int, int]:
    """(groups in which labels differ, groups): where they do not, nothing can be permuted."""
    order, segments = segments_of(groups, len(labels))
    weights = labels.weights()[order]
    ends = segments[:-1]
    differ = (np.maximum.reduceat(weights, ends) - np.minimum.reduceat(weights, ends)).max(axis=1) > 0
    return int(differ.sum()), len(ends)


def permute(
    prepared: Sequence[Prepared],
    labels: Labels,
    table: Array,
    *,
    n: int,
    seed: int,
    groups: Codes | None = None,
    progress: Callable[[int], None] | None = None,
) -> Null:
    """Gains under n permutations; groups int32 [M], one of each labelled row. `progress` hears how many are done."""
    gains = np.zeros((n, len(prepared)))
    rng = np.random.default_rng([seed, 1])
    order, segments = segments_of(groups, len(labels))
    for start in range(0, n, BATCH):
        size = min(BATCH, n - start)
        rows = np.empty((size, len(labels)), dtype=np.int32 if labels.codes is None else np.uint8)
        for b in range(size):
            moved = order.astype(np.int32) if labels.codes is None else labels.codes[order]
            kernels.shuffled(moved, segments, rng.random(len(labels)))
            rows[b, order] = moved
        beside = np.ascontiguousarray(rows.T)

        def of_one(one: Prepared, beside: npt.NDArray[np.generic] = beside) -> Array:
            if labels.codes is None:
                return gains_of_shares(one, labels, beside.astype(np.int32, copy=False))
            return gains_of_many(one, beside.astype(np.uint8, copy=False), len(labels.classes), table)

        gains[start : start + size] = np.array(over(prepared, of_one)).reshape(len(prepared), size).T
        if progress is not None:
            progress(start + size)
    return Null(gains)


def judge(observed: Array, null: Null) -> Judged:
    """p, q and the levels of chance of gains [A]."""
    n, a = null.gains.shape
    slack = 1e-12  # the same split of permuted labels may differ in the last digit
    p = (1 + (null.gains >= observed - slack).sum(axis=0)) / (1 + n)
    if not n or not a:
        empty = np.full(a, np.nan)
        return Judged(empty, empty, empty, empty, empty)
    everything = np.vstack([null.gains, observed])
    mean, sd = everything.mean(axis=0), everything.std(axis=0)
    sd = np.where(sd > slack, sd, np.inf)  # never any gain: stands nowhere
    best = ((null.gains - mean) / sd).max(axis=1)
    z = (observed - mean) / sd
    p_family = (1 + (best[:, None] >= z - slack).sum(axis=0)) / (1 + n)
    chance, spread = null.gains.mean(axis=0), null.gains.std(axis=0)
    far = np.quantile(((null.gains - chance) / np.where(spread > slack, spread, np.inf)).max(axis=1), LEVEL)
    return Judged(p, p_family, benjamini_hochberg(p), chance, chance + far * spread)


def benjamini_hochberg(p: Array) -> Array:
    """q-values of p-values [A]; NaN stays and does not count."""
    q = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known])]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q
