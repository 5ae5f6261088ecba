"""The vote table: the one shape that every method of this package reads.

One row is one vote: volunteer v gave item i the label l. An item is a subject as seen by one task (in the
site: one subject under one task path); a label is a stable answer key, never its text. Rows stand in the
order in which the votes were received: *first* means the earliest row.

A volunteer counts once an item. Of repeated (item, volunteer) rows `encode` keeps the first and reports how
many others it dropped; the methods rely on it.

Integer codes: items and volunteers are numbered in order of first appearance, labels in sorted order, so that
the code of a label does not depend on the order of the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Codes = npt.NDArray[np.int32]
Names = npt.NDArray[np.str_]
Column = Sequence[Any] | npt.NDArray[Any] | pl.Series


class VotesError(ValueError):
    """The rows are no vote table; the message says what is wrong, `row` (0-based, or None) says where."""

    def __init__(self, reason: str, row: int | None = None) -> None:
        super().__init__(reason if row is None else f"row {row}: {reason}")
        self.reason = reason
        self.row = row


@dataclass(frozen=True)
class Votes:
    """N votes as integer codes, with the names that the codes stand for.

    item, volunteer, label : int32 [N], codes into `items` [I], `volunteers` [V], `labels` [K]
    n_dropped : how many later repeats of an (item, volunteer) pair `encode` left out
    learned : bool [N], or None for all: whether the vote counts in its volunteer's matrix. One that does not (an
        answer redone, or given after help) still counts for its item
    Names may hold an item, volunteer or label without a vote (an answer nobody chose is still an answer).
    """

    item: Codes
    volunteer: Codes
    label: Codes
    items: Names
    volunteers: Names
    labels: Names
    n_dropped: int = 0
    learned: npt.NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        n = len(self.item)
        for name in ("item", "volunteer", "label"):
            codes, names = getattr(self, name), getattr(self, f"{name}s")
            if codes.dtype != np.int32 or codes.shape != (n,):
                raise VotesError(f"{name} must be int32 of shape ({n},), not {codes.dtype} {codes.shape}")
            if n and (codes.min() < 0 or codes.max() >= len(names)):
                raise VotesError(f"{name} holds a code outside 0..{len(names) - 1}")
        if self.learned is not None and (self.learned.dtype != np.bool_ or self.learned.shape != (n,)):
            raise VotesError(f"learned must be bool of shape ({n},)")
        pair = self.item.astype(np.int64) * max(len(self.volunteers), 1) + self.volunteer
        if len(np.unique(pair)) != n:
            raise VotesError("a volunteer votes twice on one item; make the table with encode()")

    def __len__(self) -> int:
        return len(self.item)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(I, V, K): the number of items, volunteers and labels."""
        return len(self.items), len(self.volunteers), len(self.labels)

    def tallies(self) -> npt.NDArray[np.float64]:
        """Votes by item and label, float64 [I, K]."""
        i, _, k = self.shape
        cell = self.item.astype(np.int64) * k + self.label
        return np.bincount(cell, minlength=i * k).astype(np.float64).reshape(i, k)


def encode(item: Column, volunteer: Column, label: Column, *, labels: Sequence[str] | None = None) -> Votes:
    """Code three columns of equal length as Votes; values are compared as text.

    `labels` names the possible answers where they are known (their order is kept); a vote outside them is an
    error. Without it the labels are those that occur, sorted. An empty or missing value is an error that
    names its row.
    """
    columns = {"item": item, "volunteer": volunteer, "label": label}
    sizes = {name: len(column) for name, column in columns.items()}
    if len(set(sizes.values())) != 1:
        raise VotesError(f"columns of different length: {sizes}")
    frame = pl.DataFrame({name: _text(column) for name, column in columns.items()})
    for name in columns:
        empty = frame.get_column(name).fill_null("").eq("").arg_true()
        if len(empty):
            raise VotesError(f"{name} is empty", int(empty[0]))
    kept = frame.unique(subset=["item", "volunteer"], keep="first", maintain_order=True)
    items = kept.get_column("item").unique(maintain_order=True)
    volunteers = kept.get_column("volunteer").unique(maintain_order=True)
    known = (
        pl.Series(list(labels), dtype=pl.String)
        if labels is not None
        else kept.get_column("label").unique().sort()
    )
    if known.n_unique() != len(known):
        raise VotesError("labels names an answer twice")
    strange = frame.get_column("label").is_in(known.implode()).not_().arg_true()
    if len(strange):
        value = frame.get_column("label")[int(strange[0])]
        raise VotesError(f"label {value!r} is not among the labels given", int(strange[0]))
    return Votes(
        item=_codes(kept.get_column("item"), items),
        volunteer=_codes(kept.get_column("volunteer"), volunteers),
        label=_codes(kept.get_column("label"), known),
        items=_names(items),
        volunteers=_names(volunteers),
        labels=_names(known),
        n_dropped=len(frame) - len(kept),
    )


def _text(column: Column) -> pl.Series:
    series = column if isinstance(column, pl.Series) else pl.Series(list(column), strict=False)
    return series.cast(pl.String)


def _codes(values: pl.Series, names: pl.Series) -> Codes:
    codes = pl.Series(np.arange(len(names), dtype=np.int32))
    return values.replace_strict(names, codes, return_dtype=pl.Int32).to_numpy().astype(np.int32)


def _names(names: pl.Series) -> Names:
    return np.array(names.to_list(), dtype=np.str_)
