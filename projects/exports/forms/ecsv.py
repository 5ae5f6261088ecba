"""ECSV 1.0: CSV under a header in YAML that says types, units and descriptions. Cells stand as they are."""

import csv
from pathlib import Path
from typing import Any

import yaml

from projects.exports.columns import Column
from projects.exports.forms import Content
from projects.exports.stream import plain
from projects.exports.typed import fitting

TYPES = {"text": "string", "int": "int64", "float": "float64", "time": "string"}


def write(target: Path, content: Content) -> None:
    with target.open("w", encoding="utf-8", newline="") as file:
        file.write(_header(content))
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
        writer.writerow([column.name for column in content.columns])
        fits = fitting(content.columns)
        for cells in content.cells():
            row = (fit(cell) for fit, cell in zip(fits, cells, strict=True))
            writer.writerow(
                ["" if cell is None else cell if isinstance(cell, str) else plain(cell) for cell in row]
            )


def _header(content: Content) -> str:
    told = {
        "delimiter": ",",
        "datatype": [_column(column) for column in content.columns],
        "meta": {"title": content.title, "description": content.description},
        "schema": "astropy-2.0",
    }
    text = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=10_000)
    return "".join(f"# {line}\n" for line in ["%ECSV 1.0", "---", *text.splitlines()])


def _column(column: Column[Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"name": column.name, "datatype": TYPES[column.type]}
    if column.unit:
        told["unit"] = column.unit
    told["description"] = column.description
    more = {"ucd": column.ucd, "values": column.values}
    if any(more.values()):
        told["meta"] = {name: text for name, text in more.items() if text}
    return told
