"""transcription: lines grouped as a drawing's marks are, the texts of a group put together letter by letter.

Online from the subject's own lines; a run learns scatter and rates of all subjects together; texts come to the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mining.kinds import drawing
from mining.kinds.found import Found
from mining.sheet import Sheet
from projects.tasks.drawing import LIKELY
from projects.tasks.transcription import TranscriptionTask


def online(sheet: Sheet, task: TranscriptionTask) -> Found:
    """value: as of a drawing, each line's details one {"text", "letters": [[letter, share]]}; besides "text" and
    "letters", the lines that are likelier real than not from top to bottom with line breaks between."""
    return _with_text(drawing.online(sheet, task.as_drawing()))


def batch(sheets: Mapping[int, tuple[Sheet, TranscriptionTask]]) -> dict[int, Found]:
    drawn = drawing.batch({subject: (sheet, task.as_drawing()) for subject, (sheet, task) in sheets.items()})
    return {subject: _with_text(found) for subject, found in drawn.items()}


def _with_text(found: Found) -> Found:
    if found.value is None:
        return found
    lines = [mark["details"][0] for mark in in_order(found.value["marks"]) if mark["p"] > LIKELY]
    letters = [
        letter
        for at, line in enumerate(lines)
        for letter in [*([["\n", 1.0]] if at else []), *line["letters"]]
    ]
    text = "\n".join(line["text"] for line in lines)
    return Found(found.value | {"text": text, "letters": letters}, found.dispersion, found.effective_votes)


def in_order(marks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """From top to bottom by the middle of the line, of equally high ones from left to right."""
    return sorted(
        marks,
        key=lambda each: (each["mark"]["y1"] + each["mark"]["y2"], each["mark"]["x1"] + each["mark"]["x2"]),
    )
