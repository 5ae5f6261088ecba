"""CSV as text in pieces.

A cell that a spreadsheet would run as a formula (it starts with = + - @, a tab or a carriage return, and is no plain
number) gets an apostrophe in front; so does one that starts with apostrophes and then one of these, so that taking
one apostrophe away (`original`) always gives back what was there.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from projects.exports.columns import Column, Row

PIECE = 64 * 1024
"""Characters after which a piece is sent."""

_AS_IT_IS = frozenset({int, float, type(None)})
"""What the csv writer writes as `cell` would."""
_SUSPECT = frozenset("=+-@\t\r'")
_RUNS = re.compile(r"'*[=+\-@\t\r]")
_NEUTRALISED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def cell(value: Any) -> str:
    """None is empty, times are ISO 8601 in UTC, numbers are written so that reading gives them back exactly."""
    if value is None:
        return ""
    if isinstance(value, str):
        return neutral(value) if value[:1] in _SUSPECT else value
    return plain(value)


def plain(value: Any) -> str:
    """What is no text, as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return repr(value)


@lru_cache(maxsize=64)
def _moment(at: datetime) -> str:
    """Rows that come of one answer have its times in common."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def neutral(text: str) -> str:
    return f"'{text}" if _RUNS.match(text) and not _NUMBER.fullmatch(text) else text


def original(text: str) -> str:
    """What `neutral` was given."""
    return text[1:] if _NEUTRALISED.match(text) else text


def csv_pieces(columns: Sequence[Column[Row]], rows: Iterable[Row], *, header: bool = True) -> Iterator[str]:
    """The header and a line a row. UTF-8 is the reader's business; lines end in a line feed."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    if header:
        writer.writerow([cell(column.name) for column in columns])
    getters = [column.of for column in columns]
    for row in rows:
        # Most cells are empty, numbers or harmless: `cell` isn't called for them, which takes a third of the time away.
        writer.writerow(
            [
                value
                if (kind := type(value)) in _AS_IT_IS or (kind is str and value[:1] not in _SUSPECT)
                else cell(value)
                for value in [of(row) for of in getters]
            ]
        )
        if buffer.tell() > PIECE:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
