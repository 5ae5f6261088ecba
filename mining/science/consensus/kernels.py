"""Compiled loops over votes: the E- and the M-step of every model with one matrix a volunteer.

Votes lie sorted by item (`Votes.by_item`); one pass over them does the E-step of an item and, while its votes
are still in the cache, its share of the M-step:

    E-step   log p_i[c] = log prior[c] + sum over the votes (v, l) on i of log L_v[c, l], normalised
    M-step   N_v[c, l] += w_i p_i[c] for each of these votes that is learned; w_i is 1, or what the item teaches

Tables lie as [V * K (v, l), K (c)], so that what one vote needs is one short run of memory. For up to `UNROLLED`
classes and large tables the loops are compiled for the very number of classes, which gives the same bits in half the
time.

What is needed a few votes later is asked of the memory beforehand (mining/science/prefetch.py); the counts of a vote
together with its row of L_v, so that the M-step finds them in the cache.

**Reproducible.** Items are cut into chunks by the sizes of the table alone, never by the number of processors; each
chunk adds into counts of its own, and these are added in the order of the chunks. Threads work on chunks; the
compiled code lets go of Python's lock, so two processors are two times as fast, and it may be called from any thread.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from mining.science.confusion import Array
from mining.science.prefetch import AHEAD, prefetch
from mining.science.sorting import ByItem
from mining.science.votes import Codes

UNROLLED = 8
LARGE = 1_000_000  # votes from which compiling once more pays
BLOCK_ROWS = 8192  # of a table, worked on together
ALIKE = np.empty(0)  # w: every item teaches the same


def em_pass(
    table: ByItem,
    log_prior: Array,
    log_confusion: Array,
    gold: Codes,
    p: Array,
    counts: Array,
    worth: Array = ALIKE,
) -> npt.NDArray[np.float32]:
    """One E-step and the M-step's counts, in place; returns how far each item's probabilities moved, float32 [I].

    log_prior [K]; log_confusion [V * K, K] (see above); gold int32 [I], the known answer or -1; p [I, K], overwritten;
    counts [V * K, K], overwritten with N_v; worth [I], w, or `ALIKE`.
    """
    classes, moved = _classes(len(log_prior), len(table.cell)), np.empty(len(p), dtype=np.float32)

    def work(start: int, stop: int, part: Array) -> None:
        _chunk(
            start, stop, table.offsets, table.cell, table.learned,
            log_prior, log_confusion, gold, p, part, moved, worth, classes,
        )  # fmt: skip

    _in_chunks(table, counts, work)
    return moved


def count_pass(table: ByItem, p: Array, counts: Array, worth: Array = ALIKE) -> None:
    """The M-step's counts alone: counts [V * K, K], overwritten with N_v as the probabilities p [I, K] tell it."""
    classes = _classes(p.shape[1], len(table.cell))

    def work(start: int, stop: int, part: Array) -> None:
        _count(start, stop, table.offsets, table.cell, table.learned, p, part, worth, classes)

    _in_chunks(table, counts, work)


def _in_chunks(table: ByItem, counts: Array, work: Callable[[int, int, Array], None]) -> None:
    """The work on each chunk, with counts of its own, added in order."""
    k = counts.shape[1]
    bounds = table.chunks(len(counts) // k, k).tolist()
    n = len(bounds) - 1
    parts = [counts, *(np.empty_like(counts) for _ in range(n - 1))]

    def one(at: int) -> None:
        parts[at][:] = 0.0
        work(bounds[at], bounds[at + 1], parts[at])

    def add(rows: slice) -> None:
        for part in parts[1:]:
            counts[rows] += part[rows]

    in_threads(one, range(n))
    if n > 1:
        in_threads(add, blocks(len(counts), BLOCK_ROWS))


def in_threads(work: Callable[[Any], None], pieces: Sequence[Any]) -> None:
    """The work on each piece, on as many threads as there are processors; nothing may depend on which is first."""
    threads = min(len(pieces), len(os.sched_getaffinity(0)))
    if threads < 2:
        for piece in pieces:
            work(piece)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, pieces))


def blocks(rows: int, size: int) -> list[slice]:
    """All rows, so many at a time: what is worked on then stays in the cache."""
    return [slice(at, min(at + size, rows)) for at in range(0, rows, size)]


def _classes(k: int, votes: int) -> tuple[int, ...] | npt.NDArray[np.uint8]:
    """A thing of length K: a tuple's length is part of its type, so the compiler knows it."""
    return (0,) * k if k <= UNROLLED and votes >= LARGE else np.zeros(k, dtype=np.uint8)


def transposed(matrices: Array) -> Array:
    """[V, K (c), K (l)] as the table [V * K (l), K (c)] of the compiled loops, and a table as matrices."""
    v, k, _ = matrices.shape
    return np.ascontiguousarray(matrices.transpose(0, 2, 1)).reshape(v * k, k)


def matrices_of(table: Array) -> Array:
    """The inverse of `transposed`: [V * K (l), K (c)] as [V, K (c), K (l)]."""
    k = table.shape[1]
    return np.ascontiguousarray(table.reshape(-1, k, k).transpose(0, 2, 1))


@numba.njit(cache=True, nogil=True)
def _chunk(start, stop, offsets, cell, learned, log_prior, table, gold, p, counts, moved, worth, classes):  # type: ignore[no-untyped-def]  # noqa: C901 - one loop, compiled as a whole
    k = len(classes)
    last = offsets[stop] - 1
    new = np.empty(k)
    for i in range(start, stop):
        if gold[i] >= 0:
            new[:] = 0.0
            new[gold[i]] = 1.0
        else:
            for c in range(k):
                new[c] = log_prior[c]
            for n in range(offsets[i], offsets[i + 1]):
                ahead, row = cell[min(n + AHEAD, last)], cell[n]
                prefetch(table, ahead, 0)
                prefetch(table, ahead, k - 1)  # a row may lie across two lines of memory
                prefetch(counts, ahead, 0)
                prefetch(counts, ahead, k - 1)
                for c in range(k):
                    new[c] += table[row, c]
            top = new[0]
            for c in range(1, k):
                top = max(top, new[c])
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
        moved[i] = furthest
        if len(worth):
            for c in range(k):
                new[c] *= worth[i]
        for n in range(offsets[i], offsets[i + 1]):
            if len(learned) == 0 or learned[n]:
                row = cell[n]
                for c in range(k):
                    counts[row, c] += new[c]


@numba.njit(cache=True, nogil=True)
def _count(start, stop, offsets, cell, learned, p, counts, worth, classes):  # type: ignore[no-untyped-def]
    k = len(classes)
    for i in range(start, stop):
        share = worth[i] if len(worth) else 1.0
        for n in range(offsets[i], offsets[i + 1]):
            if len(learned) == 0 or learned[n]:
                row = cell[n]
                for c in range(k):
                    counts[row, c] += share * p[i, c]
