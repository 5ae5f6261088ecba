"""One question's votes, straight from partitions into codes: for tables too large to be rows anywhere else.

Nothing of the database is read, so workers of a cluster that see the files can do it too. What counts is what
mining/lake/resolve.py says: not discounted, un-helped answers on known subjects left out, aliases as their person, of
one person's votes on a subject the first. No text is made for a vote, only for each subject and volunteer.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mining.lake.form import CODED
from mining.science.coding import first_of_pairs
from mining.science.numbering import Numbering
from mining.science.votes import Codes, Names, Votes, VotesError
from projects.tasks.base import NONE

Ids = npt.NDArray[np.int64]


class Piece(NamedTuple):
    """Votes in the order of the ledger: subject, volunteer int64; label int8; learned bool."""

    subject: Ids
    volunteer: Ids
    label: npt.NDArray[np.int8]
    learned: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Events:
    """discounted: classifications that don't count; aliases and their persons. All sorted by the first."""

    discounted: Ids
    aliases: Ids
    persons: Ids


@dataclass(frozen=True)
class Question:
    """subjects [I] and volunteers [V]: the ids of the codes of votes."""

    votes: Votes
    subjects: Ids
    volunteers: Ids

    def among(self, volunteers: Ids) -> "Question":
        """The same with codes into these ids, among which all of its own are."""
        codes = Numbering(volunteers).codes(self.volunteers)
        votes = replace(self.votes, volunteer=codes[self.votes.volunteer], volunteers=names_of(volunteers))
        return Question(votes, self.subjects, volunteers)


def names_of(ids: Ids) -> Names:
    return ids.astype(np.str_)


def read_question(
    files: Sequence[Path],
    task: str,
    labels: Sequence[str],
    *,
    position: int | None = None,
    part: tuple[int, int] = (0, 1),
) -> Question:
    """The votes of a question (path) in these partitions, which lie in order, up to a position.

    labels : the answers, in the order of their codes; a vote for another is an error
    part   : (n, of how many): only the subjects whose hash falls to it

    Volunteers are numbered by their votes, the busiest first: what is read most then lies together in memory.
    """
    rows = sum(pq.read_metadata(file).num_rows for file in files)
    item, who = np.empty(rows, dtype=np.int32), np.empty(rows, dtype=np.int32)
    label, learned = np.empty(rows, dtype=np.int32), np.empty(rows, dtype=np.bool_)
    subjects, people = Numbering(), Numbering()
    at = 0
    for piece in pieces(files, task, labels, events=events_of(files, position), position=position, part=part):
        end = at + len(piece.subject)
        item[at:end], who[at:end] = subjects.codes(piece.subject), people.codes(piece.volunteer)
        label[at:end], learned[at:end] = piece.label, piece.learned
        at = end
    order = np.argsort(-np.bincount(who[:at], minlength=len(people)), kind="stable")
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    who[:at] = place[who[:at]]
    names = people.names[order]
    made = _table(item[:at], who[:at], label[:at], learned[:at], subjects.names, names, labels)
    return Question(made, subjects.names, names)


def _table(
    item: Codes,
    volunteer: Codes,
    label: Codes,
    learned: npt.NDArray[np.bool_],
    subjects: Ids,
    volunteers: Ids,
    labels: Sequence[str],
) -> Votes:
    names = (names_of(subjects), names_of(volunteers), np.array(labels, dtype=np.str_))
    try:
        return Votes(item, volunteer, label, *names, 0, None if learned.all() else learned)
    except VotesError:  # somebody's second vote, which the site takes for none
        first = first_of_pairs(item, volunteer, len(subjects), len(volunteers))
        dropped = int(len(first) - np.count_nonzero(first))
        return Votes(item[first], volunteer[first], label[first], *names, dropped, learned[first])


def pieces(
    files: Sequence[Path],
    task: str,
    labels: Sequence[str],
    *,
    events: Events,
    position: int | None = None,
    part: tuple[int, int] = (0, 1),
) -> Iterator[Piece]:
    """The votes of the question, a row group at a time; the next is read while one is worked on."""

    def one(file: pq.ParquetFile, group: int) -> Piece:
        return _piece(file, group, task, labels, events, position, part)

    yield from _ahead(_groups(files), one)


def events_of(files: Sequence[Path], position: int | None = None) -> Events:
    """What the discounts, restorations and joinings up to a position come to."""
    net: dict[int, int] = {}
    joined: dict[int, int] = {}
    for file, group in _groups(files):
        if not set(_texts(file.read_row_group(group, columns=["entry"]), "entry")) - {"vote", "text"}:
            continue
        rows = file.read_row_group(
            group, columns=["position", "entry", "classification", "volunteer", "person"]
        )
        kept = rows.filter(pc.is_in(rows["entry"].cast(pa.string()), pa.array([*CHANGE, "joining"])))
        for row in kept.to_pylist():
            if position is not None and row["position"] > position:
                break
            if row["entry"] == "joining":
                joined[row["volunteer"]] = row["person"]
            else:
                net[row["classification"]] = net.get(row["classification"], 0) + CHANGE[row["entry"]]
    aliases = np.array(sorted(joined), dtype=np.int64)
    return Events(
        np.array(sorted(each for each, number in net.items() if number > 0), dtype=np.int64),
        aliases,
        np.array([joined[alias] for alias in aliases.tolist()], dtype=np.int64),
    )


CHANGE = {"discount": 1, "restoration": -1}


def _piece(
    file: pq.ParquetFile, group: int, task: str, labels: Sequence[str], events: Events, position: int | None,
    part: tuple[int, int],
) -> Piece:  # fmt: skip
    columns = ["entry", "task", "key", "subject", "volunteer", "counted", "first"]
    columns += ["classification"] if len(events.discounted) else []
    columns += ["position"] if position is not None else []
    rows = file.read_row_group(group, columns=columns)
    kept = _is(rows, "entry", "vote") & _is(rows, "task", task) & _flags(rows, "counted")
    if position is not None:
        kept &= _numbers(rows, "position") <= position
    if len(events.discounted):
        kept &= ~_among(_numbers(rows, "classification"), events.discounted)[0]
    label = _coded(rows, "key", {NONE: -1} | {key: code for code, key in enumerate(labels)}, kept)
    kept &= label >= 0
    subject = _numbers(rows, "subject")
    if part[1] > 1:
        kept &= part_of(subject, part[1]) == part[0]
    subject, volunteer = subject[kept], _numbers(rows, "volunteer")[kept]
    if len(events.aliases):
        is_alias, place = _among(volunteer, events.aliases)
        volunteer = np.where(is_alias, events.persons[place], volunteer)
    return Piece(subject, volunteer, label[kept].astype(np.int8), _flags(rows, "first")[kept])


def part_of(subject: Ids, parts: int) -> npt.NDArray[np.int64]:
    """Which part of a cluster a subject falls to: by a hash of its id (Knuth's multiplier), so that parts are alike."""
    mixed = subject.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return np.asarray((mixed >> np.uint64(33)) % np.uint64(parts), dtype=np.int64)


def _groups(files: Sequence[Path]) -> Iterator[tuple[pq.ParquetFile, int]]:
    for path in files:
        file = pq.ParquetFile(path, read_dictionary=list(CODED))
        yield from ((file, group) for group in range(file.num_row_groups))


def _ahead(
    groups: Iterator[tuple[pq.ParquetFile, int]], one: Callable[[pq.ParquetFile, int], Piece]
) -> Iterator[Piece]:
    with ThreadPoolExecutor(1) as reader:
        waiting = None
        for file, group in groups:
            following = reader.submit(one, file, group)
            if waiting is not None:
                yield waiting.result()
            waiting = following
        if waiting is not None:
            yield waiting.result()


def _column(rows: pa.Table, name: str) -> pa.Array:
    column = rows[name].combine_chunks()
    return column.chunk(0) if isinstance(column, pa.ChunkedArray) else column


def _texts(rows: pa.Table, name: str) -> list[str]:
    return [text for text in _column(rows, name).dictionary.to_pylist() if text is not None]


def _coded(
    rows: pa.Table, name: str, codes: dict[str, int], kept: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int16]:
    """The code of each text; ValueError for a text without one in a row that is kept."""
    column = _column(rows, name)
    texts = column.dictionary.to_pylist()
    table = np.array([*(codes.get(text, -2) for text in texts), -2], dtype=np.int16)
    found = table[column.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False)]
    if (found[kept] == -2).any():
        strange = sorted({text for text in texts if text not in codes})
        raise ValueError(
            f"an answer that the question does not offer: one of {', '.join(map(repr, strange[:5]))}"
        )
    return found


def _is(rows: pa.Table, name: str, text: str) -> npt.NDArray[np.bool_]:
    column = _column(rows, name)
    texts = column.dictionary.to_pylist()
    place = texts.index(text) if text in texts else -1
    return np.asarray(column.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False) == place)


def _flags(rows: pa.Table, name: str) -> npt.NDArray[np.bool_]:
    column = _column(rows, name)
    return np.asarray(column.fill_null(False).to_numpy(zero_copy_only=False), dtype=np.bool_)


def _numbers(rows: pa.Table, name: str) -> Ids:
    return np.asarray(_column(rows, name).fill_null(0).to_numpy(zero_copy_only=False), dtype=np.int64)


def _among(values: Ids, known: Ids) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Whether each value is one of the known (sorted), and where."""
    place = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return known[place] == values, place
