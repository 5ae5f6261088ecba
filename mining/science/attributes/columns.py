"""The columns of an attribute table: numbers or categories, and why others were left out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from mining.science.coding import Codes
from mining.science.confusion import Array

Rows = npt.NDArray[np.int64]


class AttributesError(ValueError):
    """A table or a question that cannot be answered; the message says what to do."""


@dataclass(frozen=True)
class Numbers:
    """float64 [N]; NaN where missing. Never infinite."""

    name: str
    values: Array

    @property
    def missing(self) -> npt.NDArray[np.bool_]:
        """bool [N]."""
        return np.isnan(self.values)

    def take(self, rows: Rows) -> Numbers:
        return replace(self, values=self.values[rows])


@dataclass(frozen=True)
class Categories:
    """int32 [N], codes into `levels` (sorted); -1 where missing. A level may be without rows."""

    name: str
    codes: Codes
    levels: tuple[str, ...]

    @property
    def missing(self) -> npt.NDArray[np.bool_]:
        """bool [N]."""
        return np.asarray(self.codes < 0)

    def take(self, rows: Rows) -> Categories:
        return replace(self, codes=self.codes[rows])


Column: TypeAlias = Numbers | Categories


@dataclass(frozen=True)
class Note:
    """Something that whoever reads the result must know: a reason's code, the column that it is about (or ""), and
    numbers for the sentence (`told.note`)."""

    code: str
    column: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AttributeTable:
    """N rows of typed columns.

    left_out: one note a column that is not among `columns`, with the reason
    warnings: what was found that may be wrong, and is left as it is
    """

    n: int
    columns: tuple[Column, ...]
    left_out: tuple[Note, ...] = ()
    warnings: tuple[Note, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def take(self, rows: Rows) -> AttributeTable:
        """The same columns at these rows. Columns that have become constant stay."""
        return replace(self, n=len(rows), columns=tuple(column.take(rows) for column in self.columns))
