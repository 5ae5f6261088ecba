"""Columns to integer codes, fast and lean: what `votes.encode` is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numba
import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

Codes = npt.NDArray[np.int32]
Names = npt.NDArray[np.str_]
Column: TypeAlias = Sequence[Any] | npt.NDArray[Any] | pl.Series | pa.ChunkedArray


class Coded(NamedTuple):
    """codes int32 [N] into names; -1 where the value is missing or empty. Names in order of first appearance."""

    codes: Codes
    names: Names


def coded(column: Column) -> Coded:
    """One column; values are compared as text."""
    array = column if isinstance(column, pa.ChunkedArray) else _arrow(column)
    array = pa.chunked_array([array]) if isinstance(array, pa.Array) else array
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    one = array.unify_dictionaries().combine_chunks()
    if isinstance(one, pa.ChunkedArray):  # no chunk, or more than fit in one
        one = one.chunk(0) if one.num_chunks else pa.array([], pa.string()).dictionary_encode()
    values = pl.Series(pl.from_arrow(one.dictionary), dtype=None).cast(pl.String)
    codes = one.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    empty = values.fill_null("").eq("").arg_true().to_list()
    codes, order = _by_appearance(codes, len(values), np.array(empty, dtype=np.int64))
    return Coded(codes, np.array(values.gather(order).to_list(), dtype=np.str_))


def _arrow(column: Sequence[Any] | npt.NDArray[Any] | pl.Series) -> pa.Array | pa.ChunkedArray:
    series = column if isinstance(column, pl.Series) else pl.Series(list(column), strict=False)
    if series.dtype in (pl.Categorical, pl.Enum, pl.Null, pl.Object):
        series = series.cast(pl.String)
    return series.to_arrow()


@numba.njit(cache=True)
def _by_appearance(codes, n, empty):  # type: ignore[no-untyped-def]
    """Codes numbered anew in order of first appearance, and which old code each new one was."""
    new = np.full(n, -2, dtype=np.int32)
    for code in empty:
        new[code] = -1
    order = np.empty(n, dtype=np.int64)
    out = np.empty(len(codes), dtype=np.int32)
    found = 0
    for at in range(len(codes)):
        code = codes[at]
        if code < 0:
            out[at] = -1
            continue
        if new[code] == -2:
            new[code] = found
            order[found] = code
            found += 1
        out[at] = new[code]
    return out, order[:found]


@numba.njit(cache=True)
def first_of_pairs(item, volunteer, n_items, n_volunteers):  # type: ignore[no-untyped-def]
    """bool [N]: whether the row is the first of its (item, volunteer) pair. O(N)."""
    offsets = np.zeros(n_items + 1, dtype=np.int64)
    for at in range(len(item)):
        offsets[item[at] + 1] += 1
    for at in range(n_items):
        offsets[at + 1] += offsets[at]
    rows = np.empty(len(item), dtype=np.int64)
    for at in range(len(item)):
        rows[offsets[item[at]]] = at
        offsets[item[at]] += 1
    last = np.full(n_volunteers, -1, dtype=np.int32)  # the item that a volunteer was last met on
    first = np.empty(len(item), dtype=np.bool_)
    for row in rows:
        first[row] = last[volunteer[row]] != item[row]
        last[volunteer[row]] = item[row]
    return first
