"""Rows that are alike in what may confound: codes 0, 1, ... a row, -1 where it is not known."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mining.science.coding import Codes
from mining.science.confusion import Array


def quantile_strata(values: Array, n: int = 10) -> Codes:
    """int32 [N]: parts of equal size of a number such as time or a volunteer's skill; -1 where missing."""
    present = values[~np.isnan(values)]
    cuts = np.unique(np.quantile(present, np.arange(1, n) / n)) if len(present) else np.empty(0)
    return np.where(np.isnan(values), -1, np.searchsorted(cuts, values, side="right")).astype(np.int32)


def sky_strata(ra: Array, dec: Array, bands: int = 6) -> Codes:
    """int32 [N]: cells of equal area on the sky, `bands` of equal sin(dec) and twice as many of right ascension,
    both in degrees; -1 where missing."""
    band = np.minimum((np.sin(np.radians(dec)) + 1) / 2 * bands, bands - 1e-9)
    cell = np.floor(np.where(np.isnan(band), 0, band)) * 2 * bands + np.floor(
        np.nan_to_num(ra) % 360 / 360 * 2 * bands
    )
    return np.where(np.isnan(ra) | np.isnan(dec), -1, cell).astype(np.int32)


def both_strata(one: Codes, other: Codes) -> Codes:
    """The strata of two together; -1 where either is."""
    cell = one.astype(np.int64) * (int(other.max(initial=0)) + 1) + other
    known = (one >= 0) & (other >= 0)
    found = np.full(len(one), -1, dtype=np.int32)
    found[known] = np.unique(cell[known], return_inverse=True)[1]
    return found


def all_strata(those: Iterable[Codes], n: int) -> Codes:
    """The strata of several together; of none, one that holds all n rows."""
    found = np.zeros(n, dtype=np.int32)
    for each in those:
        found = both_strata(found, each)
    return found
