"""Columns to integer codes, fast and lean: what `votes.encode` is made of.

A `Coder` takes a column piece by piece, so that a large file is never held as text: it keeps one code a row and each
distinct value once. Values are found by a hash of their bytes and compared byte by byte, in compiled code that lets go
of Python's lock. Where there are very many, what a row needs lies all over memory, so it is asked for some rows before
(mining/science/prefetch.py). Of a piece that comes as a dictionary only the values of the dictionary are looked up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numba
import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from mining.science.prefetch import prefetch

Codes = npt.NDArray[np.int32]
Names = npt.NDArray[np.str_]
Column: TypeAlias = Sequence[Any] | npt.NDArray[Any] | pl.Series | pa.ChunkedArray

PIECE = 2**17  # rows coded at a time
NAMES = 100_000  # made text at a time
HALF = np.uint64(0xFFFFFFFF00000000)
HASHED, FOUND, READ = 24, 16, 8  # rows ahead: its hash is known, its code, where its letters lie
RING = 32  # hashes kept, a power of two above `HASHED`


class Coded(NamedTuple):
    """codes int32 [N] into names; -1 where the value is missing or empty. Names in order of first appearance."""

    codes: Codes
    names: Names


def coded(column: Column | Coded) -> Coded:
    """One column; values are compared as text. What is coded already is given back."""
    if isinstance(column, Coded):
        return column
    array = column if isinstance(column, pa.ChunkedArray) else _arrow(column)
    coder = Coder()
    for chunk in array.chunks if isinstance(array, pa.ChunkedArray) else [array]:
        for start in range(0, len(chunk), PIECE):
            coder.add(chunk.slice(start, PIECE))
    return coder.done()


class NotText(ValueError):
    """A value that is not UTF-8, in row `row` (0-based)."""

    def __init__(self, row: int, byte: int) -> None:
        super().__init__(f"row {row}: not UTF-8 (byte {byte:#04x})")
        self.row = row
        self.reason = f"not UTF-8 (byte {byte:#04x})"


class Coder:
    """Codes a column that comes in pieces. `rows`: how many there will be, where that is known."""

    def __init__(self, rows: int = PIECE) -> None:
        self._codes = np.empty(rows, dtype=np.int32)
        self._rows = 0
        self._found = 0
        self._bytes = np.empty(1024, dtype=np.uint8)  # of the distinct values, one after the other
        self._ends = np.zeros(1025, dtype=np.int64)
        self._hashes = np.empty(1024, dtype=np.uint64)
        self._table = np.zeros(2048, dtype=np.uint64)  # open addressing: half of the hash and the code + 1

    def add(self, piece: pa.Array) -> None:
        """The next rows, of any type that can be written as text."""
        n = len(piece)
        if self._rows + n > len(self._codes):
            self._codes = _longer(self._codes, 2 * (self._rows + n))
        codes = self._codes[self._rows : self._rows + n]
        if pa.types.is_dictionary(piece.type):
            self._look_up_dictionary(piece, codes)
        else:
            self._look_up(piece, codes)
        self._rows += n

    def _look_up_dictionary(self, piece: pa.DictionaryArray, codes: Codes) -> None:
        """Only what occurs, in order of first appearance, as if the values stood in the rows."""
        places = piece.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
        there = _in_order(places, len(piece.dictionary))
        found = np.empty(len(there), dtype=np.int32)
        self._look_up(piece.dictionary.take(pa.array(there)), found)
        code_of = np.full(len(piece.dictionary) + 1, -1, dtype=np.int32)  # the last: missing
        code_of[there] = found
        codes[:] = code_of[places]

    def _look_up(self, values: pa.Array, codes: Codes) -> None:
        """Codes [n] of the values, overwritten."""
        offsets, data = _text(values)
        row = 0
        while True:  # until no table is full
            self._found, row = _code(
                row, offsets, data, self._bytes, self._ends, self._hashes, self._table, self._found, codes
            )
            if row == len(codes):
                break
            self._make_room(int(offsets[row + 1] - offsets[row]))

    def done(self) -> Coded:
        """All rows; the coder is used up."""
        codes = self._codes[: self._rows]
        text = pa.Array.from_buffers(
            pa.large_string(),
            self._found,
            [None, pa.py_buffer(self._ends[: self._found + 1]), pa.py_buffer(self._bytes)],
        )
        longest = pc.max(pc.utf8_length(text)).as_py() or 1
        names = np.empty(self._found, dtype=f"<U{longest}")
        try:
            for at in range(0, len(names), NAMES):  # some at a time: Python's text is large
                names[at : at + NAMES] = text.slice(at, NAMES).to_pylist()
        except UnicodeDecodeError:
            raise self._not_text(codes) from None
        return Coded(codes, names)

    def _not_text(self, codes: Codes) -> NotText:
        """The error of the first row whose value is not text; values are coded in order of appearance."""
        for code in range(self._found):
            try:
                self._bytes[self._ends[code] : self._ends[code + 1]].tobytes().decode()
            except UnicodeDecodeError as error:
                return NotText(int(np.argmax(codes == code)), error.object[error.start])
        raise AssertionError("every value is text")

    def _make_room(self, size: int) -> None:
        """For one more distinct value of so many bytes, and as many again as there are."""
        used = int(self._ends[self._found])
        if self._found + 1 >= len(self._ends):
            self._ends = _longer(self._ends, 2 * len(self._ends))
            self._hashes = _longer(self._hashes, len(self._ends))
        if used + size > len(self._bytes):
            self._bytes = _longer(self._bytes, 2 * (used + size))
        if 2 * (self._found + 1) > len(self._table):
            self._table = np.zeros(4 * len(self._table), dtype=np.uint64)
            _place(self._hashes, self._found, self._table)


def _longer(array: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    longer = np.empty(size, dtype=array.dtype)
    longer[: len(array)] = array[:size]
    return longer


def _arrow(column: Sequence[Any] | npt.NDArray[Any] | pl.Series) -> pa.Array | pa.ChunkedArray:
    series = column if isinstance(column, pl.Series) else pl.Series(list(column), strict=False)
    if series.dtype in (pl.Categorical, pl.Enum, pl.Null, pl.Object):
        series = series.cast(pl.String)
    return series.to_arrow()


def _text(piece: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Offsets int64 [n + 1] into bytes; a missing value is empty."""
    if not (pa.types.is_string(piece.type) or pa.types.is_large_string(piece.type)):
        written = pl.Series(pl.from_arrow(piece), dtype=None).cast(pl.String)
        piece = written.to_arrow(compat_level=pl.CompatLevel.oldest())
    if piece.null_count:
        piece = piece.fill_null("")
    kind = np.int64 if pa.types.is_large_string(piece.type) else np.int32
    _, offsets, data = piece.buffers()
    if offsets is None or len(piece) == 0:
        return np.zeros(len(piece) + 1, dtype=np.int64), np.empty(0, dtype=np.uint8)
    bounds = np.frombuffer(offsets, dtype=kind)[piece.offset : piece.offset + len(piece) + 1]
    letters = np.empty(0, dtype=np.uint8) if data is None else np.frombuffer(data, dtype=np.uint8)
    return bounds.astype(np.int64), letters


@numba.njit(cache=True, nogil=True)
def _code(first, offsets, data, known, ends, hashes, table, found, codes):  # type: ignore[no-untyped-def]  # noqa: C901 - one loop, compiled as a whole
    """Codes of the values from row `first` on; new ones are put into `known`, `ends`, `hashes` and `table`. Returns how
    many are known, and the row before which there was no room (or the number of rows)."""
    mask = np.uint64(len(table) - 1)
    ring = np.empty(RING, dtype=np.uint64)
    slots, bounds, letters = table.reshape(-1, 1), ends.reshape(-1, 1), known.reshape(-1, 1)
    for row in range(first - HASHED, len(codes)):
        ahead = row + HASHED
        if ahead < len(codes):
            value = np.uint64(0xCBF29CE484222325)
            for at in range(offsets[ahead], offsets[ahead + 1]):
                value = (value ^ np.uint64(data[at])) * np.uint64(0x100000001B3)
            value = (value ^ (value >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
            value ^= value >> np.uint64(29)
            ring[ahead % RING] = value
            prefetch(slots, np.int64(value & mask), 0)
        ahead = row + FOUND
        if first <= ahead < len(codes):
            entry = table[ring[ahead % RING] & mask]
            if entry != np.uint64(0):
                prefetch(bounds, np.int64(entry & ~HALF) - 1, 0)
        ahead = row + READ
        if first <= ahead < len(codes):
            entry = table[ring[ahead % RING] & mask]
            if entry != np.uint64(0):
                prefetch(letters, ends[np.int64(entry & ~HALF) - 1], 0)
        if row < first:
            continue
        start, stop = offsets[row], offsets[row + 1]
        if start == stop:
            codes[row] = -1
            continue
        value = ring[row % RING]
        place = value & mask
        while True:
            entry = table[place]
            if entry == np.uint64(0):
                full = found + 1 >= len(ends) or 2 * (found + 1) > len(table)
                if full or ends[found] + stop - start > len(known):
                    return found, row
                table[place] = (value & HALF) | np.uint64(found + 1)
                hashes[found] = value
                end = ends[found]
                for at in range(start, stop):
                    known[end + at - start] = data[at]
                ends[found + 1] = end + stop - start
                codes[row] = found
                found += 1
                break
            if (entry ^ value) & HALF == np.uint64(0):
                code = np.int64(entry & ~HALF) - 1
                shift = ends[code] - start
                same = ends[code + 1] - shift == stop
                for at in range(start, stop if same else start):
                    if known[shift + at] != data[at]:
                        same = False
                        break
                if same:
                    codes[row] = code
                    break
            place = (place + np.uint64(1)) & mask
    return found, len(codes)


@numba.njit(cache=True, nogil=True)
def _place(hashes, found, table):  # type: ignore[no-untyped-def]
    mask = np.uint64(len(table) - 1)
    for code in range(found):
        place = hashes[code] & mask
        while table[place] != np.uint64(0):
            place = (place + np.uint64(1)) & mask
        table[place] = (hashes[code] & HALF) | np.uint64(code + 1)


@numba.njit(cache=True, nogil=True)
def _in_order(places, size):  # type: ignore[no-untyped-def]
    """Which of the places 0..size - 1 occur, in order of first appearance."""
    seen = np.zeros(size, dtype=np.bool_)
    order = np.empty(min(size, len(places)), dtype=np.int64)
    n = 0
    for place in places:
        if place >= 0 and not seen[place]:
            seen[place] = True
            order[n] = place
            n += 1
    return order[:n]


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
