"""The files of a crowd, read and checked before anything is stored: votes, and what is known of the items.

labels: item, worker, label in any order; further columns are kept with each vote. truth: item, label. items: item and
what is known of it: a column that holds numbers only is what the catalogue knows, any other is shown.
"""

import json
import math
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.imports import csvfile
from projects.imports.csvfile import File

VOTES = ("item", "worker", "label")
TRUTH = ("item", "label")
MOST_LABELS = 60
"""Answers that a question can have (projects/tasks/base.py)."""

LONGEST = {"item": 200, "worker": 100, "label": 200}  # characters: the columns in the database
MORE = 2000
"""Characters of what stands beside a vote."""

SHOWN = 20_000
"""Characters of one thing known of an item."""

STEP = 20_000  # rows between two messages of progress


@dataclass
class Crowd:
    """N votes as codes, with the names that the codes stand for.

    item, worker, label, more: int32 [N], codes into items, workers, labels, and beside: what else stands in the row, as
    JSON. truth: item to label. known: item to (metadata, attributes). numbers: the columns that are attributes.
    """

    items: list[str]
    workers: list[str]
    labels: list[str]
    beside: list[str]
    item: np.ndarray
    worker: np.ndarray
    label: np.ndarray
    more: np.ndarray
    truth: dict[str, str] = field(default_factory=dict)
    known: dict[str, tuple[dict[str, str], dict[str, float]]] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.item)


class Names(dict[str, int]):
    """Name to code, in the order in which they first came; each is checked when it is first seen."""

    def __init__(self, file: File, column: str) -> None:
        super().__init__()
        self._file, self._column = file, column

    def code(self, name: str, line: int) -> int:
        """Of a name that is new."""
        check_cell(self._file, line, self._column, name, LONGEST[self._column])
        if self._column == "label" and len(self) == MOST_LABELS:
            said = {"label": name[:60], "most": MOST_LABELS}
            reason = _(
                "%(label)r is one label more than the %(most)s that a question can have. Is this the column of labels?"
            )
            raise refused(self._file, line, reason % said)
        return self.setdefault(name, len(self))


def read_crowd(
    labels: File,
    truth: File | None = None,
    items: File | None = None,
    *,
    encoding: str = "utf-8",
    told: Callable[[int], None] = lambda rows: None,
) -> Crowd:
    """All of it, or Invalid with file, line and reason. Memory: some 20 bytes a vote, and the names."""
    crowd = _read_votes(labels, encoding, told)
    if items:
        _read_items(crowd, items, encoding)
    if truth:
        _read_truth(crowd, truth, encoding)
    return crowd


def refused(file: File, line: int, reason: str) -> Invalid:
    said = {"file": file.name, "line": line, "reason": reason}
    return Invalid(_("%(file)s, line %(line)s: %(reason)s") % said)


def check_cell(file: File, line: int, column: str, text: str, most: int) -> None:
    if not text.strip():
        raise refused(file, line, _("%(column)s is empty.") % {"column": column})
    if len(text) > most:
        said = {"column": column, "most": most}
        raise refused(file, line, _("%(column)s is longer than %(most)s characters.") % said)
    if "\0" in text:
        raise refused(file, line, _("%(column)s has a NUL character.") % {"column": column})


def rows_of(file: File, columns: Sequence[str], encoding: str) -> Iterator[tuple[int, list[str]]]:
    """(line, all cells) of every row, or Invalid that names the file."""
    try:
        with file.open() as opened:
            yield from csvfile.whole_rows(opened, columns, encoding)
    except Invalid as error:
        raise Invalid(f"{file.name}: {error.message}") from None


def header_of(file: File, columns: Sequence[str], encoding: str) -> tuple[list[int], dict[str, int]]:
    """The places of `columns` in each row, and of what line 1 names beside them."""
    try:
        with file.open() as opened:
            header = csvfile.header(opened, columns, encoding)
    except Invalid as error:
        raise Invalid(f"{file.name}: {error.message}") from None
    others = {name: place for place, name in enumerate(header) if name not in columns}
    for name in others:
        check_cell(file, 1, _("a column's name"), name, 60)
        if header.count(name) > 1:
            raise refused(file, 1, _("the column %(column)s is there twice.") % {"column": name})
    return [header.index(column) for column in columns], others


def _read_votes(file: File, encoding: str, told: Callable[[int], None]) -> Crowd:
    (of_item, of_worker, of_label), others = header_of(file, VOTES, encoding)
    items, workers, labels = (Names(file, column) for column in VOTES)
    beside: dict[str, int] = {"{}": 0}
    item_codes, worker_codes, label_codes, more_codes = (array("i") for _each in range(4))
    for line, cells in rows_of(file, VOTES, encoding):
        if (item := items.get(cells[of_item])) is None:
            item = items.code(cells[of_item], line)
        if (worker := workers.get(cells[of_worker])) is None:
            worker = workers.code(cells[of_worker], line)
        if (label := labels.get(cells[of_label])) is None:
            label = labels.code(cells[of_label], line)
        item_codes.append(item)
        worker_codes.append(worker)
        label_codes.append(label)
        if others:
            more_codes.append(_beside(file, line, others, cells, beside))
        if not line % STEP:
            told(len(item_codes))
    if not item_codes:
        raise Invalid(_("%(file)s has no votes, only a header.") % {"file": file.name})
    return Crowd(
        list(items),
        list(workers),
        list(labels),
        list(beside),
        item=np.frombuffer(item_codes, np.int32),
        worker=np.frombuffer(worker_codes, np.int32),
        label=np.frombuffer(label_codes, np.int32),
        more=np.frombuffer(more_codes, np.int32) if others else np.zeros(len(item_codes), np.int32),
    )


def _beside(file: File, line: int, columns: dict[str, int], cells: list[str], known: dict[str, int]) -> int:
    """The code of what else the row says; empty cells are left out."""
    given = {name: cells[place] for name, place in columns.items() if cells[place]}
    text = json.dumps(given)
    if text not in known:
        check_cell(file, line, _("what stands beside the vote"), "".join(["-", *given.values()]), MORE)
        known[text] = len(known)
    return known[text]


def _read_items(crowd: Crowd, file: File, encoding: str) -> None:
    (of_item,), columns = header_of(file, ["item"], encoding)
    known: dict[str, dict[str, str]] = {}
    for line, cells in rows_of(file, ["item"], encoding):
        item = cells[of_item]
        check_cell(file, line, "item", item, LONGEST["item"])
        if item in known:
            raise refused(file, line, _("the item %(item)s is there twice.") % {"item": item})
        known[item] = {name: cells[place] for name, place in columns.items() if cells[place].strip()}
        for name, cell in known[item].items():
            check_cell(file, line, name, cell, SHOWN)
    crowd.numbers = [
        name for name in columns if _all_numbers([of[name] for of in known.values() if name in of])
    ]
    for item, given in known.items():
        numbers = {name: float(given.pop(name)) for name in crowd.numbers if name in given}
        crowd.known[item] = given, numbers
    seen = set(crowd.items)
    crowd.items += [item for item in known if item not in seen]


def _all_numbers(cells: list[str]) -> bool:
    """And there is one."""
    try:
        return bool(cells) and all(math.isfinite(float(cell)) for cell in cells)
    except ValueError:
        return False


def _read_truth(crowd: Crowd, file: File, encoding: str) -> None:
    """A label that nobody gave is one more answer."""
    (of_item, of_label), _others = header_of(file, TRUTH, encoding)
    items = set(crowd.items)
    labels = Names(file, "label")
    labels.update(zip(crowd.labels, count()))
    for line, cells in rows_of(file, TRUTH, encoding):
        item, label = cells[of_item], cells[of_label]
        if item not in items:
            reason = _("the item %(item)s is not among those that were labelled.")
            raise refused(file, line, reason % {"item": item[:200]})
        if label not in labels:
            labels.code(label, line)
        if crowd.truth.setdefault(item, label) != label:
            reason = _("the item %(item)s has another label further up.")
            raise refused(file, line, reason % {"item": item})
    crowd.labels = list(labels)
