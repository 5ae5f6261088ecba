"""Attribute tables in: CSV, Parquet, and what astronomers keep (FITS, VOTable, ECSV) through astropy.

CSV is UTF-8 with a header line and commas. A column without a name (pandas writes its index so) gets one,
`column 1` for the first. A masked value of an astronomer's table is missing.
"""

from __future__ import annotations

import csv
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as arrow_csv

from mining.science.tables import TableError, csv_fault, first_line

INFERRED = 10_000
"""Rows of a CSV file from which the types of its columns are taken, if the others fit."""

SUFFIXES = (".csv", ".parquet", ".fits", ".fit", ".vot", ".votable", ".xml", ".ecsv")


def read_frame(path: Path) -> pl.DataFrame:
    """All columns of a file, as they are typed there (CSV: as Polars infers, so that all rows fit)."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise TableError(f"{path}: the name must end in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}")
    if not path.is_file():
        raise TableError(f"{path}: no such file")
    try:
        if suffix == ".csv":
            frame = _csv(path)
        elif suffix == ".parquet":
            frame = pl.read_parquet(path)
        else:
            frame = _astropy(path, suffix)
    except (pl.exceptions.PolarsError, OSError) as error:
        fault = csv_fault(path, ()) if suffix == ".csv" else ""
        raise TableError(f"{path}: {fault or first_line(error)}") from error
    if not frame.height:
        raise TableError(f"{path}: no rows")
    return frame


def _csv(path: Path) -> pl.DataFrame:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            names = next(csv.reader(file, strict=True), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableError(f"{path}: {csv_fault(path, ()) or first_line(error)}") from error
    if not names:
        raise TableError(f"{path}: empty")
    names = [name or f"column {at}" for at, name in enumerate(names, start=1)]
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise TableError(f"{path}: line 1: column {twice[0]} occurs twice")
    if len(names) == 1 and (mark := next((m for m in ";\t|" if m in names[0]), "")):
        raise TableError(
            f"{path}: line 1: one column only; the file must be separated by commas, not {mark!r}"
        )
    frame = _inferred(path, names)
    if frame.height and frame[names[-1]].null_count():
        _check_lengths(path)
    return frame


def _inferred(path: Path, names: list[str]) -> pl.DataFrame:
    """As Polars infers from all rows, which takes a minute of CPU on a million rows of text. So from the first
    `INFERRED`, where the others fit: a value that does not is an error, and a column that only begins empty could be
    anything."""
    try:
        frame = pl.read_csv(path, infer_schema_length=INFERRED, try_parse_dates=True, new_columns=names)
        if not any(_begins_empty(frame[name]) for name, kind in frame.schema.items() if kind == pl.String):
            return frame
    except pl.exceptions.PolarsError:
        pass  # all rows tell more, or refuse it with the reason
    return pl.read_csv(path, infer_schema_length=None, try_parse_dates=True, new_columns=names)


def _begins_empty(column: pl.Series) -> bool:
    first = column.head(INFERRED)
    return first.null_count() == len(first) and column.null_count() < len(column)


def _check_lengths(path: Path) -> None:
    """A short row is refused: Polars would fill it up with missing values."""
    as_bytes = arrow_csv.ConvertOptions(default_column_type=pa.binary())
    try:
        rows = arrow_csv.open_csv(
            path, convert_options=as_bytes, parse_options=arrow_csv.ParseOptions(newlines_in_values=True)
        )
        for _ in rows:
            pass
    except pa.ArrowInvalid as error:
        raise TableError(f"{path}: {csv_fault(path, ()) or first_line(error)}") from error


def _astropy(path: Path, suffix: str) -> pl.DataFrame:
    """The first table of the file; columns that hold more than one value a row are passed on as lists."""
    from astropy.table import Table  # noqa: PLC0415 (only who reads such a file pays for it)

    kind = {".fits": "fits", ".fit": "fits", ".ecsv": "ascii.ecsv"}.get(suffix, "votable")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of units and dialects: values are read all the same
            table = Table.read(path, format=kind)
    except Exception as error:  # astropy has no base class of its errors
        raise TableError(f"{path}: no table that can be read ({first_line(error)})") from error
    return pl.DataFrame({name: _series(name, table[name]) for name in table.colnames})


def _series(name: str, column: Any) -> pl.Series:
    mask = getattr(column, "mask", None)
    values = np.asarray(getattr(column, "value", column))
    if isinstance(column, np.ma.MaskedArray):
        values = np.asarray(column.data)
    if values.ndim > 1:
        return pl.Series(name, values.reshape(len(values), -1).tolist())
    kind = values.dtype.kind
    if kind == "S":
        series = pl.Series(name, [value.decode("utf-8", "replace").strip() for value in values.tolist()])
    elif kind in "biuf":
        series = pl.Series(name, values.astype(values.dtype.newbyteorder("=")))
    else:
        series = pl.Series(name, [None if value is None else str(value).strip() for value in values.tolist()])
    if mask is None or not np.any(mask):
        return series
    return (
        pl.select(pl.when(pl.Series(~np.broadcast_to(mask, values.shape))).then(series))
        .to_series()
        .alias(name)
    )
