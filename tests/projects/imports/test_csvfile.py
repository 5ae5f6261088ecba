"""Files that are refused, by name, line and what to do; and what is read all the same."""

import gzip
import io
import tracemalloc
from collections.abc import Callable
from typing import IO

import pytest

from projects.exceptions import Invalid
from projects.imports.csvfile import CELL, rows

COLUMNS = ("a", "b")


def read(data: bytes, encoding: str = "utf-8") -> list[tuple[int, list[str]]]:
    return [(row.line, row.cells) for row in rows(io.BytesIO(data), COLUMNS, encoding)]


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n1,2\n3,4\n",
        b"\xef\xbb\xbfa,b\n1,2\n3,4\n",
        b"a;b\r\n1;2\r\n3;4\r\n",
        b"a\tb\n1\t2\n3\t4\n",
        b"b,x,a\n2,?,1\n4,?,3\n",
        gzip.compress(b"a,b\n1,2\n3,4\n"),
    ],
    ids=["plain", "byte order mark", "semicolons", "tabs", "other order, one more", "gzip"],
)
def test_what_is_read(data: bytes) -> None:
    assert read(data) == [(2, ["1", "2"]), (3, ["3", "4"])]


def test_lines_are_those_on_which_rows_begin() -> None:
    assert read(b'a,b\n"1\n\n","2"\n\n3,4\n') == [(2, ["1\n\n", "2"]), (6, ["3", "4"])]


def test_latin_1_is_read_when_it_is_said() -> None:
    data = "a,b\né,ü\n".encode("latin-1")
    assert read(data, "latin-1") == [(2, ["é", "ü"])]
    with pytest.raises(Invalid) as refusal:
        read(data)
    assert str(refusal.value) == "Line 2 is not UTF-8. Save the file as UTF-8, or say that it is Latin-1."


def test_too_few_and_too_many_cells_are_that_rows_trouble() -> None:
    found = list(rows(io.BytesIO(b"a,b\n1\n1,2,3\n1,2\n"), COLUMNS))
    assert [(row.line, row.broken) for row in found] == [
        (2, "has 1 cells, the header has 2"),
        (3, "has 3 cells, the header has 2"),
        (4, ""),
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"x,b\n1,2\n", "Line 1 lacks a. It must name the columns a,b."),
        (b"a,b,a\n1,2,3\n", "Line 1 names a twice."),
        (b"a,b\n1,2\n3,4", "The file ends in the middle of line 3: it was cut off. Fetch it again."),
        (
            b'a,b\n1,2\n3,"4\n5,6\n',
            "Line 3: a quote begins here that never ends. The file was cut off: fetch it again.",
        ),
        (
            b'a,b\n1,2\n3,"4"5\n',
            "Line 3: a quote stands inside a cell; quotes within quotes are written twice.",
        ),
        (
            b"\xff\xfea\x00,\x00b\x00\n\x00",
            "The file is encoded in UTF-16. Save it as CSV in UTF-8.",
        ),
        (
            b"PK\x03\x04...",
            "The file is a zip archive, perhaps a spreadsheet (.xlsx). Save it as CSV in UTF-8.",
        ),
        (
            gzip.compress(b"a,b\n" + b"1,2\n" * 50_000)[:-30],
            "The gzip file is damaged or cut off at line ",
        ),
    ],
)
def test_what_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read(data)
    assert str(refusal.value).startswith(sentence)


class Endless(io.RawIOBase):
    """A cell that goes on for 200 MB, made as it is read; it can go back to its beginning."""

    def __init__(self, piece: bytes) -> None:
        self._piece = piece
        self.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        assert (offset, whence) == (0, 0)
        more = [self._piece] * (200_000_000 // len(self._piece))
        self._pieces = iter([b'a,b\n1,2\n3,"', *more, b'"\n'])
        self._rest, self._at = b"", 0
        return 0

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._rest = self._rest or next(self._pieces, b"")
        taken, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(taken)] = taken
        self._at += len(taken)
        return len(taken)


def one_line() -> IO[bytes]:
    return io.BufferedReader(Endless(b"x" * 65_536))


def many_lines() -> IO[bytes]:
    return io.BufferedReader(Endless(b"x" * 65_535 + b"\n"))


def zipped() -> IO[bytes]:
    """200 MB that take 200 kB on the disk."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        file.write(b'a,b\n1,2\n3,"' + b"x" * 200_000_000 + b'"\n')
    packed.seek(0)
    return packed


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (one_line, "Line 3: longer than 4,000,000 bytes. No export has such cells."),
        (many_lines, "Line 3: a cell is longer than 4,000,000 characters. No export has such cells."),
        (zipped, "Line 3: longer than 4,000,000 bytes. No export has such cells."),
    ],
)
def test_a_cell_of_200_megabytes_is_refused_in_bounded_memory(
    make: Callable[[], IO[bytes]], sentence: str
) -> None:
    file = make()
    tracemalloc.start()
    try:
        with pytest.raises(Invalid) as refusal:
            list(rows(file, COLUMNS))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert str(refusal.value) == sentence
    assert peak < 10 * CELL
