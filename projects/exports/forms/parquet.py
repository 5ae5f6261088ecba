"""Parquet, a group of rows at a time; each column's description, unit and UCD are its field's metadata."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from projects.exports.columns import Column
from projects.exports.forms import Content
from projects.exports.typed import fitting

GROUP = 20_000  # rows


def write(target: Path, content: Content) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    types = {"text": pa.string(), "int": pa.int64(), "float": pa.float64(), "time": pa.timestamp("us", "UTC")}
    schema = pa.schema(
        [pa.field(each.name, types[each.type], metadata=_told(each)) for each in content.columns],
        metadata={"title": content.title, "description": content.description},
    )
    fits = fitting(content.columns)
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        for group in _groups(content.cells()):
            columns = zip(*group, strict=True)
            arrays = [
                pa.array([fit(value) for value in column], type=field.type)
                for fit, column, field in zip(fits, columns, schema, strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def _told(column: Column[Any]) -> dict[str, str]:
    told = {
        "description": column.description,
        "unit": column.unit,
        "values": column.values,
        "ucd": column.ucd,
    }
    return {name: text for name, text in told.items() if text}


def _groups(cells: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while group := list(islice(cells, GROUP)):
        yield group
