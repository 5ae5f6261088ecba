"""What each kind of task writes into files: its columns of the catalogue, its part of a raw classification.

One module a kind, of the same name as in projects/tasks. It exports three functions:

    columns(name, task)        the catalogue's columns of a task; empty, but for the number of those asked, where it was
                               not asked of at least half
    annotation(task, value)    what stands beside `task`, `task_label` and `kind` in a raw annotation
    flat(task, value)          the rows of the flat annotations, without the task's own question and kind
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from projects.exports.columns import Column
from projects.exports.finding import Row
from projects.exports.kinds import (
    comparison,
    drawing,
    dropdown,
    highlighter,
    multiple,
    number,
    single,
    survey,
    tags,
    text,
    transcription,
)
from projects.exports.part import Part


class Written(NamedTuple):
    columns: Callable[[str, Any], Iterator[Column[Row]]]
    annotation: Callable[[Any, Any], dict[str, Any]]
    flat: Callable[[Any, Any], Iterator[Part]]


KINDS: dict[str, Written] = {
    "single": Written(single.columns, single.annotation, single.flat),
    "multiple": Written(multiple.columns, multiple.annotation, multiple.flat),
    "text": Written(text.columns, text.annotation, text.flat),
    "number": Written(number.columns, number.annotation, number.flat),
    "dropdown": Written(dropdown.columns, dropdown.annotation, dropdown.flat),
    "drawing": Written(drawing.columns, drawing.annotation, drawing.flat),
    "tags": Written(tags.columns, tags.annotation, tags.flat),
    "transcription": Written(transcription.columns, transcription.annotation, transcription.flat),
    "highlighter": Written(highlighter.columns, highlighter.annotation, highlighter.flat),
    "survey": Written(survey.columns, survey.annotation, survey.flat),
    "comparison": Written(comparison.columns, comparison.annotation, comparison.flat),
}

__all__ = ["KINDS", "Written"]
