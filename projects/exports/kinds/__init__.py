"""What each kind of task writes into files: its columns of the catalogue, its part of a raw classification.

One module a kind, of the same name as in projects/tasks. It exports two functions:

    columns(name, task)        the catalogue's columns of a task; empty, but for the number of those asked, where it was
                               not asked of at least half
    annotation(task, value)    what stands beside `task`, `task_label` and `kind` in a raw annotation
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from projects.exports.columns import Column
from projects.exports.finding import Row
from projects.exports.kinds import drawing, dropdown, multiple, number, single, tags, text, transcription


class Written(NamedTuple):
    columns: Callable[[str, Any], Iterator[Column[Row]]]
    annotation: Callable[[Any, Any], dict[str, Any]]


KINDS: dict[str, Written] = {
    "single": Written(single.columns, single.annotation),
    "multiple": Written(multiple.columns, multiple.annotation),
    "text": Written(text.columns, text.annotation),
    "number": Written(number.columns, number.annotation),
    "dropdown": Written(dropdown.columns, dropdown.annotation),
    "drawing": Written(drawing.columns, drawing.annotation),
    "tags": Written(tags.columns, tags.annotation),
    "transcription": Written(transcription.columns, transcription.annotation),
}

__all__ = ["KINDS", "Written"]
