"""A FITS binary table. Its texts are ASCII by the standard: others are written with backslashes, see docs/data.md.

The whole table is held in memory: FITS says at its beginning how many rows it has and how wide each text is.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.exports.columns import Column
from projects.exports.forms import Content
from projects.exports.stream import plain
from projects.exports.typed import fitting

if TYPE_CHECKING:
    from astropy.table import MaskedColumn

MOST_COLUMNS = 999
MOST_CELLS = 20_000_000
MISSING = -(2**63)
"""Stands for a whole number that is missing (TNULL)."""


def write(target: Path, content: Content) -> None:
    """Raises Invalid for a table that FITS can't hold, or that would take too much memory."""
    from astropy.io import fits
    from astropy.table import Table

    if len(content.columns) > MOST_COLUMNS:
        told = {"n": len(content.columns), "most": MOST_COLUMNS}
        raise Invalid(_("The table has %(n)s columns; FITS holds %(most)s. Take Parquet.") % told)
    fit = fitting(content.columns)
    rows: list[tuple[Any, ...]] = []
    for cells in content.cells():
        rows.append(tuple(each(cell) for each, cell in zip(fit, cells, strict=True)))
        if len(rows) * len(fit) > MOST_CELLS:
            said = {"most": f"{MOST_CELLS:,}"}
            raise Invalid(
                _("The table has more than %(most)s cells, too many for FITS. Take Parquet.") % said
            )
    values: list[Any] = list(zip(*rows, strict=True)) if rows else [()] * len(fit)
    names = different([column.name for column in content.columns])
    table = Table(
        [_column(name, c, cells) for name, c, cells in zip(names, content.columns, values, strict=True)]
    )
    hdu = fits.table_to_hdu(table)
    _describe(hdu.header, content)
    fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(target)


def different(names: list[str]) -> list[str]:
    """The same names in ASCII, apart also for readers that take large and small letters as alike."""
    given: set[str] = set()
    found = []
    for name in names:
        plain_name = base = ascii_text(name)
        number = 1
        while plain_name.lower() in given:
            number += 1
            plain_name = f"{base}_{number}"
        given.add(plain_name.lower())
        found.append(plain_name)
    return found


def ascii_text(text: str) -> str:
    r"""Backslashes, what is no ASCII and what is no sign as Python and JSON write them: \\, \n, \xe9, \u03b1."""
    return text.encode("unicode_escape").decode("ascii")


def _column(name: str, column: Column[Any], values: tuple[Any, ...]) -> "MaskedColumn":
    import numpy as np  # noqa: PLC0415
    from astropy.table import MaskedColumn

    gone = [value is None for value in values]
    if column.type in ("int", "float"):
        kind, missing = (np.int64, MISSING) if column.type == "int" else (np.float64, np.nan)
        data = np.array([missing if value is None else value for value in values], dtype=kind)
    else:
        texts = [
            "" if value is None else ascii_text(value if isinstance(value, str) else plain(value))
            for value in values
        ]
        data = np.array(
            [text.encode() for text in texts] or [b""][:0], dtype=f"S{max(map(len, texts), default=1) or 1}"
        )
    made = MaskedColumn(data, name=name, mask=gone)
    if column.type == "int":
        made.fill_value = MISSING
    return made


def _describe(header: Any, content: Content) -> None:
    """TUNIT as the column says it, TCOMM and TUCD: conventions that TOPCAT reads and writes."""
    header["EXTNAME"] = ascii_text(content.title)[:60]
    for number, column in enumerate(content.columns, 1):
        for keyword, text in (("TUNIT", column.unit), ("TUCD", column.ucd), ("TCOMM", column.description)):
            if text:
                header[f"{keyword}{number}"] = ascii_text(text)
    header["HISTORY"] = "Texts: ASCII; others as Python and JSON write them, with backslashes."
