"""Votes in from CSV or Parquet, results out as CSV: the files of the command line.

In: columns item, worker, label (others are ignored). CSV is UTF-8 with a header line, comma separated. A file
that is not so is refused with the line (CSV, counted from 1) or row (Parquet, counted from 1) of the first
fault.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from mining.science.votes import Votes, VotesError, encode

COLUMNS = ("item", "worker", "label")


class TableError(ValueError):
    """A file that cannot be read as votes; the message names the file, the place and the reason."""


def read_votes(path: Path) -> Votes:
    """The votes of a .csv or .parquet file."""
    if path.suffix not in {".csv", ".parquet"}:
        raise TableError(f"{path}: the name must end in .csv or .parquet")
    if not path.is_file():
        raise TableError(f"{path}: no such file")
    frame = _read_parquet(path) if path.suffix == ".parquet" else _read_csv(path)
    if frame.is_empty():
        raise TableError(f"{path}: no votes, only a header" if path.suffix == ".csv" else f"{path}: no votes")
    try:
        return encode(*(frame.get_column(name) for name in COLUMNS))
    except VotesError as error:
        fault = "" if path.suffix == ".parquet" else _csv_fault(path)
        place = "" if error.row is None else f"row {error.row + 1}: "
        raise TableError(f"{path}: {fault or place + error.reason}") from error


def write_table(path: Path, columns: Mapping[str, Any]) -> None:
    """A CSV file with a header line; floats to six decimals, NaN and None as empty cells."""
    frame = pl.DataFrame({name: _series(values) for name, values in columns.items()})
    try:
        frame.write_csv(path, float_precision=6)
    except OSError as error:
        raise TableError(f"{path}: cannot be written ({error.strerror or error})") from error


def _series(values: Any) -> pl.Series:
    if not isinstance(values, np.ndarray):
        return pl.Series(values)
    series = pl.Series(values.tolist())
    return series.fill_nan(None) if values.dtype.kind == "f" else series


def _read_parquet(path: Path) -> pl.DataFrame:
    try:
        names = list(pl.read_parquet_schema(path))
        _check_columns(path, names, "")
        return pl.read_parquet(path, columns=list(COLUMNS))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise TableError(f"{path}: no Parquet file ({_first_line(error)})") from error


def _read_csv(path: Path) -> pl.DataFrame:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            names = next(csv.reader(file, strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        names = []
    else:
        _check_columns(path, names, "line 1: ")
    try:
        return pl.read_csv(path, columns=list(COLUMNS), infer_schema=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise TableError(f"{path}: {_csv_fault(path) or _first_line(error)}") from error


def _check_columns(path: Path, names: list[str], place: str) -> None:
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        found = ", ".join(names) or "none"
        raise TableError(f"{path}: {place}no column {', '.join(missing)} (columns found: {found})")
    twice = [name for name in COLUMNS if names.count(name) > 1]
    if twice:
        raise TableError(f"{path}: {place}column {twice[0]} occurs twice")


def _csv_fault(path: Path) -> str:
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
                for name in COLUMNS:
                    if not row[header.index(name)]:
                        return f"line {rows.line_num}: {name} is empty"
        except csv.Error as error:
            return f"line {rows.line_num}: {error}"
    return ""


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
