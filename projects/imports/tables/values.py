"""From cells to a catalogue attribute: a number or a category, or the reason why a column is left out."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from projects.exceptions import Invalid
from projects.imports.tables.table import Cells, Table

MOST_LEVELS = 200
"""Different texts of a category; more are names of rows."""

EXACT = 2**53
"""From here on a float no longer tells one whole number from the next."""

LONGEST = 63  # characters of an attribute's key
LONG_TEXT = 200
MISSING = ("", "nan", "null", "none", "n/a", "--")
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?|[+-]?inf(?:inity)?", re.IGNORECASE)


@dataclass(frozen=True)
class Attribute:
    """values: floats (NaN: missing) or texts (empty: missing), one a row."""

    key: str
    unit: str
    description: str
    values: NDArray[Any]

    @property
    def is_number(self) -> bool:
        return self.values.dtype.kind == "f"

    def value(self, row: int) -> float | str | None:
        found = self.values[row]
        if self.is_number:
            return None if math.isnan(found) else float(found)
        return str(found) or None


def attribute(table: Table, column: Cells) -> tuple[Attribute | None, str]:
    """(attribute, "") or (None, why it is left out). Raises Invalid for an infinite value: it is no number to keep."""
    if column.unfit:
        return None, column.unfit
    if len(column.name) > LONGEST:
        return None, _("its name is longer than %(n)s characters") % {"n": LONGEST}
    numbers = _numbers(column)
    if numbers is None:
        return _category(column)
    if (infinite := np.flatnonzero(np.isinf(numbers))).size:
        said = {"where": table.where(int(infinite[0])), "column": column.name, "n": infinite.size}
        raise Invalid(
            _(
                "%(where)s, column %(column)s: an infinite value (%(n)s of them). Write a missing value as an empty "
                "cell, or a finite number and declare that as a sentinel."
            )
            % said
        )
    if np.isnan(numbers).all():
        return None, _("all its values are missing")
    whole = numbers[~np.isnan(numbers)]
    if (np.abs(whole) >= EXACT).any() and (whole == np.floor(whole)).all():
        return None, _("its numbers are too long to be kept exactly: ids, not measurements")
    return Attribute(column.name, column.unit, column.description, numbers), ""


def texts(column: Cells) -> list[str]:
    """As names: whole numbers without a point; empty where missing."""
    values = column.values
    if isinstance(values, list):
        return [text.strip() for text in values]
    if values is None:
        raise Invalid(
            _("Column %(name)s can't be the id: %(why)s.") % {"name": column.name, "why": column.unfit}
        )
    missing = column.missing if column.missing is not None else np.zeros(len(values), dtype=bool)
    return [
        "" if gone or (isinstance(value, float) and math.isnan(value)) else _name(value)
        for value, gone in zip(values.tolist(), missing.tolist(), strict=True)
    ]


def degrees(table: Table, column: Cells) -> NDArray[np.float64]:
    """A coordinate in degrees, in whatever unit of an angle the table gives it; NaN where it is missing."""
    numbers = _numbers(column)
    if numbers is None:
        raise Invalid(_("Column %(name)s holds no numbers: write degrees.") % {"name": column.name})
    from astropy import units  # noqa: PLC0415 - only where something is joined on the sky

    try:
        factor = units.Unit(column.unit).to(units.deg) if column.unit else 1.0
    except (ValueError, TypeError):
        said = {"name": column.name, "unit": column.unit}
        raise Invalid(_("Column %(name)s has the unit %(unit)s, which is no angle.") % said) from None
    return numbers * float(factor)


def same_unit(one: str, two: str) -> bool:
    """Whether two writings mean the same unit; one that nobody can read equals only itself."""
    if one.strip() == two.strip():
        return True
    from astropy import units  # noqa: PLC0415 - where they differ

    try:
        return bool(units.Unit(one) == units.Unit(two)) and bool(one.strip()) and bool(two.strip())
    except (ValueError, TypeError):
        return False


def with_unit(found: Attribute, unit: str) -> Attribute:
    return replace(found, unit=unit)


def _name(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _numbers(column: Cells) -> NDArray[np.float64] | None:
    """Floats with NaN for what is missing; None where a cell is no number."""
    if column.values is None:
        return None
    if isinstance(column.values, list):
        return _parsed(column.values)
    found = column.values.astype(np.float64)
    if column.missing is not None:
        found[column.missing] = np.nan
    return found


def _parsed(cells: Iterable[str]) -> NDArray[np.float64] | None:
    found = []
    for cell in cells:
        text = cell.strip()
        if text.lower() in MISSING:
            found.append(math.nan)
        elif NUMBER.fullmatch(text):
            found.append(float(text.lower().replace("d", "e")))
        else:
            return None
    return np.array(found, dtype=np.float64)


def _category(column: Cells) -> tuple[Attribute | None, str]:
    cells = [text.strip() for text in column.values or []]
    cells = ["" if text.lower() in MISSING else text for text in cells]
    levels = set(cells) - {""}
    if len(levels) > MOST_LEVELS:
        odd = next(text for text in cells if text and not NUMBER.fullmatch(text))
        said = {"n": f"{len(levels):,}", "most": MOST_LEVELS, "odd": odd[:40]}
        return None, _("%(n)s different texts (such as “%(odd)s”); a category has at most %(most)s") % said
    if any(len(text) > LONG_TEXT or "\x00" in text for text in levels):
        return None, _("a text in it is too long for a category")
    if not levels:
        return None, _("all its values are missing")
    return Attribute(column.name, column.unit, column.description, np.array(cells, dtype=object)), ""
