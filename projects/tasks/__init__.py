"""The kinds of task, one module each: the definition's schema, validate() and votes().

The registry is this explicit dict. A kind has a module of the same name on each side (tests/architecture/test_kinds.py
finds what is missing): projects/exports/kinds writes it into files, mining/kinds puts many answers together,
portal/pages/kinds shows what came of them, static/classify/tasks asks it.
"""

from projects.tasks.base import Task
from projects.tasks.comparison import ComparisonTask
from projects.tasks.drawing import DrawingTask
from projects.tasks.dropdown import DropdownTask
from projects.tasks.highlighter import HighlighterTask
from projects.tasks.multiple import MultipleTask
from projects.tasks.number import NumberTask
from projects.tasks.single import SingleTask
from projects.tasks.survey import SurveyTask
from projects.tasks.tags import TagsTask
from projects.tasks.text import TextTask
from projects.tasks.transcription import TranscriptionTask

KINDS: dict[str, type[Task]] = {
    "single": SingleTask,
    "multiple": MultipleTask,
    "text": TextTask,
    "number": NumberTask,
    "dropdown": DropdownTask,
    "drawing": DrawingTask,
    "tags": TagsTask,
    "transcription": TranscriptionTask,
    "highlighter": HighlighterTask,
    "survey": SurveyTask,
    "comparison": ComparisonTask,
}

__all__ = ["KINDS", "Task"]
