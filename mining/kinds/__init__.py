"""What many answers come to, of each kind of task whose answers are put together and not weighed key by key.

One module a kind, of the same name as in projects/tasks. It exports two functions:

    online(sheet, task) -> Found                what is posted as evidence; a function of the sheet alone, to the bit
    batch(sheets) -> {subject: Found}           what a run stores; may learn from all subjects together; `sheets` is
                                                {subject: (sheet, task)}, each sheet with somebody's answer

Tasks of kind single, comparison, multiple and survey are weighed as votes: see mining/ballots.py.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from mining.kinds import drawing, dropdown, highlighter, number, survey, tags, text, transcription
from mining.kinds.found import Found
from mining.sheet import Sheet

WEIGHED = ("single", "multiple", "survey", "comparison")
"""A survey is both: its choices are weighed, what is asked about each of them is put together."""


class Together(NamedTuple):
    online: Callable[[Sheet, Any], Found]
    batch: Callable[[Mapping[int, tuple[Sheet, Any]]], Mapping[int, Found]]


KINDS: dict[str, Together] = {
    "text": Together(text.online, text.batch),
    "number": Together(number.online, number.batch),
    "dropdown": Together(dropdown.online, dropdown.batch),
    "drawing": Together(drawing.online, drawing.batch),
    "tags": Together(tags.online, tags.batch),
    "transcription": Together(transcription.online, transcription.batch),
    "highlighter": Together(highlighter.online, highlighter.batch),
    "survey": Together(survey.online, survey.batch),
}

__all__ = ["KINDS", "WEIGHED", "Found", "Together"]
