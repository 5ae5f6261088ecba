"""docs/concepts.md: one word, one meaning; and the words that the record's choices are made of are there."""

import re

from projects.models import Classification, LedgerEntry
from tests.docs.text import ROOT

TEXT = (ROOT / "docs" / "concepts.md").read_text()


def words() -> list[str]:
    cells = re.findall(r"^\| \*\*(.+?)\*\* \|", TEXT, re.MULTILINE)
    return [word for cell in cells for word in cell.split(", ")]


def test_no_word_is_explained_twice() -> None:
    assert sorted(words()) == sorted(set(words()))
    assert len(words()) > 40


def test_every_choice_of_counted_is_explained() -> None:
    row = next(line for line in TEXT.splitlines() if line.startswith("| **counted**"))
    assert {choice for choice in Classification.Counted.values if f"*{choice}*" not in row} == set()


def test_every_kind_of_ledger_entry_is_a_word() -> None:
    assert set(LedgerEntry.Kind.values) - set(words()) == set()
