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
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mining.science.coding import Coded, Codes, Column, Names, NotText, coded, first_of_pairs
from mining.science.sorting import ByItem, by_item, counted, has_repeats, looked_up, tallies

__all__ = ["Codes", "Column", "Names", "Votes", "VotesError", "encode"]


class VotesError(ValueError):
    """The rows are no vote table; the message says what is wrong, `row` (0-based, or None) says where."""

    def __init__(self, reason: str, row: int | None = None) -> None:
        super().__init__(reason if row is None else f"row {row}: {reason}")
        self.reason = reason
        self.row = row


class RepeatedError(VotesError):
    """A volunteer votes twice on one item."""


@dataclass(frozen=True)
class Votes:
    """N votes as integer codes, with the names that the codes stand for.

    item, volunteer, label : int32 [N], codes into `items` [I], `volunteers` [V], `labels` [K]
    n_dropped : how many later repeats of an (item, volunteer) pair `encode` left out
    learned : bool [N], or None for all: whether the vote counts in its volunteer's matrix. One that does not (an
        answer redone, or given after help) still counts for its item
    weights : float64 [V], or None for 1 everywhere: what a volunteer's votes weigh, above 0 to 1. Below 1 a vote says
        what its volunteer's matrix says with that chance, and else nothing; and it teaches no matrix but their own
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
    weights: npt.NDArray[np.float64] | None = None

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
        w = self.weights
        if w is not None and (w.shape != (len(self.volunteers),) or not ((w > 0) & (w <= 1)).all()):
            raise VotesError(f"weights must be {len(self.volunteers)} numbers above 0 and at most 1")
        if has_repeats(self.by_item, len(self.volunteers), len(self.labels)):
            raise RepeatedError("a volunteer votes twice on one item; make the table with encode()")

    def __len__(self) -> int:
        return len(self.item)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(I, V, K): the number of items, volunteers and labels."""
        return len(self.items), len(self.volunteers), len(self.labels)

    @cached_property
    def by_item(self) -> ByItem:
        """The votes sorted by item: what passes over all of them read."""
        return by_item(self.item, self.volunteer, self.label, self.learned, self.shape)

    def tallies(self) -> npt.NDArray[np.float64]:
        """Votes by item and label, float64 [I, K]."""
        return tallies(self.by_item, np.ones(len(self.volunteers)), len(self.labels))[0]


def encode(
    item: Column | Coded,
    volunteer: Column | Coded,
    label: Column | Coded,
    *,
    labels: Sequence[str] | None = None,
    learned: Sequence[bool] | npt.NDArray[np.bool_] | None = None,
) -> Votes:
    """Code three columns of equal length as Votes; values are compared as text. `learned`: see Votes.

    `labels` names the possible answers where they are known (their order is kept); a vote outside them is an
    error. Without it the labels are those that occur, sorted. An empty or missing value is an error that
    names its row.
    """
    columns = {"item": item, "volunteer": volunteer, "label": label}
    sizes = {name: len(each.codes if isinstance(each, Coded) else each) for name, each in columns.items()}
    if len(set(sizes.values())) != 1:
        raise VotesError(f"columns of different length: {sizes}")
    found = {name: _coded(name, column) for name, column in columns.items()}
    flags = None if learned is None else np.asarray(learned, dtype=np.bool_)
    try:
        return _table(found, labels, flags)
    except RepeatedError:
        first = first_of_pairs(
            found["item"].codes,
            found["volunteer"].codes,
            len(found["item"].names),
            len(found["volunteer"].names),
        )
        kept = {name: Coded(each.codes[first], each.names) for name, each in found.items()}
        _check_labels(found["label"], labels)
        return _table(
            kept, labels, None if flags is None else flags[first], len(first) - int(np.count_nonzero(first))
        )


def _coded(name: str, column: Column | Coded) -> Coded:
    try:
        found = coded(column)
    except NotText as error:
        raise VotesError(f"{name} is {error.reason}", error.row) from None
    if len(found.codes) and found.codes.min() < 0:
        raise VotesError(f"{name} is empty", int(np.argmin(found.codes)))
    return found


def _table(
    found: dict[str, Coded],
    labels: Sequence[str] | None,
    learned: npt.NDArray[np.bool_] | None,
    dropped: int = 0,
) -> Votes:
    """The table of coded columns; RepeatedError where a pair occurs twice."""
    (items, item_names), (volunteers, volunteer_names), (given, given_names) = found.values()
    _check_labels(found["label"], labels)
    known = _labels(labels, given_names, given)
    place = {str(name): code for code, name in enumerate(known)}
    renumbered = np.array([place.get(str(name), -1) for name in given_names], dtype=np.int32)
    return Votes(
        item=items,
        volunteer=volunteers,
        label=looked_up(renumbered, given),
        items=item_names,
        volunteers=volunteer_names,
        labels=known,
        n_dropped=dropped,
        learned=learned,
    )


def _check_labels(given: Coded, labels: Sequence[str] | None) -> None:
    """VotesError for a vote, counted or not, outside the labels given; names its row."""
    if labels is None:
        return
    allowed = {str(label) for label in labels}
    strange = [code for code, name in enumerate(given.names.tolist()) if name not in allowed]
    if strange:  # codes are in order of first appearance
        row = int(np.argmax(given.codes == strange[0]))
        raise VotesError(f"label {str(given.names[strange[0]])!r} is not among the labels given", row)


def _labels(labels: Sequence[str] | None, names: Names, kept: Codes) -> Names:
    """The labels given, or those that occur in rows that count, sorted."""
    if labels is None:
        return np.sort(names[np.flatnonzero(counted(kept, len(names)))])
    known = np.array([str(label) for label in labels], dtype=np.str_)
    if len(set(known.tolist())) != len(known):
        raise VotesError("labels names an answer twice")
    return known
