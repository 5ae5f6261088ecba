"""VOTable 1.4 as text in pieces, by hand: it needs no astropy, so a web process may answer with one."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from projects.exports.columns import Column
from projects.exports.stream import PIECE, plain
from projects.exports.typed import fitting

MIME = "application/x-votable+xml"
NAMESPACE = "http://www.ivoa.net/xml/VOTable/v1.3"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that no XML may hold, not even written as numbers."""

_TYPES = {
    "text": 'datatype="unicodeChar" arraysize="*"',
    "int": 'datatype="long"',
    "float": 'datatype="double"',
    "time": 'datatype="char" arraysize="*" xtype="timestamp"',
}


def pieces(
    columns: Sequence[Column[Any]],
    rows: Iterable[Sequence[Any]],
    *,
    title: str,
    description: str,
    infos: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """rows: of cells in the order of columns. infos: name to value of the INFO elements of the resource."""
    yield head(description, infos or {}) + _table(columns, title)
    fits = fitting(columns)
    buffer, length = [], 0
    for cells in rows:
        line = "".join(f"<TD>{_cell(fit(cell))}</TD>" for fit, cell in zip(fits, cells, strict=True))
        buffer.append(f"<TR>{line}</TR>\n")
        length += len(line)
        if length > PIECE:
            yield "".join(buffer)
            buffer, length = [], 0
    yield "".join([*buffer, "</TABLEDATA></DATA>\n</TABLE>\n", TAIL])


TAIL = "</RESOURCE>\n</VOTABLE>\n"


def head(description: str, infos: Mapping[str, str]) -> str:
    told = "".join(
        f"<INFO name={attribute(name)} value={attribute(value)}/>\n" for name, value in infos.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<VOTABLE version="1.4" xmlns="{NAMESPACE}">\n<RESOURCE type="results">\n'
        f"<DESCRIPTION>{text(description)}</DESCRIPTION>\n{told}"
    )


def _table(columns: Sequence[Column[Any]], title: str) -> str:
    fields = "".join(_field(column, at) for at, column in enumerate(columns))
    return f'<TABLE ID="table" name={attribute(title)}>\n{fields}<DATA><TABLEDATA>\n'


def _field(column: Column[Any], at: int) -> str:
    """A number that is missing is an empty cell, as VOTable 1.3 and newer have it."""
    more = "".join(
        f" {name}={attribute(value)}" for name, value in (("unit", column.unit), ("ucd", column.ucd)) if value
    )
    said = f"{column.description} {column.values}".strip()
    return (
        f'<FIELD ID="c{at}" name={attribute(column.name)} {_TYPES[column.type]}{more}>'
        f"<DESCRIPTION>{text(said)}</DESCRIPTION></FIELD>\n"
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return text(value) if isinstance(value, str) else plain(value)


def text(value: str) -> str:
    """Between tags. A carriage return is written as a number, else readers make a line feed of it."""
    return escape(_NO_XML.sub("\ufffd", value), {"\r": "&#13;"})


def attribute(value: str) -> str:
    """With its quotes."""
    return quoteattr(_NO_XML.sub("\ufffd", value), {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"})
