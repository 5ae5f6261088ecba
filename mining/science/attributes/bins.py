"""Partitions of an attribute into more than two parts, and what they tell of the classes.

**Equal-frequency**: up to `BINS` bins cut at the quantiles, none between equal values. Their mutual information
with the classes is biased upward by chance; Miller and Madow (1955) take (B - 1)(K - 1) / (2 N ln 2) away, with B
bins in use, K classes and N rows. On an attribute that says nothing the corrected number is 0 on average, so it may
be negative.

**MDL** (Fayyad, Irani 1993): cut recursively at the best binary split, as long as its gain is worth its description,

    gain > ( log2(N - 1) + log2(3^k - 2) - k H(S) + k1 H(S1) + k2 H(S2) ) / N,

with k, k1, k2 the classes that occur in the part and in its two halves.

Both work on cumulated class weights along the sorted values, [n + 1, K]. A category's levels are its bins.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from mining.science.attributes.columns import Categories, Rows
from mining.science.attributes.labels import Labels
from mining.science.attributes.splits import Prepared, counts_by_level, numbers
from mining.science.confusion import Array
from mining.science.uncertainty import entropy_bits

BINS = 10


class Binned(NamedTuple):
    """bits: mutual information of bins and classes; corrected: Miller-Madow's; bins: how many are in use."""

    bits: float
    corrected: float
    bins: int


class Mdl(NamedTuple):
    """bits of the MDL partition and its cuts, ascending; 0 and () where no cut is worth its description."""

    bits: float
    cuts: tuple[float, ...]


def mutual_information(counts: Array) -> float:
    """Bits that the rows of counts [B, K] tell of the columns."""
    total = counts.sum()
    if total <= 0:
        return 0.0
    parts = counts.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        within = entropy_bits(np.nan_to_num(counts / parts[:, None]))
    return max(float(entropy_bits(counts.sum(axis=0) / total) - (parts * within).sum() / total), 0.0)


def corrected(counts: Array) -> Binned:
    """Mutual information of counts [B, K], and without its upward bias."""
    used, classes = int((counts.sum(axis=1) > 0).sum()), int((counts.sum(axis=0) > 0).sum())
    bits = mutual_information(counts)
    bias = (used - 1) * (classes - 1) / (2 * max(float(counts.sum()), 1.0) * np.log(2))
    return Binned(bits, bits - max(bias, 0.0), used)


def cumulated(prepared: Prepared, labels: Labels) -> Array:
    """Class weights of the first 0, 1, .. n rows along the order, float64 [n + 1, K]."""
    out = np.zeros((len(prepared) + 1, len(labels.classes)))
    weights = labels.weights() if labels.codes is None else None
    for c in range(out.shape[1]):
        of_class = labels.codes == c if weights is None else weights[:, c]
        np.cumsum(np.asarray(of_class)[prepared.present], out=out[1:, c])
    return out


def bounds(prepared: Prepared, bins: int = BINS) -> Rows:
    """int64 [B + 1], places in the order where the bins begin, 0 and n among them."""
    values = numbers(prepared).values[prepared.present]
    cuts = np.quantile(values, np.arange(1, bins) / bins) if len(values) else np.empty(0)
    return np.unique(np.concatenate([[0], np.searchsorted(values, cuts, side="right"), [len(values)]]))


def equal_frequency(
    prepared: Prepared, labels: Labels, sums: Array | None = None, bins: int = BINS
) -> Binned:
    """The partition's information; `sums` are the cumulated weights, where they are at hand."""
    if isinstance(prepared.column, Categories):
        return corrected(counts_by_level(prepared, labels))
    sums = cumulated(prepared, labels) if sums is None else sums
    return corrected(np.diff(sums[bounds(prepared, bins)], axis=0))


def mdl(prepared: Prepared, labels: Labels, sums: Array | None = None) -> Mdl:
    """The MDL partition of numbers; of categories all levels, without cuts."""
    column = prepared.column
    if isinstance(column, Categories):
        return Mdl(mutual_information(counts_by_level(prepared, labels)), ())
    sums = cumulated(prepared, labels) if sums is None else sums
    places: list[int] = []
    waiting = [(0, len(prepared))]
    while waiting:
        start, stop = waiting.pop()
        at = _worth(start, stop, sums, prepared.edge)
        if at > 0:
            places.append(at)
            waiting += [(start, at), (at, stop)]
    places.sort()
    values = column.values[prepared.present]
    cuts = tuple(float(values[at - 1] / 2 + values[at] / 2) for at in places)
    return Mdl(mutual_information(np.diff(sums[[0, *places, len(prepared)]], axis=0)), cuts)


@numba.njit(cache=True, nogil=True)
def _h(weights):  # type: ignore[no-untyped-def]
    """(sum of weights, its entropy in bits, classes that occur)."""
    total = weights.sum()
    bits, used = 0.0, 0
    for w in weights:
        if w > 1e-9:
            used += 1
            bits -= w / total * np.log2(w / total)
    return total, bits, used


@numba.njit(cache=True, nogil=True)
def _worth(start, stop, sums, edge):  # type: ignore[no-untyped-def]
    """Where to cut the part, or -1."""
    n, bits, used = _h(sums[stop] - sums[start])
    if n < 2 or used < 2:
        return -1
    k = sums.shape[1]
    best, at = np.inf, -1
    for i in range(start, stop - 1):
        if edge[i]:
            score = 0.0
            l = r = 0.0  # noqa: E741
            for c in range(k):
                left, right = sums[i + 1, c] - sums[start, c], sums[stop, c] - sums[i + 1, c]
                l += left  # noqa: E741
                r += right
                if left > 0:
                    score -= left * np.log2(left)
                if right > 0:
                    score -= right * np.log2(right)
            if l > 0 and r > 0:
                score += l * np.log2(l) + r * np.log2(r)
                if score < best:
                    best, at = score, i + 1
    if at < 0:
        return -1
    n1, bits1, used1 = _h(sums[at] - sums[start])
    n2, bits2, used2 = _h(sums[stop] - sums[at])
    gain = bits - (n1 * bits1 + n2 * bits2) / n
    delta = np.log2(3.0**used - 2.0) - used * bits + used1 * bits1 + used2 * bits2
    return at if gain > (np.log2(n - 1) + delta) / n else -1
