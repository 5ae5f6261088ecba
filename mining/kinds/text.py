"""text: put together letter by letter, all readers alike; a run comes to the same."""

from collections.abc import Mapping

from mining.kinds.found import Found
from mining.science.consensus.text import consensus
from mining.sheet import Sheet
from projects.tasks.text import TextTask


def online(sheet: Sheet, task: TextTask) -> Found:
    found = consensus(sheet.texts, unclear=task.unclear)
    letters = [[letter.text, round(letter.share, 4)] for letter in found.letters]
    return Found({"text": found.text, "letters": letters}, found.dispersion, found.effective_votes)


def batch(sheets: Mapping[int, tuple[Sheet, TextTask]]) -> dict[int, Found]:
    return {subject: online(sheet, task) for subject, (sheet, task) in sheets.items()}
