"""COPY in PostgreSQL's binary format, straight from arrays: nothing is done for each row in Python.

Format: "COPY", section "Binary Format" of PostgreSQL's manual. A row is the number of its fields, then of each its
length in bytes and the bytes, all big-endian. The values of one column have one length within a block of rows: JSON is
filled up with blanks, and text of several lengths goes in several calls.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
from django.db import connection

BLOCK = 20_000  # rows
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Json:
    """Texts of JSON [K], and which of them each row has (codes [N])."""

    def __init__(self, texts: Sequence[str], codes: np.ndarray) -> None:
        encoded = [b"\x01" + text.encode() for text in texts]  # 1: the version of the format
        self._lengths = np.array([len(each) for each in encoded])
        longest = int(self._lengths.max())
        self._bytes = np.array([list(each.ljust(longest)) for each in encoded], dtype=np.uint8)
        self._codes = codes

    def __getitem__(self, rows: slice) -> np.ndarray:
        codes = self._codes[rows]
        longest = int(self._lengths[codes].max())
        cut = np.ascontiguousarray(self._bytes[codes, :longest])
        return cut.view(f"V{longest}").reshape(len(codes))


Column = np.ndarray | Json | bytes
"""One value a row (int16, int64, or V: bytes of one length), or one for all rows."""


def copy_in(
    table: str, columns: Mapping[str, Column], rows: int, told: Callable[[int], None] = lambda done: None
) -> None:
    """Append so many rows. `told` hears after each block how many have gone."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT binary)") as copy,
    ):
        copy.write(_HEADER)
        for start in range(0, rows, BLOCK):
            stop = min(start + BLOCK, rows)
            copy.write(_block([_values(each, start, stop) for each in columns.values()], stop - start))
            told(stop)
        copy.write(_TRAILER)


def number(value: int) -> bytes:
    """One bigint for all rows."""
    return value.to_bytes(8, "big", signed=True)


def moment(at: datetime) -> bytes:
    """One timestamptz for all rows."""
    since = at - _EPOCH
    return number((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)


def _values(column: Column, start: int, stop: int) -> np.ndarray | None:
    """Those of the block, or one for all of it; None for the empty text."""
    if isinstance(column, bytes):
        return np.array(column, dtype=f"V{len(column)}") if column else None
    return column[start:stop]


def _block(fields: Sequence[np.ndarray | None], rows: int) -> bytes:
    parts: list[tuple[str, str]] = [("fields", ">i2")]
    for at, field in enumerate(fields):
        parts.append((f"length{at}", ">i4"))
        if field is not None:
            parts.append((f"value{at}", field.dtype.newbyteorder(">").str))
    block = np.zeros(rows, dtype=np.dtype(parts))
    block["fields"] = len(fields)
    for at, field in enumerate(fields):
        if field is not None:
            block[f"length{at}"] = field.dtype.itemsize
            block[f"value{at}"] = field
    return block.tobytes()
