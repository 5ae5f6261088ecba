"""Numbers of any size to codes 0, 1, 2, ... in order of first appearance, many millions a second, piece by piece.

A table with open addresses (linear probing, at most half full), which grows. `np.unique` would sort each piece and
all of them together.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
FREE = -1
FIRST_SIZE = 1024


class Numbering:
    """`known`: the ids of the codes 0, 1, ... given; then any other id is a KeyError."""

    def __init__(self, known: Ids | None = None) -> None:
        self._names = np.empty(FIRST_SIZE, dtype=np.int64)
        self._slots = np.full(4 * FIRST_SIZE, FREE, dtype=np.int32)
        self._size = 0
        self._closed = False
        if known is not None:
            self.codes(known)
            self._closed = True

    def __len__(self) -> int:
        return self._size

    @property
    def names(self) -> Ids:
        """int64 [n], the id of each code."""
        return self._names[: self._size].copy()

    def codes(self, ids: Ids) -> npt.NDArray[np.int32]:
        """int32 [N]; new ids get the next codes."""
        out = np.empty(len(ids), dtype=np.int32)
        done = 0
        while done < len(ids):
            done, size = _number(ids, done, self._slots, self._names, self._size, out)
            if size > self._size and self._closed:
                raise KeyError(int(self._names[self._size]))
            self._size = size
            if done < len(ids):
                self._grow()
        return out

    def _grow(self) -> None:
        names = np.empty(4 * len(self._names), dtype=np.int64)
        names[: self._size] = self._names[: self._size]
        slots = np.full(4 * len(self._slots), FREE, dtype=np.int32)
        _number(names[: self._size], 0, slots, names.copy(), 0, np.empty(self._size, dtype=np.int32))
        self._names, self._slots = names, slots


@numba.njit(cache=True, nogil=True)
def _number(ids, start, slots, names, size, out):  # type: ignore[no-untyped-def]
    """Codes of ids[start:] until the names are full; returns how far it came, and how many names there are."""
    mask = np.uint64(len(slots) - 1)
    for n in range(start, len(ids)):
        one = ids[n]
        at = ((np.uint64(one) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & mask
        while slots[at] != -1 and names[slots[at]] != one:
            at = (at + np.uint64(1)) & mask
        if slots[at] == -1:
            if size == len(names):
                return n, size
            slots[at] = size
            names[size] = one
            size += 1
        out[n] = slots[at]
    return len(ids), size
