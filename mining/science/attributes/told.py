"""Notes as sentences, for the command line; a page has its own in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mining.science.attributes.columns import Note

MOST_NAMES = 5  # of columns left out; of columns with the same fault:
MOST_SAME = 30

LEFT_OUT = {
    "all_missing": "without any value",
    "constant": "the same value everywhere",
    "identifier": "identifiers, all values differ",
    "levels": "text with too many levels",
    "kind": "no numbers or text",
    "not_numbers": "categories, which have no distance",
    "beyond": "more than are compared",
}

WARNINGS: dict[str, Callable[[Note], str]] = {
    "sentinel": lambda n: f"{n.column}: {_rows(n.facts['rows'])} with {n.facts['value']} count as missing",
    "sentinel_unused": lambda n: f"the sentinel {n.facts['value']} occurs in no column",
    "suspected": lambda n: (
        f"{n.column}: {_number(n.facts['value'])} in {_rows(n.facts['rows'])} looks like a sentinel and is kept as a"
        f" value; --sentinel {_number(n.facts['value'])} makes it missing"
    ),
    "infinite": lambda n: f"{n.column}: {_rows(n.facts['rows'])} with an infinite value count as missing",
    "mixed": lambda n: (
        f"{n.column}: {_rows(n.facts['rows'])} with text among numbers count as missing"
        f" ({', '.join(map(repr, n.facts['examples']))})"
    ),
    "date": lambda n: f"{n.column}: dates are read as seconds since 1970",
    "row_numbers": lambda n: f"{n.column}: counts through without gaps, like row numbers; --without it if it is one",
    "few_rows": lambda n: f"only {_rows(n.facts['rows'])} with a label: nothing reliable can be said",
    "ungrouped": lambda n: f"{_rows(n.facts['rows'])} without a group are left out",
    "groups": lambda n: (
        f"labels are permuted within groups; they differ in {n.facts['differ']:,} of {n.facts['groups']:,}"
    ),
    "coarse_q": lambda n: (
        f"with {n.facts['permutations']:,} permutations no single q_value can fall below {n.facts['least']:.2g};"
        f" read p_value, or ask for --permutations {n.facts['needed']}"
    ),
}  # fmt: skip


def warning(note: Note) -> str:
    """One sentence, without a full stop."""
    return WARNINGS[note.code](note)


def warnings(notes: Iterable[Note]) -> list[str]:
    """A sentence a note; one for all columns where more than `MOST_NAMES` have the same fault."""
    said: list[str] = []
    by_fault: dict[tuple[str, Any], list[Note]] = {}
    for note in notes:
        by_fault.setdefault((note.code, note.facts.get("value")), []).append(note)
    for same in by_fault.values():
        if len(same) <= MOST_NAMES:
            said += [warning(note) for note in same]
        else:
            rows = sum(note.facts.get("rows", 0) for note in same)
            everything = Note(
                same[0].code,
                names([note.column for note in same], MOST_SAME),
                {**same[0].facts, "rows": rows},
            )
            said.append(warning(everything) + (" (rows of all these columns together)" if rows else ""))
    return said


def left_out(notes: Sequence[Note]) -> list[str]:
    """A line for each reason for which columns are left out."""
    lines = []
    for code, reason in LEFT_OUT.items():
        those = [note.column for note in notes if note.code == code]
        if those:
            columns = "1 column" if len(those) == 1 else f"{len(those):,} columns"
            lines.append(f"{columns} left out ({reason}): {names(those)}")
    return lines


def names(those: Sequence[str], most: int = MOST_NAMES) -> str:
    """Some of the names and how many more there are."""
    rest = len(those) - most
    return ", ".join(those[:most]) + (f" and {rest:,} more" if rest > 0 else "")


def _rows(n: int) -> str:
    return "1 row" if n == 1 else f"{n:,} rows"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)
