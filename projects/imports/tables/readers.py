"""CSV, ECSV, FITS and VOTable files into a Table. What they are is seen by how they begin, not by their name."""

import gzip
import re
import tempfile
import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.imports.csvfile import File, header, whole_rows
from projects.imports.tables import fits
from projects.imports.tables.table import MOST_CELLS, Cells, Table, bounded_memory, check_size

UNPACKED = 2 << 30
"""Bytes that a gzipped file may unpack to."""

FOREIGN = re.compile(rb"<!(?:ENTITY|DOCTYPE)|STREAM\b[^<]{0,2000}\bhref\s*=", re.IGNORECASE)
"""In a VOTable: what would be fetched from elsewhere, or grow without end."""

CLAIMED = re.compile(rb"\bnrows\s*=\s*[\"']\s*(\d+)")


def read(file: File, wanted: Sequence[str], encoding: str = "utf-8") -> Table:
    """`wanted`: columns that must be there. Raises Invalid, with a sentence that says what to do."""
    with bounded_memory(), _unpacked(file) as (path, beginning):
        if beginning.startswith(b"SIMPLE  ="):
            return _fits(path)
        if re.match(rb"(?:\xef\xbb\xbf)?# %ECSV", beginning):
            return _ecsv(path)
        if re.match(rb"(?:\xef\xbb\xbf)?\s*<", beginning):
            return _votable(path)
        return _csv(File(file.name, lambda: path.open("rb")), wanted, encoding)


@contextmanager
def _unpacked(file: File) -> Iterator[tuple[Path, bytes]]:
    """A copy on this disk, no longer gzipped, and its first bytes."""
    with file.open() as opened, tempfile.NamedTemporaryFile(prefix="voorwerp-table-") as copy:
        packed = opened.read(2) == b"\x1f\x8b"
        opened.seek(0)
        source: IO[bytes] = gzip.GzipFile(fileobj=opened) if packed else opened  # type: ignore[assignment]
        try:
            while block := source.read(1 << 20):
                copy.write(block)
                if packed and copy.tell() > UNPACKED:
                    said = {"most": f"{UNPACKED >> 30} GiB"}
                    raise Invalid(_("The gzip file unpacks to more than %(most)s.") % said)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise Invalid(_("The gzip file is damaged or cut off. Fetch it again.")) from None
        copy.flush()
        path = Path(copy.name)
        with path.open("rb") as again:
            beginning = again.read(4096)
        yield path, beginning


def _csv(file: File, wanted: Sequence[str], encoding: str) -> Table:
    with file.open() as opened:
        names = header(opened, wanted, encoding)
    check_size(1, names)
    lines: list[int] = []
    cells: list[list[str]] = [[] for _name in names]
    with file.open() as opened:
        for line, row in whole_rows(opened, wanted, encoding):
            lines.append(line)
            for column, cell in zip(cells, row, strict=True):
                column.append(cell)
            if len(lines) * len(names) > MOST_CELLS:
                check_size(len(lines), names)
    check_size(len(lines), names)
    columns = [Cells(name, column) for name, column in zip(names, cells, strict=True)]
    return Table("CSV", columns, len(lines), lambda row: _("Line %(n)s") % {"n": lines[row]})


def _fits(path: Path) -> Table:
    with path.open("rb") as file:
        number = fits.table_at(file, path.stat().st_size)
    return _of_astropy("FITS", path, format="fits", hdu=number)


def _ecsv(path: Path) -> Table:
    return _of_astropy("ECSV", path, format="ascii.ecsv")


def _votable(path: Path) -> Table:
    data = path.read_bytes()
    if b"\x00" in data[:4096]:
        raise Invalid(_("The VOTable is not in UTF-8. Save it as UTF-8."))
    if not re.search(rb"<(?:\w+:)?VOTABLE\b", data[:65536]):
        raise Invalid(_("This is XML or HTML, but no VOTable. Give CSV, ECSV, a FITS table or a VOTable."))
    if FOREIGN.search(data):
        raise Invalid(
            _("The VOTable refers to another file or defines entities. Save it with its data inside.")
        )
    check_size(max([1, *(int(found) for found in CLAIMED.findall(data))]), ["-"])
    return _of_astropy("VOTable", path, format="votable", table_id=0, verify="ignore")


def _of_astropy(form: str, path: Path, **how: Any) -> Table:
    from astropy.table import Table as Astropy  # noqa: PLC0415 - a second's loading, for files of these forms

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = Astropy.read(path, **how)
    except MemoryError:
        raise
    except Exception as error:
        said = {"form": form, "error": " ".join(str(error).split())[:300]}
        raise Invalid(_("The %(form)s file can't be read: %(error)s") % said) from None
    check_size(len(found), list(found.colnames))
    columns = [_cells(name, found[name]) for name in found.colnames]
    return Table(form, columns, len(found), lambda row: _("Row %(n)s") % {"n": f"{row + 1:,}"})


def _cells(name: str, column: Any) -> Cells:
    description = str(getattr(column.info, "description", None) or "").strip()
    unit = getattr(column, "unit", None)
    told = Cells(name, None, "" if unit is None else str(unit), description[:2000])
    if not isinstance(column, np.ndarray) or type(column).__name__ not in ("Column", "MaskedColumn"):
        return replace(told, unfit=_("its cells are neither numbers nor texts"))
    if column.ndim > 1:
        return replace(told, unfit=_("each of its cells holds several values"))
    missing = np.asarray(getattr(column, "mask", np.zeros(len(column), dtype=bool)), dtype=bool)
    values = np.asarray(column)
    if values.dtype.kind in "fiu":
        return replace(told, values=values, missing=missing)
    if values.dtype.kind in "bSUO":
        texts = [_text(value) for value in values.tolist()]
        if None not in texts:
            words = ["" if gone else str(text) for text, gone in zip(texts, missing.tolist(), strict=True)]
            return replace(told, values=words)
    return replace(told, unfit=_("its cells are neither numbers nor texts"))


def _text(value: Any) -> str | None:
    """None for what is no text."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace").rstrip("\x00 ")
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else "" if value is None else None
