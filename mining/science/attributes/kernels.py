"""Compiled scans over sorted rows: the exact best binary split, for one labelling or for many at once.

With l_c, r_c the rows of class c left and right of a cut, l and r all of them, n = l + r, and t(x) = x log2 x,

    n * gain = sum_c t(l_c) + t(r_c) - t(l) - t(r)   -   ( sum_c t(n_c) - t(n) ),

so a cut costs a few look-ups in a table of t where counts are whole. Rows are sorted once; the labels of many
permutations (or the weights of many bootstrap draws) lie beside each other in memory, [N, B], so that one walk
along the order serves B of them. A cut is allowed where the value changes (`edge`), never between equal values. Of
equal cuts the first stands.
"""

from __future__ import annotations

import numba
import numpy as np

from mining.science.confusion import Array

# The functions below are compiled, so they carry no types:
# order int32 [n], rows sorted by value; edge bool [n], whether a cut may follow; code uint8 [N]; table float64, t(x).


def x_log_x(n: int) -> Array:
    """t(0) .. t(n)."""
    x = np.arange(n + 1, dtype=np.float64)
    x[1:] *= np.log2(x[1:])
    return x


@numba.njit(cache=True, nogil=True)
def edges(values, order):  # type: ignore[no-untyped-def]
    """bool [n]: the value changes after this place."""
    out = np.zeros(len(order), dtype=np.bool_)
    for i in range(len(order) - 1):
        out[i] = values[order[i]] != values[order[i + 1]]
    return out


@numba.njit(cache=True, nogil=True)
def best_cut(order, edge, code, k, table):  # type: ignore[no-untyped-def]
    """(place of the last row left of the best cut or -1, gain in bits)."""
    n = len(order)
    total = np.zeros(k, dtype=np.int64)
    left = np.zeros(k, dtype=np.int64)
    for i in range(n):
        total[code[order[i]]] += 1
    start = -table[n]
    for c in range(k):
        start += table[total[c]]
    best, at = start, -1
    for i in range(n):
        left[code[order[i]]] += 1
        if edge[i]:
            score = -table[i + 1] - table[n - i - 1]
            for c in range(k):
                score += table[left[c]] + table[total[c] - left[c]]
            if score > best:
                best, at = score, i
    return at, max(best - start, 0.0) / max(n, 1)


@numba.njit(cache=True, nogil=True)
def best_of_many(order, edge, codes, k, table, out):  # type: ignore[no-untyped-def]
    """Gains of the best cuts under B labellings; codes uint8 [N, B], out float64 [B]."""
    n, b = len(order), codes.shape[1]
    total = np.zeros((k, b), dtype=np.int64)
    for i in range(n):
        row = order[i]
        for j in range(b):
            total[codes[row, j], j] += 1
    start = np.full(b, -table[n])
    for c in range(k):
        for j in range(b):
            start[j] += table[total[c, j]]
    best = start.copy()
    if k == 2:
        _two_classes(order, edge, codes, total[1], table, best)
    else:
        _more_classes(order, edge, codes, total, table, best)
    for j in range(b):
        out[j] = (best[j] - start[j]) / max(n, 1)


@numba.njit(cache=True, nogil=True)
def _two_classes(order, edge, codes, total, table, best):  # type: ignore[no-untyped-def]
    n, b = len(order), codes.shape[1]
    ones = np.zeros(b, dtype=np.int64)
    for i in range(n):
        row = order[i]
        for j in range(b):
            ones[j] += codes[row, j]
        if edge[i]:
            l = i + 1  # noqa: E741
            base = -table[l] - table[n - l]
            for j in range(b):
                l1 = ones[j]
                r1 = total[j] - l1
                score = base + table[l1] + table[l - l1] + table[r1] + table[n - l - r1]
                best[j] = max(best[j], score)


@numba.njit(cache=True, nogil=True)
def _more_classes(order, edge, codes, total, table, best):  # type: ignore[no-untyped-def]
    n, b, k = len(order), codes.shape[1], len(total)
    left = np.zeros((k, b), dtype=np.int64)
    for i in range(n):
        row = order[i]
        for j in range(b):
            left[codes[row, j], j] += 1
        if edge[i]:
            base = -table[i + 1] - table[n - i - 1]
            for j in range(b):
                score = base
                for c in range(k):
                    score += table[left[c, j]] + table[total[c, j] - left[c, j]]
                best[j] = max(best[j], score)


@numba.njit(cache=True, nogil=True)
def best_of_weights(order, edge, code, k, weights, table, out):  # type: ignore[no-untyped-def]
    """Gains of the best cuts where rows count `weights` times; weights uint16 [N, B], out [B]."""
    n, b = len(order), weights.shape[1]
    total = np.zeros((k, b), dtype=np.int64)
    left = np.zeros((k, b), dtype=np.int64)
    both = np.zeros(b, dtype=np.int64)
    for i in range(n):
        row = order[i]
        c = code[row]
        for j in range(b):
            total[c, j] += weights[row, j]
            both[j] += weights[row, j]
    start = np.zeros(b)
    for j in range(b):
        start[j] = -table[both[j]]
        for c in range(k):
            start[j] += table[total[c, j]]
    best = start.copy()
    l = np.zeros(b, dtype=np.int64)  # noqa: E741
    for i in range(n):
        row = order[i]
        c = code[row]
        for j in range(b):
            left[c, j] += weights[row, j]
            l[j] += weights[row, j]
        if not edge[i]:
            continue
        for j in range(b):
            score = -table[l[j]] - table[both[j] - l[j]]
            for d in range(k):
                score += table[left[d, j]] + table[total[d, j] - left[d, j]]
            if score > best[j]:
                best[j] = score
    for j in range(b):
        out[j] = (best[j] - start[j]) / max(both[j], 1)


@numba.njit(cache=True, nogil=True)
def _t(x):  # type: ignore[no-untyped-def]
    return x * np.log2(x) if x > 0 else 0.0


@numba.njit(cache=True, nogil=True)
def best_of_shares(order, edge, shares, rows, weights):  # type: ignore[no-untyped-def]
    """(place, gain) where row i has the shares of row rows[i] [N, K] and counts weights[i] times."""
    n, k = len(order), shares.shape[1]
    total = np.zeros(k)
    left = np.zeros(k)
    for i in range(n):
        row = order[i]
        for c in range(k):
            total[c] += weights[row] * shares[rows[row], c]
    everything = total.sum()
    start = -_t(everything)
    for c in range(k):
        start += _t(total[c])
    best, at = start, -1
    for i in range(n):
        row = order[i]
        for c in range(k):
            left[c] += weights[row] * shares[rows[row], c]
        if edge[i]:
            l = left.sum()  # noqa: E741
            score = -_t(l) - _t(everything - l)
            for c in range(k):
                score += _t(left[c]) + _t(total[c] - left[c])
            if score > best + 1e-12 * n:
                best, at = score, i
    return at, (best - start) / everything if everything > 0 else 0.0


@numba.njit(cache=True, nogil=True)
def level_counts(level, n_levels, code, k, weights):  # type: ignore[no-untyped-def]
    """Rows by level and class, float64 [L, K]; level -1 is missing."""
    counts = np.zeros((n_levels, k))
    for i in range(len(level)):
        if level[i] >= 0:
            counts[level[i], code[i]] += weights[i]
    return counts


@numba.njit(cache=True, nogil=True)
def best_levels(counts):  # type: ignore[no-untyped-def]
    """(class by whose share the levels are sorted, how many of them lie left, gain) from counts [L, K].

    For two classes no division of the levels into two gains more than one along the order of their shares
    (Breiman et al. 1984), so this is exact; for more it is the best along the order of any one class.
    """
    n_levels, k = counts.shape
    sums = np.zeros(n_levels)
    total = np.zeros(k)
    for v in range(n_levels):
        for c in range(k):
            sums[v] += counts[v, c]
            total[c] += counts[v, c]
    everything = total.sum()
    start = -_t(everything)
    for c in range(k):
        start += _t(total[c])
    best, best_class, at = start, k - 1, 0
    share = np.empty(n_levels)
    for by in range(1 if k == 2 else 0, k):
        for v in range(n_levels):
            share[v] = counts[v, by] / sums[v] if sums[v] > 0 else -1.0
        order = np.argsort(share)
        left = np.zeros(k)
        for place in range(n_levels - 1):
            for c in range(k):
                left[c] += counts[order[place], c]
            l = left.sum()  # noqa: E741
            score = -_t(l) - _t(everything - l)
            for c in range(k):
                score += _t(left[c]) + _t(total[c] - left[c])
            if score > best + 1e-12 * max(everything, 1.0):
                best, best_class, at = score, by, place + 1
    return best_class, at, (best - start) / everything if everything > 0 else 0.0


@numba.njit(cache=True, nogil=True)
def shuffled(codes, segments, uniform):  # type: ignore[no-untyped-def]
    """Codes shuffled within the segments (bounds [G + 1]) by numbers from 0 to 1 [N] (Fisher and Yates); in place."""
    for g in range(len(segments) - 1):
        start = segments[g]
        for i in range(segments[g + 1] - 1, start, -1):
            j = start + int(uniform[i] * (i - start + 1))
            codes[i], codes[j] = codes[j], codes[i]
