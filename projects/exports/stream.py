"""CSV as text in pieces.

A cell that a spreadsheet would run as a formula (it starts with = + - @, a tab or a carriage return, and is no plain
number) gets an apostrophe in front; so does one that starts with apostrophes and then one of these, so that taking
one apostrophe away (`original`) always gives back what was there.
"""

import csv
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
_QUOTED = re.compile(r'[",\n\r]')
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


def moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else ""


_moment = lru_cache(maxsize=64)(moment)
"""Rows that come of one answer have its times in common."""


def neutral(text: str) -> str:
    return f"'{text}" if _RUNS.match(text) and not _NUMBER.fullmatch(text) else text


def original(text: str) -> str:
    """What `neutral` was given."""
    return text[1:] if _NEUTRALISED.match(text) else text


def field(value: Any) -> str:
    """A cell as it stands in a line: in quotation marks where something in it would end it. Never of a line's only
    cell: an empty one would be no line."""
    text = cell(value)
    return quoted(text) if _QUOTED.search(text) else text


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def line(cells: Iterable[Any]) -> str:
    return ",".join([field(each) for each in cells]) + "\n"


def csv_pieces(columns: Sequence[Column[Row]], rows: Iterable[Row], *, header: bool = True) -> Iterator[str]:
    """The header and a line a row. UTF-8 is the reader's business; lines end in a line feed."""
    return in_pieces(_lines(columns, rows, header=header))


def in_pieces(lines: Iterable[str]) -> Iterator[str]:
    """The same text, in pieces that are worth sending; at least one."""
    waiting: list[str] = []
    size = 0
    for each in lines:
        waiting.append(each)
        size += len(each)
        if size > PIECE:
            yield "".join(waiting)
            waiting, size = [], 0
    yield "".join(waiting)


def _lines(columns: Sequence[Column[Row]], rows: Iterable[Row], *, header: bool) -> Iterator[str]:
    written = _Written()
    writer = csv.writer(written, lineterminator="\n")
    if header:
        writer.writerow([cell(column.name) for column in columns])
        yield written.line
    getters = [column.of for column in columns]
    for row in rows:
        values = [of(row) for of in getters]
        # Most cells are empty, numbers or harmless: `cell` isn't called for them, which takes a third of the time away.
        writer.writerow(
            [
                value
                if (kind := type(value)) in _AS_IT_IS or (kind is str and value[:1] not in _SUSPECT)
                else cell(value)
                for value in values
            ]
        )
        # The writer puts a carriage return into no quotation marks, and readers take it for the end of a line.
        yield written.line if "\r" not in written.line else line(values)


class _Written:
    """What a csv writer has written last: it writes a line at once."""

    line = ""

    def write(self, text: str) -> None:
        self.line = text
