"""Cells, and the pieces of a file."""

import csv
import io
from datetime import UTC, datetime

import pytest

from projects.exports.columns import Column
from projects.exports.stream import PIECE, cell, csv_pieces, line, original


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (7, "7"),
        (-7, "-7"),
        (0.1, "0.1"),
        (1e-9, "1e-09"),
        (datetime(2026, 11, 22, 1, 2, 3, 45, tzinfo=UTC), "2026-11-22T01:02:03.000045Z"),
        (["α", 1], '["α", 1]'),
        ("=SUM(A1)", "'=SUM(A1)"),
        ("+49 30", "'+49 30"),
        ("-x", "'-x"),
        ("@cmd", "'@cmd"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("'=1", "''=1"),
        ("'tis", "'tis"),
        ("-0.53", "-0.53"),
        ("+1e5", "+1e5"),
        ("-", "'-"),
        ("-1-1", "'-1-1"),
        ("plain = text", "plain = text"),
        ("", ""),
    ],
)
def test_a_cell(value, text):
    assert cell(value) == text
    if isinstance(value, str):
        assert original(text) == value


def test_a_spreadsheet_runs_no_header():
    assert list(csv_pieces([Column("=A1", "", str)], [])) == ["'=A1\n"]


@pytest.mark.parametrize(
    "text", ['a,"b"', "two\nlines", "a\rb", "a\r=cmd", "emoji 🌌", "\u202eright to left", "'=\n"]
)
def test_awkward_text_comes_back(text):
    column = Column("a", "", lambda row: row)
    written = "".join(csv_pieces([column, column], [text]))
    (_, (read, again)) = csv.reader(io.StringIO(written, newline=""))
    assert original(read) == original(again) == text
    assert written == f"a,a\n{line([text, text])}"


def test_a_long_file_comes_in_pieces_and_whole():
    column = Column("n", "", lambda row: row)
    pieces = list(csv_pieces([column], range(50_000)))
    assert max(map(len, pieces)) < 2 * PIECE
    assert "".join(pieces).split() == ["n", *map(str, range(50_000))]
