"""A CSV file as rows with their line numbers, in bounded memory, gzipped or not.

What makes the rows of a file doubtful (its encoding, a quote that never ends, a cut-off end, a giant cell) refuses
the file, with the line and what to do. A row with too many or too few cells is only that row's trouble.
"""

import csv
import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.exceptions import Invalid

CELL = 4_000_000
"""Characters of one cell, and bytes of one line; the largest that was seen in real exports had 60,000."""

ENCODINGS = {"utf-8": "UTF-8", "latin-1": "Latin-1"}
DELIMITERS = ",;\t"
BEGINNINGS = {
    b"PK\x03\x04": gettext_lazy("a zip archive, perhaps a spreadsheet (.xlsx)"),
    b"\xff\xfe": gettext_lazy("encoded in UTF-16"),
    b"\xfe\xff": gettext_lazy("encoded in UTF-16"),
    b"BZh": gettext_lazy("compressed with bzip2"),
    b"\xfd7zXZ": gettext_lazy("compressed with xz"),
}
csv.field_size_limit(CELL)


@dataclass(frozen=True)
class File:
    """A file that can be read from its beginning as often as needed."""

    name: str
    open: Callable[[], IO[bytes]]

    def sha256(self) -> str:
        digest = hashlib.sha256()
        with self.open() as opened:
            while block := opened.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Row:
    """line: where it begins, the header being 1. cells: in the order of the columns asked for; empty where the row has
    another number of cells than the header, which `broken` then says."""

    line: int
    cells: list[str]
    broken: str = ""


def rows(file: IO[bytes], columns: Sequence[str], encoding: str = "utf-8") -> Iterator[Row]:
    """Every row but the header, which must name `columns` in any order; further columns are passed over.

    Raises Invalid for whatever refuses the file.
    """
    lines = _Lines(file, encoding)
    delimiter, header = _header(lines, columns)
    places = [header.index(column) for column in columns]
    for line, cells in _cells(lines, delimiter):
        if len(cells) == len(header):
            yield Row(line, [cells[place] for place in places])
        elif cells:
            yield Row(line, [], _few_or_many(len(cells), len(header)))


def whole_rows(
    file: IO[bytes], columns: Sequence[str], encoding: str = "utf-8"
) -> Iterator[tuple[int, list[str]]]:
    """As `rows`, for millions of them: (line, all cells in the order of the header). One too short or long refuses
    the file."""
    lines = _Lines(file, encoding)
    delimiter, header = _header(lines, columns)
    width = len(header)
    for line, cells in _cells(lines, delimiter):
        if len(cells) == width:
            yield line, cells
        elif cells:
            said = {"line": line, "reason": _few_or_many(len(cells), width)}
            raise Invalid(_("Line %(line)s %(reason)s.") % said)


def _cells(lines: "_Lines", delimiter: str) -> Iterator[tuple[int, list[str]]]:
    line = lines.number + 1
    try:
        for cells in csv.reader(lines, delimiter=delimiter, strict=True):
            yield line, cells
            line = lines.number + 1
    except csv.Error as error:
        raise Invalid(_sentence(str(error), line)) from None


def header(file: IO[bytes], columns: Sequence[str], encoding: str = "utf-8") -> list[str]:
    """The names of line 1, `columns` among them. Raises Invalid."""
    return _header(_Lines(file, encoding), columns)[1]


class _Lines:
    """Decoded lines, each with its end; `number` is that of the last one."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        beginning = file.read(6)
        file.seek(0)
        for magic, what in BEGINNINGS.items():
            if beginning.startswith(magic):
                raise Invalid(_("The file is %(what)s. Save it as CSV in UTF-8.") % {"what": what})
        self._file: IO[bytes] = gzip.GzipFile(fileobj=file) if beginning[:2] == b"\x1f\x8b" else file  # type: ignore[assignment]
        self._encoding = "utf-8-sig" if encoding == "utf-8" else encoding
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        """From where the last one stopped."""
        while line := self._readline():
            if len(line) > CELL or not line.endswith(b"\n"):
                raise self._refused(line)
            self.number += 1
            try:
                text = line.decode(self._encoding)
            except UnicodeDecodeError:
                at = {"line": self.number}
                raise Invalid(
                    _("Line %(line)s is not UTF-8. Save the file as UTF-8, or say that it is Latin-1.") % at
                ) from None
            if self.number == 1 and self._encoding == "utf-8-sig":
                self._encoding = "utf-8"  # a mark at the beginning is one; elsewhere it would be a character
            yield text

    def _readline(self) -> bytes:
        try:
            return self._file.readline(CELL + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            at = {"line": self.number + 1}
            raise Invalid(
                _("The gzip file is damaged or cut off at line %(line)s. Fetch it again.") % at
            ) from None

    def _refused(self, line: bytes) -> Invalid:
        said = {"line": self.number + 1, "most": f"{CELL:,}"}
        if len(line) > CELL:
            return Invalid(_("Line %(line)s: longer than %(most)s bytes. No export has such cells.") % said)
        return Invalid(
            _("The file ends in the middle of line %(line)s: it was cut off. Fetch it again.") % said
        )


def _header(lines: _Lines, columns: Sequence[str]) -> tuple[str, list[str]]:
    """The delimiter and the names of line 1."""
    first = next(iter(lines), "")
    if not first:
        raise Invalid(_("The file is empty."))
    names: list[str] = []
    for delimiter in DELIMITERS:
        names = [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
        if set(columns) <= set(names):
            break
    else:
        names = [name.strip() for name in next(csv.reader([first]), [])]
        missing = [column for column in columns if column not in names]
        said = {"missing": ", ".join(missing), "columns": ",".join(columns)}
        raise Invalid(_("Line 1 lacks %(missing)s. It must name the columns %(columns)s.") % said)
    twice = [column for column in columns if names.count(column) > 1]
    if twice:
        raise Invalid(_("Line 1 names %(column)s twice.") % {"column": twice[0]})
    return delimiter, names


def _sentence(error: str, line: int) -> str:
    at = {"line": line, "most": f"{CELL:,}"}
    if "field larger" in error:
        return _("Line %(line)s: a cell is longer than %(most)s characters. No export has such cells.") % at
    if "unexpected end" in error:
        return (
            _("Line %(line)s: a quote begins here that never ends. The file was cut off: fetch it again.")
            % at
        )
    if "expected after" in error:
        return _("Line %(line)s: a quote stands inside a cell; quotes within quotes are written twice.") % at
    return _("Line %(line)s: no CSV (%(error)s).") % {**at, "error": error}


def _few_or_many(cells: int, wanted: int) -> str:
    return _("has %(cells)s cells, the header has %(wanted)s") % {"cells": cells, "wanted": wanted}
