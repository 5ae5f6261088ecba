"""Votes and known answers in from CSV or Parquet, results out as CSV: the files of the command line.

Votes: columns item, worker, label. Known answers: item, label. Others are ignored. CSV is UTF-8 with a header line,
comma separated. A file that is not so is refused with the line (CSV, counted from 1) or row (Parquet, counted from
1) of the first fault.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from mining.science.coding import PIECE, Coded, Coder, NotText, coded
from mining.science.votes import Votes, VotesError, encode

COLUMNS = ("item", "worker", "label")
GOLD = ("item", "label")
WRITTEN = 100_000  # rows made text at a time

Table = Mapping[str, Coded]


class TableError(ValueError):
    """A file that cannot be read as votes or known answers; the message names the file, the place and the reason."""


def read_votes(path: Path, gold: Mapping[str, str] | None = None) -> Votes:
    """The votes of a .csv or .parquet file. The labels are those that occur, in votes that count or as the known answer
    of an item that has votes, sorted."""
    table = _read(path, COLUMNS)
    columns = [table[name] for name in COLUMNS]
    try:
        votes = encode(*columns)
        known = {gold[item] for item in votes.items.tolist() if item in gold} if gold else set()
        if known <= set(votes.labels.tolist()):
            return votes
        return encode(*columns, labels=sorted({*columns[2].names.tolist(), *known}))
    except VotesError as error:
        raise _placed(path, COLUMNS, error) from error


def read_gold(path: Path) -> dict[str, str]:
    """Known answers by item. An item may occur more than once with the same answer, not with two."""
    table = _read(path, GOLD)
    try:
        each = np.arange(len(table["item"].codes), dtype=np.int32)
        rows = encode(table["item"], Coded(each, each.astype(np.str_)), table["label"])
    except VotesError as error:
        raise _placed(path, GOLD, error) from error
    found: dict[str, str] = {}
    for row, (item, label) in enumerate(zip(rows.items[rows.item], rows.labels[rows.label], strict=True)):
        if found.setdefault(str(item), str(label)) != str(label):
            twice = VotesError(
                f"item {str(item)!r} has two known answers, {found[str(item)]!r} and {str(label)!r}", row
            )
            raise _placed(path, GOLD, twice)
    return found


def write_table(path: Path, columns: Mapping[str, Any]) -> None:
    """A CSV file with a header line; floats to six decimals, NaN and None as empty cells. Some rows at a time."""
    whole = {
        name: values if isinstance(values, np.ndarray) else pl.Series(values)
        for name, values in columns.items()
    }
    rows = max(len(values) for values in whole.values())
    try:
        with path.open("wb") as file:
            for at in range(0, max(rows, 1), WRITTEN):
                frame = pl.DataFrame(
                    {name: _series(values[at : at + WRITTEN]) for name, values in whole.items()}
                )
                frame.write_csv(file, include_header=at == 0, float_precision=6)
    except OSError as error:
        raise TableError(f"{path}: cannot be written ({error.strerror or error})") from error


def _series(values: npt.NDArray[Any] | pl.Series) -> pl.Series:
    if isinstance(values, pl.Series):
        return values
    series = pl.Series(values.tolist())
    return series.fill_nan(None) if values.dtype.kind == "f" else series


def _read(path: Path, names: Sequence[str]) -> Table:
    if path.suffix not in {".csv", ".parquet"}:
        raise TableError(f"{path}: the name must end in .csv or .parquet")
    if not path.is_file():
        raise TableError(f"{path}: no such file")
    parquet = path.suffix == ".parquet"
    table = _read_parquet(path, names) if parquet else _read_csv(path, names)
    if len(table[names[0]].codes) == 0:
        raise TableError(f"{path}: no rows" if parquet else f"{path}: line 1: no rows, only a header")
    return table


def _read_parquet(path: Path, names: Sequence[str]) -> Table:
    """Piece by piece, each column in a thread of its own: the columns are never held as text."""
    try:
        _check_columns(path, pq.read_schema(path).names, "", names)
        with ThreadPoolExecutor(len(names)) as pool:
            table = dict(zip(names, pool.map(lambda name: _read_column(path, name), names), strict=True))
        pa.default_memory_pool().release_unused()
        return table
    except (pa.ArrowException, OSError) as error:
        raise TableError(f"{path}: no Parquet file ({first_line(error)})") from error


def _read_column(path: Path, name: str) -> Coded:
    with _opened(path, [name] if _repetitive(path, name) else []) as file:
        coder = Coder(file.metadata.num_rows)
        for piece in file.iter_batches(PIECE, columns=[name], use_threads=False):
            coder.add(piece.column(0))
    try:
        return coder.done()
    except NotText as error:
        raise TableError(f"{path}: row {error.row + 1}: {name} is {error.reason}") from None


def _repetitive(path: Path, name: str) -> bool:
    """Whether a column is better read as a dictionary: whether its first piece has each value at least twice."""
    with _opened(path, [name]) as file:
        for piece in file.iter_batches(PIECE, columns=[name], use_threads=False):
            first = piece.column(0)
            return pa.types.is_dictionary(first.type) and 2 * len(first.dictionary) <= len(first)
    return False


def _opened(path: Path, dictionaries: Sequence[str]) -> pq.ParquetFile:
    """To be read piece by piece: not a whole column of the file ahead, as Arrow would."""
    return pq.ParquetFile(path, read_dictionary=dictionaries, pre_buffer=False)


def _read_csv(path: Path, columns: Sequence[str]) -> Table:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            names = next(csv.reader(file, strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        names = []
    else:
        _check_columns(path, names, "line 1: ", columns)
    try:
        frame = pl.read_csv(path, columns=list(columns), infer_schema=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise TableError(f"{path}: {csv_fault(path, columns) or first_line(error)}") from error
    return {name: coded(frame.get_column(name)) for name in columns}


def _placed(path: Path, columns: Sequence[str], error: VotesError) -> TableError:
    """The error of a row, with its line (CSV) or row (Parquet)."""
    if path.suffix == ".parquet":
        return TableError(f"{path}: {'' if error.row is None else f'row {error.row + 1}: '}{error.reason}")
    place = "" if error.row is None else f"line {_line_of(path, error.row)}: "
    return TableError(f"{path}: {csv_fault(path, columns) or place + error.reason}")


def _line_of(path: Path, row: int) -> int:
    """The line on which a row (counted from 0, the header not) ends; a field may hold line ends."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        for _ in range(row + 2):
            next(rows)
        return rows.line_num


def _check_columns(path: Path, names: list[str], place: str, columns: Sequence[str]) -> None:
    missing = [name for name in columns if name not in names]
    if missing:
        found = ", ".join(names) or "none"
        raise TableError(f"{path}: {place}no column {', '.join(missing)} (columns found: {found})")
    twice = [name for name in columns if names.count(name) > 1]
    if twice:
        raise TableError(f"{path}: {place}column {twice[0]} occurs twice")


def csv_fault(path: Path, columns: Sequence[str]) -> str:
    """The first fault of a CSV file that could not be read, as "line N: reason"; a slow second look."""
    with path.open("rb") as raw:
        for number, line in enumerate(raw, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                return f"line {number}: not UTF-8 (byte {line[error.start]:#04x})"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, strict=True)
        try:
            header = next(rows, [])
            for row in rows:
                if len(row) != len(header):
                    return f"line {rows.line_num}: {len(row)} fields, the header has {len(header)}"
                for name in columns:
                    if not row[header.index(name)]:
                        return f"line {rows.line_num}: {name} is empty"
        except csv.Error as error:
            return f"line {rows.line_num}: {error}"
    return ""


def first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
