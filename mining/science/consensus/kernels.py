"""Compiled loops over votes: the E- and the M-step of every model with one matrix a volunteer.

Votes are sorted by item once (`by_item`); then one pass over them does the E-step of an item and, while its votes
are still in the cache, its share of the M-step:

    E-step   log p_i[c] = log prior[c] + sum over the votes (v, l) on i of log L_v[c, l], normalised
    M-step   N_v[c, l] += p_i[c] for each of these votes that is learned

Tables lie as [V * K (v, l), K (c)], so that what one vote needs is one short run of memory.

**Reproducible.** Items are cut into chunks by the sizes of the table alone, never by the number of processors; each
chunk adds into counts of its own, and these are added in the order of the chunks. Threads work on chunks; the
compiled code lets go of Python's lock, so two processors are two times as fast, and it may be called from any thread.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from mining.science.confusion import Array
from mining.science.votes import Codes, Votes

MAX_CHUNKS = 8
CHUNK_VOTES = 100_000  # fewer are not worth a thread

Offsets = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ByItem:
    """Votes sorted by item, in order of rows within one.

    offsets int64 [I + 1]: the votes of item i are offsets[i] to offsets[i + 1]
    cell    int32 [N], v * K + l of each
    learned bool [N], or of length 0 where all are
    chunks  int64 [n + 1], bounds of the items of each chunk
    """

    offsets: Offsets
    cell: Codes
    learned: Flags
    chunks: Offsets


def by_item(votes: Votes) -> ByItem:
    """The table sorted for `em_pass`; O(N)."""
    items, volunteers, k = votes.shape
    learned = np.empty(0, dtype=np.bool_) if votes.learned is None else votes.learned
    offsets, cell, flags = _sort(votes.item, votes.volunteer, votes.label, learned, items, k)
    # As many chunks as have room: the counts of all chunks together hold no more numbers than there are votes.
    n = int(np.clip(min(len(votes) // CHUNK_VOTES, len(votes) // (volunteers * k * k)), 1, MAX_CHUNKS))
    bounds = np.searchsorted(offsets, np.linspace(0, len(votes), n + 1)).astype(np.int64)
    bounds[0], bounds[-1] = 0, items
    return ByItem(offsets, cell, flags, bounds)


def em_pass(
    table: ByItem, log_prior: Array, log_confusion: Array, gold: Codes, p: Array, counts: Array
) -> float:
    """One E-step and the M-step's counts, in place; returns how far an item's probabilities moved, on average.

    log_prior [K]; log_confusion [V * K, K] (see above); gold int32 [I], the known answer or -1; p [I, K], overwritten;
    counts [V * K, K], overwritten with N_v.
    """
    n = len(table.chunks) - 1
    parts = [counts, *(np.empty_like(counts) for _ in range(n - 1))]

    def work(at: int) -> float:
        parts[at][:] = 0.0
        return float(
            _chunk(
                table.chunks[at], table.chunks[at + 1], table.offsets, table.cell, table.learned,
                log_prior, log_confusion, gold, p, parts[at],
            )
        )  # fmt: skip

    if n == 1:
        return work(0) / len(p)
    with ThreadPoolExecutor(min(n, len(os.sched_getaffinity(0)))) as pool:
        moved = sum(pool.map(work, range(n)))
    for part in parts[1:]:
        counts += part
    return moved / len(p)


def transposed(matrices: Array) -> Array:
    """[V, K (c), K (l)] as the table [V * K (l), K (c)] of the compiled loops, and a table as matrices."""
    v, k, _ = matrices.shape
    return np.ascontiguousarray(matrices.transpose(0, 2, 1)).reshape(v * k, k)


def matrices_of(table: Array) -> Array:
    """The inverse of `transposed`: [V * K (l), K (c)] as [V, K (c), K (l)]."""
    k = table.shape[1]
    return np.ascontiguousarray(table.reshape(-1, k, k).transpose(0, 2, 1))


@numba.njit(cache=True, nogil=True)
def _sort(item, volunteer, label, learned, items, k):  # type: ignore[no-untyped-def]
    """Counting sort; keeps the order of rows within an item."""
    offsets = np.zeros(items + 1, dtype=np.int64)
    for i in item:
        offsets[i + 1] += 1
    for i in range(items):
        offsets[i + 1] += offsets[i]
    free = offsets[:-1].copy()
    cell = np.empty(len(item), dtype=np.int32)
    flags = np.empty(len(learned), dtype=np.bool_)
    for n in range(len(item)):
        at = free[item[n]]
        free[item[n]] = at + 1
        cell[at] = volunteer[n] * k + label[n]
        if len(learned):
            flags[at] = learned[n]
    return offsets, cell, flags


@numba.njit(cache=True, nogil=True)
def _chunk(start, stop, offsets, cell, learned, log_prior, table, gold, p, counts):  # type: ignore[no-untyped-def]
    k = len(log_prior)
    moved = 0.0
    new = np.empty(k)
    for i in range(start, stop):
        if gold[i] >= 0:
            new[:] = 0.0
            new[gold[i]] = 1.0
        else:
            new[:] = log_prior
            for n in range(offsets[i], offsets[i + 1]):
                row = cell[n]
                for c in range(k):
                    new[c] += table[row, c]
            top = new.max()
            total = 0.0
            for c in range(k):
                new[c] = np.exp(new[c] - top)
                total += new[c]
            for c in range(k):
                new[c] /= total
        furthest = 0.0
        for c in range(k):
            furthest = max(furthest, abs(new[c] - p[i, c]))
            p[i, c] = new[c]
        moved += furthest
        for n in range(offsets[i], offsets[i + 1]):
            if len(learned) == 0 or learned[n]:
                row = cell[n]
                for c in range(k):
                    counts[row, c] += new[c]
    return moved
