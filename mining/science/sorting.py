"""Votes sorted by item, in compiled loops: what tells repeated rows, and what every pass over a large table reads.

In order of rows a table is read all over memory; by item it is read from front to end, and only the volunteers'
tables are met at random. So it is sorted once (counting sort, O(N)), when a `Votes` is made, and kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numba
import numpy as np
import numpy.typing as npt

from mining.science.coding import Codes

MAX_CHUNKS = 8
CHUNK_VOTES = 100_000  # fewer are not worth a thread
BLOCK = 2**20  # codes looked at together

Kind = TypeVar("Kind", bound=np.generic)

Offsets = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ByItem:
    """Votes sorted by item, in order of rows within one.

    offsets int64 [I + 1]: the votes of item i are offsets[i] to offsets[i + 1]
    cell    int32 [N] (int64 where V * K is too large), v * K + l of each
    learned bool [N], or of length 0 where all are
    """

    offsets: Offsets
    cell: npt.NDArray[np.int32] | npt.NDArray[np.int64]
    learned: Flags

    def chunks(self, volunteers: int, k: int) -> Offsets:
        """int64 [n + 1], bounds of the items of each chunk: by the sizes of the table alone.

        As many as have room: the counts of all chunks together hold no more numbers than there are votes.
        """
        n = len(self.cell)
        most = int(np.clip(min(n // CHUNK_VOTES, n // (volunteers * k * k)), 1, MAX_CHUNKS))
        bounds = np.searchsorted(self.offsets, np.linspace(0, n, most + 1)).astype(np.int64)
        bounds[0], bounds[-1] = 0, len(self.offsets) - 1
        return bounds

    def some(self, items: npt.NDArray[np.int64]) -> ByItem:
        """The votes of these items alone, which are then numbered from 0."""
        sizes = np.diff(self.offsets)[items]
        offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes)])
        rows = np.arange(offsets[-1]) + np.repeat(self.offsets[items] - offsets[:-1], sizes)
        return ByItem(offsets, self.cell[rows], self.learned[rows] if len(self.learned) else self.learned)


def by_item(
    item: Codes, volunteer: Codes, label: Codes, learned: Flags | None, shape: tuple[int, int, int]
) -> ByItem:
    """The columns [N] sorted; `shape` is (I, V, K)."""
    items, volunteers, k = shape
    kind = np.int32 if volunteers * k < 2**31 else np.int64
    flags = np.empty(0, dtype=np.bool_) if learned is None else learned
    offsets, cell, flags = _sort(item, volunteer, label, flags, items, np.empty(0, dtype=kind), k)
    return ByItem(offsets, cell, flags)


def counted(codes: Codes, size: int) -> npt.NDArray[np.int64]:
    """How often each code 0..size - 1 occurs, int64 [size]. Some at a time: NumPy makes them all int64 first."""
    found = np.zeros(size, dtype=np.int64)
    for at in range(0, len(codes), BLOCK):
        found += np.bincount(codes[at : at + BLOCK], minlength=size)
    return found


def looked_up(values: npt.NDArray[Kind], codes: Codes) -> npt.NDArray[Kind]:
    """values[codes], [N]; some at a time, for the same reason."""
    found = np.empty(len(codes), dtype=values.dtype)
    for at in range(0, len(codes), BLOCK):
        found[at : at + BLOCK] = values[codes[at : at + BLOCK]]
    return found


def has_repeats(table: ByItem, volunteers: int, k: int) -> bool:
    """Whether a volunteer stands twice at one item."""
    return bool(_repeats(table.offsets, table.cell, volunteers, k))


def tallies(table: ByItem, weights: npt.NDArray[np.float64], k: int) -> tuple[npt.NDArray[np.float64], ...]:
    """Sums of weights by item and label [I, K], and of their squares by item [I]; weights [V], one a volunteer."""
    items = len(table.offsets) - 1
    sums, squares = np.zeros((items, k)), np.zeros(items)
    _tally(table.offsets, table.cell, weights, sums, squares)
    return sums, squares


@numba.njit(cache=True, nogil=True)
def _sort(item, volunteer, label, learned, items, kind, k):  # type: ignore[no-untyped-def]
    """Counting sort; keeps the order of rows within an item. `kind` is an empty array of the type of cells."""
    offsets = np.zeros(items + 1, dtype=np.int64)
    for i in item:
        offsets[i + 1] += 1
    for i in range(items):
        offsets[i + 1] += offsets[i]
    free = offsets[:-1].copy()
    cell = np.empty(len(item), dtype=kind.dtype)
    flags = np.empty(len(learned), dtype=np.bool_)
    for n in range(len(item)):
        at = free[item[n]]
        free[item[n]] = at + 1
        cell[at] = np.int64(volunteer[n]) * k + label[n]
        if len(learned):
            flags[at] = learned[n]
    return offsets, cell, flags


@numba.njit(cache=True, nogil=True)
def _repeats(offsets, cell, volunteers, k):  # type: ignore[no-untyped-def]
    last = np.full(volunteers, -1, dtype=np.int64)  # the item that a volunteer was last met on
    for i in range(len(offsets) - 1):
        for n in range(offsets[i], offsets[i + 1]):
            who = cell[n] // k
            if last[who] == i:
                return True
            last[who] = i
    return False


@numba.njit(cache=True, nogil=True)
def _tally(offsets, cell, weights, tallies, squares):  # type: ignore[no-untyped-def]
    k = tallies.shape[1]
    for i in range(len(squares)):
        for n in range(offsets[i], offsets[i + 1]):
            w = weights[cell[n] // k]
            tallies[i, cell[n] % k] += w
            squares[i] += w * w
