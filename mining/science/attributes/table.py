"""A frame as an attribute table: every column typed, every column and value that is left out counted.

**Numbers** are what is a number in the file, dates (as seconds since 1970, with a note), and text that is all
numbers. A number is written as in `-1.5e3`; blanks around it do not matter, a comma among thousands makes it text.
Missing are empty cells, NaN, the texts `NA`, `N/A`, `null`, `none`, `-`, `--` among numbers, infinite values
(counted in a warning), and the sentinels that were declared. Text among numbers counts as missing, with a warning,
where at least nine tenths are numbers and they have more than `MIXED_LEVELS` values; else the column is one of
categories.

**Categories** are other text and booleans. Only empty cells and declared sentinels are missing.

Left out, with the reason: columns without any value, with one value only (a missing cell is no value), identifiers
(texts that are all different, or whole numbers beyond 2^53 that are), text with more than `MAX_LEVELS` levels or
more than half as many as rows, and columns that hold lists or bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from mining.science.attributes.columns import (
    AttributesError,
    AttributeTable,
    Categories,
    Column,
    Note,
    Numbers,
)
from mining.science.attributes.sentinels import suspected
from mining.science.coding import coded
from mining.science.confusion import Array

MAX_LEVELS = 1000
MIXED_LEVELS = 20
MIXED_SHARE = 0.9
EXACT = 2.0**53  # whole numbers beyond cannot be told apart as floats
NO_NUMBER = ("", "na", "n/a", "nan", "null", "none", "-", "--")


@dataclass
class _Reading:
    """What is gathered while the columns are read. Few levels, all different, are no identifier in a label."""

    sentinels: tuple[str, ...]
    is_label: bool = False
    left_out: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)

    def leave(self, code: str, name: str, **facts: object) -> None:
        self.left_out.append(Note(code, name, facts))

    def warn(self, code: str, name: str, **facts: object) -> None:
        self.warnings.append(Note(code, name, facts))


def attribute_table(
    frame: pl.DataFrame, *, sentinels: Iterable[str | float] = (), without: Sequence[str] = ()
) -> AttributeTable:
    """The columns of a frame except `without`. A sentinel that is a number counts in columns of numbers as that
    number, in others as that text; one that occurs nowhere is warned about."""
    unknown = [name for name in without if name not in frame.columns]
    if unknown:
        raise AttributesError(f"no column {', '.join(unknown)} (columns found: {some(frame.columns)})")
    reading = _Reading(tuple(_text(sentinel) for sentinel in sentinels))
    columns = [typed(frame[name], reading) for name in frame.columns if name not in set(without)]
    kept = tuple(column for column in columns if column is not None)
    used = {note.facts["value"] for note in reading.warnings if note.code == "sentinel"}
    for sentinel in reading.sentinels:
        if sentinel not in used:
            reading.warn("sentinel_unused", "", value=sentinel)
    return AttributeTable(frame.height, kept, tuple(reading.left_out), tuple(reading.warnings))


def label_column(series: pl.Series, sentinels: Iterable[str | float] = ()) -> Column | None:
    """A label typed by the same rules; None where it would be left out."""
    return typed(series, _Reading(tuple(_text(sentinel) for sentinel in sentinels), is_label=True))


def typed(series: pl.Series, reading: _Reading) -> Column | None:
    kind = series.dtype
    if kind.is_nested() or kind in (pl.Binary, pl.Object):
        reading.leave("kind", series.name, kind=str(kind))
        return None
    if kind.is_temporal():
        reading.warn("date", series.name)
        return _numbers(_seconds(series), series, reading)
    if kind.is_numeric():
        return _numbers(series.cast(pl.Float64).to_numpy(), series, reading)
    text = series.cast(pl.String)
    if kind == pl.Boolean:
        return _categories(text, reading)
    stripped = text.str.strip_chars()
    values = stripped.cast(pl.Float64, strict=False)
    given = ~(stripped.str.to_lowercase().is_in(NO_NUMBER) | stripped.is_null())
    strange = given & values.is_null()
    n, n_strange = int(given.sum()), int(strange.sum())
    if n and not n_strange:
        return _numbers(values.to_numpy(), series, reading)
    if n and n - n_strange >= MIXED_SHARE * n and values.n_unique() > MIXED_LEVELS:
        examples = stripped.filter(strange).unique(maintain_order=True).head(3).to_list()
        reading.warn("mixed", series.name, rows=n_strange, examples=examples)
        return _numbers(values.to_numpy(), series, reading)
    return _categories(text, reading)


def _numbers(read: Array, series: pl.Series, reading: _Reading) -> Numbers | None:
    name, values = series.name, np.array(read, dtype=np.float64)
    infinite = int(np.isinf(values).sum())
    if infinite:
        values[np.isinf(values)] = np.nan
        reading.warn("infinite", name, rows=infinite)
    for text in reading.sentinels:
        at = _equal(values, text, series.dtype == pl.Float32)
        if at.any():
            reading.warn("sentinel", name, value=text, rows=int(at.sum()))
            values[at] = np.nan
    present = values[~np.isnan(values)]
    if not len(present):
        reading.leave("all_missing", name, infinite=infinite)
        return None
    if present.min() == present.max():
        reading.leave("constant", name, value=float(present[0]), missing=len(values) - len(present))
        return None
    whole = series.dtype.is_integer()
    if whole and np.abs(present).max() > EXACT and series.drop_nulls().n_unique() == len(present):
        reading.leave("identifier", name, levels=len(present), rows=len(present))
        return None
    if whole and _counts_through(present):
        reading.warn("row_numbers", name)
    for value, rows in suspected(present):
        reading.warn("suspected", name, value=value, rows=rows)
    return Numbers(name, values)


def _categories(text: pl.Series, reading: _Reading) -> Categories | None:
    codes, names = coded(text)
    if len(names) > MAX_LEVELS + len(reading.sentinels) + 1:
        present = int((codes >= 0).sum())
        code = "identifier" if len(names) == present else "levels"
        reading.leave(code, text.name, levels=len(names), rows=present)
        return None
    dropped = [at for at, level in enumerate(names.tolist()) if level.strip() in ("", *reading.sentinels)]
    for at in dropped:
        if names[at].strip():
            rows = int((codes == at).sum())
            reading.warn("sentinel", text.name, value=names[at].strip(), rows=rows)
    kept = [at for at in range(len(names)) if at not in set(dropped)]
    order = sorted(kept, key=lambda at: str(names[at]))
    place = np.full(len(names) + 1, -1, dtype=np.int32)  # the last is for -1
    place[order] = np.arange(len(order))
    found = place[codes]
    present, levels = int((found >= 0).sum()), tuple(str(names[at]) for at in order)
    if not levels:
        reading.leave("all_missing", text.name, infinite=0)
    elif len(levels) == 1:
        reading.leave("constant", text.name, value=levels[0], missing=len(found) - present)
    elif reading.is_label:
        return Categories(text.name, found, levels)
    elif len(levels) == present and present > 2:
        reading.leave("identifier", text.name, levels=len(levels), rows=present)
    elif len(levels) > MAX_LEVELS or len(levels) > max(present / 2, 2):
        reading.leave("levels", text.name, levels=len(levels), rows=present)
    else:
        return Categories(text.name, found, levels)
    return None


def _counts_through(whole: Array) -> bool:
    """All different, without gaps."""
    n = len(whole)
    return n > 2 and whole.max() - whole.min() == n - 1 and len(np.unique(whole)) == n


def _equal(values: Array, sentinel: str, single: bool) -> np.typing.NDArray[np.bool_]:
    try:
        value = float(sentinel)
    except ValueError:
        return np.zeros(len(values), dtype=bool)
    if single:
        value = float(np.float32(value))
    return np.asarray(values == value)


def _seconds(series: pl.Series) -> Array:
    if series.dtype in (pl.Time, pl.Duration):
        seconds = series.cast(
            pl.Duration("ns") if series.dtype == pl.Time else series.dtype
        ).dt.total_milliseconds()
        return np.asarray(seconds.cast(pl.Float64).to_numpy() / 1e3)
    return np.asarray(series.cast(pl.Datetime("us")).dt.epoch("us").cast(pl.Float64).to_numpy() / 1e6)


def _text(sentinel: str | float) -> str:
    return sentinel.strip() if isinstance(sentinel, str) else repr(sentinel)


def some(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
