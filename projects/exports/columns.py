"""A column: one list of these both writes a table and documents it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

Row = TypeVar("Row")

Type = Literal["text", "int", "float", "time"]
"""What a column holds in forms that have types: 64 bits, or a moment in UTC. Everything may be missing."""


@dataclass(frozen=True)
class Column(Generic[Row]):
    """`of` gives the cell of a row; None is an empty cell. `values`: what a coded cell may say, `key: meaning; ...`.
    `ucd`: what it is in the words of the IVOA (UCD1+ 1.5), where they have one."""

    name: str
    description: str
    of: Callable[[Row], Any]
    unit: str = ""
    values: str = ""
    type: Type = "text"
    ucd: str = ""


@dataclass(frozen=True)
class Description:
    """One line of the documentation of tables."""

    table: str
    column: Column[Any]


def describe(tables: dict[str, Sequence[Column[Any]]]) -> Iterator[Description]:
    """The rows of the documentation of some tables, by table name."""
    return (Description(table, column) for table, columns in tables.items() for column in columns)


DOCUMENTATION: list[Column[Description]] = [
    Column("table", "The file in which the column stands", lambda d: d.table),
    Column("column", "Its name, as in the header of that file", lambda d: d.column.name),
    Column("description", "What it says", lambda d: d.column.description),
    Column("unit", "Its unit; empty for names, counts and shares", lambda d: d.column.unit),
    Column("values", "The keys that a coded cell holds, each with its meaning", lambda d: d.column.values),
    Column("type", "text, int, float or time: how forms with types hold it", lambda d: d.column.type),
    Column("ucd", "What it is in the IVOA's words, where they have one", lambda d: d.column.ucd),
]
