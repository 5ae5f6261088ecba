"""The exact best binary split of an attribute: over the rows where it is present, never between equal values.

`prepare` sorts a column once; everything else reuses the order. Numbers: left are values <= threshold, the middle
between two neighbours. Categories: left are the levels in which the positive (or the named) class is rarer.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from mining.science.attributes import kernels
from mining.science.attributes.columns import Categories, Column, Numbers
from mining.science.attributes.labels import Labels
from mining.science.coding import Codes
from mining.science.confusion import Array

T = TypeVar("T")
S = TypeVar("S")


@dataclass(frozen=True)
class Prepared:
    """A column of labelled rows [N], sorted.

    present: int32 [n], its rows that are not missing; for numbers in ascending order
    edge   : bool [n], whether a cut may follow; empty for categories
    """

    column: Column
    present: Codes
    edge: npt.NDArray[np.bool_]

    @property
    def name(self) -> str:
        return self.column.name

    def __len__(self) -> int:
        return len(self.present)


@dataclass(frozen=True)
class Cut:
    """gain in bits; `threshold` of numbers, or `levels` of the right side; neither where no cut gains anything.
    place: rows left of the cut."""

    gain: float
    threshold: float | None = None
    levels: tuple[str, ...] | None = None
    place: int = 0

    @property
    def text(self) -> str:
        """The threshold in full, or the levels on the right side with a bar between."""
        if self.levels is not None:
            return "|".join(self.levels)
        return "" if self.threshold is None else repr(self.threshold)


def prepare(column: Column) -> Prepared:
    """Sort a column; O(N log N)."""
    present = np.flatnonzero(~column.missing).astype(np.int32)
    if isinstance(column, Categories):
        return Prepared(column, present, np.empty(0, dtype=np.bool_))
    if len(present) == len(column.values):
        order = np.argsort(column.values).astype(np.int32)
    else:
        order = present[np.argsort(column.values[present])]
    return Prepared(column, order, kernels.edges(column.values, order))


def over(columns: Iterable[S], work: Callable[[S], T]) -> list[T]:
    """The work on each column, on as many threads as there are processors; the compiled loops and NumPy's sort let go
    of Python's lock. The results do not depend on how many there are."""
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        return list(pool.map(work, columns))


def categories(prepared: Prepared) -> Categories:
    """The column, which must be one of categories."""
    if not isinstance(prepared.column, Categories):
        raise TypeError(f"{prepared.name} holds numbers")
    return prepared.column


def numbers(prepared: Prepared) -> Numbers:
    """The column, which must be one of numbers."""
    if not isinstance(prepared.column, Numbers):
        raise TypeError(f"{prepared.name} holds categories")
    return prepared.column


def best_split(prepared: Prepared, labels: Labels, table: Array) -> Cut:
    """`table` is kernels.x_log_x of at least the number of rows."""
    column = prepared.column
    if isinstance(column, Categories):
        by, at, gain = kernels.best_levels(counts_by_level(prepared, labels))
        if at == 0:
            return Cut(0.0)
        return Cut(float(gain), levels=_right_levels(prepared, labels, by, at))
    if labels.codes is not None:
        place, gain = kernels.best_cut(
            prepared.present, prepared.edge, labels.codes, len(labels.classes), table
        )
    else:
        rows, ones = np.arange(len(labels), dtype=np.int32), np.ones(len(labels))
        place, gain = kernels.best_of_shares(prepared.present, prepared.edge, labels.shares, rows, ones)
    if place < 0:
        return Cut(0.0)
    return Cut(float(gain), threshold=_between(column, prepared.present, place), place=int(place) + 1)


def _between(column: Numbers, order: Codes, place: int) -> float:
    """The middle of two neighbours, or the lower where no number lies between."""
    low, high = float(column.values[order[place]]), float(column.values[order[place + 1]])
    middle = low / 2 + high / 2
    return middle if low <= middle < high else low


def counts_by_level(prepared: Prepared, labels: Labels) -> Array:
    """Rows (or shares) by level and class, float64 [L, K]."""
    column = categories(prepared)
    if labels.codes is not None:
        ones = np.ones(len(labels))
        return np.asarray(
            kernels.level_counts(column.codes, len(column.levels), labels.codes, len(labels.classes), ones)
        )
    level, shares = column.codes[prepared.present], labels.weights()[prepared.present]
    return np.column_stack(
        [np.bincount(level, weights=share, minlength=len(column.levels)) for share in shares.T]
    )


def _right_levels(prepared: Prepared, labels: Labels, by: int, at: int) -> tuple[str, ...]:
    column = categories(prepared)
    counts = counts_by_level(prepared, labels)
    sums = counts.sum(axis=1)
    share = np.where(sums > 0, counts[:, by] / np.where(sums > 0, sums, 1.0), -1.0)
    order = np.argsort(share)
    # the compiled order may differ among equal shares; those lie on one side of a best cut
    edge = np.sort(share)[at - 1 : at + 1].mean()
    return tuple(column.levels[v] for v in sorted(order.tolist()) if share[v] > edge and sums[v] > 0)


def gains_of_many(prepared: Prepared, codes: npt.NDArray[np.uint8], k: int, table: Array) -> Array:
    """Best gains under B labellings, float64 [B]; codes uint8 [N, B]."""
    out = np.zeros(codes.shape[1])
    column = prepared.column
    if isinstance(column, Numbers):
        kernels.best_of_many(prepared.present, prepared.edge, codes, k, table, out)
        return out
    ones = np.ones(len(codes))
    for b in range(len(out)):
        counts = kernels.level_counts(column.codes, len(column.levels), codes[:, b], k, ones)
        out[b] = kernels.best_levels(counts)[2]
    return out


def gains_of_shares(prepared: Prepared, labels: Labels, rows: Codes) -> Array:
    """The same where each row takes the shares of another; rows int32 [N, B]."""
    out, ones, shares = np.zeros(rows.shape[1]), np.ones(len(labels)), labels.weights()
    for b in range(len(out)):
        taken = np.ascontiguousarray(rows[:, b])
        if isinstance(prepared.column, Numbers):
            out[b] = kernels.best_of_shares(prepared.present, prepared.edge, shares, taken, ones)[1]
        else:
            moved = Labels(labels.classes, labels.rows, labels.n_rows, shares=shares[taken])
            out[b] = kernels.best_levels(counts_by_level(prepared, moved))[2]
    return out


def gains_of_weights(
    prepared: Prepared, labels: Labels, weights: npt.NDArray[np.uint16], table: Array
) -> Array:
    """Best gains where rows count several times or not at all; weights uint16 [N, B]."""
    out, k = np.zeros(weights.shape[1]), len(labels.classes)
    column = prepared.column
    if isinstance(column, Numbers) and labels.codes is not None:
        kernels.best_of_weights(prepared.present, prepared.edge, labels.codes, k, weights, table, out)
        return out
    rows = np.arange(len(labels), dtype=np.int32)
    for b in range(len(out)):
        weight = weights[:, b].astype(np.float64)
        if isinstance(column, Numbers):
            out[b] = kernels.best_of_shares(prepared.present, prepared.edge, labels.shares, rows, weight)[1]
        elif labels.codes is not None:
            counts = kernels.level_counts(column.codes, len(column.levels), labels.codes, k, weight)
            out[b] = kernels.best_levels(counts)[2]
        else:
            weighed = labels.weights() * weight[:, None]
            moved = Labels(labels.classes, labels.rows, labels.n_rows, shares=weighed)
            out[b] = kernels.best_levels(counts_by_level(prepared, moved))[2]
    return out
