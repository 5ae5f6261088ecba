"""The table beside the pictures of an archive: CSV, TSV, ECSV, VOTable, FITS or Parquet, as rows of subjects.

In a table whose columns have types (all but CSV and TSV) a column of numbers is a catalogue attribute, with the unit
and the description that it has there; in CSV and TSV `attr:` before the name says so.
"""

import csv
import io
import math
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.imports.archive import Contents
from projects.imports.csvfile import File

OWN = ("file", "external_id", "alt")
PLAIN = (".csv", ".tsv")


@dataclass
class Row:
    """A subject as the table, or the archive alone, has it. files: names in the archive, in order."""

    external_id: str
    files: list[str]
    alts: list[str]
    metadata: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True)
class Told:
    """rows: one a subject. units: attribute to (unit, description), where the table has them."""

    rows: list[Row]
    units: dict[str, tuple[str, str]]


def read_table(archive: zipfile.ZipFile, contents: Contents) -> Told:
    """Raises Invalid with the line and what to do."""
    assert contents.table is not None  # noqa: S101 (asked before)
    path = PurePosixPath(contents.table.filename)
    try:
        content = archive.read(contents.table)
    except (zipfile.BadZipFile, NotImplementedError, EOFError):
        raise Invalid(_("%(name)s can't be unpacked: pack it anew.") % {"name": path}) from None
    units: dict[str, tuple[str, str]] = {}
    is_plain = path.suffix.lower() in PLAIN
    cells = _plain(str(path), content) if is_plain else _typed(str(path), content, units)
    found: dict[str, Row] = {}
    for line, row in cells:
        _add(found, row, line, contents, path.parent)
    return Told(list(found.values()), units)


def _plain(name: str, content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(
            _("%(name)s is not in UTF-8 (byte %(at)d): save it as “CSV UTF-8”.")
            % {"name": name, "at": error.start}
        ) from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    table = csv.DictReader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    try:
        columns = [column.strip() for column in table.fieldnames or []]
        table.fieldnames = columns
        _check_columns(name, columns)
        for cells in table:
            yield table.line_num, _whole(cells, table.line_num)
    except csv.Error as error:
        raise Invalid(
            _("%(name)s, line %(line)d is no CSV: %(error)s.")
            % {"name": name, "line": table.reader.line_num, "error": error}
        ) from None


def _whole(cells: Mapping[str | None, Any], line: int) -> dict[str, str]:
    """`cells` has the key None, or a value None, where the row is too long or too short."""
    if None in cells or None in cells.values():
        raise Invalid(
            _("Line %(line)d of the table has more or fewer cells than its header.") % {"line": line}
        )
    return {str(key): str(value).strip() for key, value in cells.items() if key}


def _typed(
    name: str, content: bytes, units: dict[str, tuple[str, str]]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Numbers as attributes; what a column of an odd type holds is left out."""
    columns: list[tuple[str, list[str]]] = []
    for told, values, is_number, unit, description in _columns(name, content):
        key = told if told in OWN or not is_number or told.startswith("attr:") else f"attr:{told}"
        if is_number and key.startswith("attr:"):
            units[key[5:]] = (unit[:40], description)
        columns.append((key, values))
    _check_columns(name, [key for key, _values in columns])
    for at, row in enumerate(zip(*(values for _key, values in columns), strict=True), 1):
        yield at, {key: text for (key, _values), text in zip(columns, row, strict=True)}


def _columns(name: str, content: bytes) -> Iterator[tuple[str, list[str], bool, str, str]]:
    """(name, cells as text, whether they are numbers, unit, description) of each column."""
    if content.startswith(b"PAR1"):
        yield from _parquet(name, content)
        return
    from projects.imports.tables.readers import read  # noqa: PLC0415 - loads astropy; the worker's business

    for column in read(File(name, lambda: io.BytesIO(content)), ["file"]).columns:
        if column.values is None:
            continue
        if isinstance(column.values, list):
            yield column.name, column.values, False, "", ""
            continue
        gone = column.missing if column.missing is not None else [False] * len(column.values)
        texts = ["" if out else _text(value) for value, out in zip(column.values.tolist(), gone, strict=True)]
        yield column.name, texts, True, column.unit, column.description


def _parquet(name: str, content: bytes) -> Iterator[tuple[str, list[str], bool, str, str]]:
    import polars

    from projects.imports.tables.table import bounded_memory, check_size  # noqa: PLC0415 - the same

    with bounded_memory():
        try:
            frame = polars.read_parquet(io.BytesIO(content))
        except MemoryError:
            raise
        except Exception as error:
            said = {"name": name, "error": " ".join(str(error).split())[:200]}
            raise Invalid(_("%(name)s can't be read: %(error)s") % said) from None
        check_size(frame.height, frame.columns)
        for column in frame.get_columns():
            kind = column.dtype
            if kind.is_numeric():
                yield column.name, [_text(value) for value in column.to_list()], True, "", ""
            elif kind in (polars.String, polars.Categorical, polars.Boolean):
                yield column.name, [_text(value) for value in column.to_list()], False, "", ""


def _text(value: Any) -> str:
    """Empty for what is missing."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def _check_columns(name: str, columns: list[str]) -> None:
    if "file" not in columns:
        raise Invalid(
            _("%(name)s has no column called file: name there, in each row, the picture that it is about.")
            % {"name": name}
        )
    if repeated := [column for column in columns if columns.count(column) > 1]:
        raise Invalid(_("%(name)s has the column %(column)s twice.") % {"name": name, "column": repeated[0]})


def _add(
    found: dict[str, Row], cells: dict[str, str], line: int, contents: Contents, folder: PurePosixPath
) -> None:
    """One row of the table."""
    at = {"line": line}
    given = dict(cells)
    file = given.pop("file")
    if file not in contents.pictures:
        file = str(folder / file)
    if file not in contents.pictures:
        raise Invalid(
            _("Line %(line)d of the table names %(file)s, which is no picture of the archive.")
            % {**at, "file": (file or "–")[:120]}
        )
    external_id = given.pop("external_id", "") or PurePosixPath(file).stem
    if len(external_id) > 200:
        raise Invalid(_("Line %(line)d of the table: external_id is longer than 200 letters.") % at)
    alt = given.pop("alt", "")[:300]
    if external_id in found:
        row = found[external_id]
        if file in row.files:
            raise Invalid(
                _("Line %(line)d of the table: %(name)s is there twice.") % {**at, "name": external_id}
            )
        row.files.append(file)
        row.alts.append(alt)
        return
    attributes = {key[5:]: text for key, text in given.items() if key.startswith("attr:") and text}
    metadata = {
        key.removeprefix("meta:"): text for key, text in given.items() if not key.startswith("attr:") and text
    }
    found[external_id] = Row(external_id, [file], [alt], metadata, attributes, line)
