"""text: put together letter by letter, all readers alike; a run comes to the same."""

from collections.abc import Mapping, Sequence
from typing import Any

from mining.kinds.found import Found
from mining.science.consensus.doubts import consensus_with_doubts
from mining.science.consensus.text import TextConsensus, consensus
from mining.sheet import Sheet
from projects.tasks.text import TextTask


def online(sheet: Sheet, task: TextTask) -> Found:
    found = read_together(sheet.texts, task)
    return Found({"text": found.text, "letters": letters(found)}, found.dispersion, found.effective_votes)


def batch(sheets: Mapping[int, tuple[Sheet, TextTask]]) -> dict[int, Found]:
    return {subject: online(sheet, task) for subject, (sheet, task) in sheets.items()}


def read_together(texts: Sequence[str], task: TextTask) -> TextConsensus:
    """Texts with one letter for all that are the same. Dots below them are doubts where the task says so."""
    together = consensus_with_doubts if task.leiden else consensus
    return together(texts, unclear=task.unclear)


def letters(found: TextConsensus) -> list[list[Any]]:
    """[letter, share of the readers who read it so] of each."""
    return [[letter.text, round(letter.share, 4)] for letter in found.letters]
