"""transcription: lines of writing, each marked on the picture by a line along it, with what stands there.

The value is that of a drawing with one tool, a line that is asked for its text: [{"tool": "line", "frame": 0, "x1",
"y1", "x2", "y2", "details": [text]}] in the order drawn, from where the writing begins; [] is an empty answer. So
geometry, matching and consensus of lines are those of drawings (projects/tasks/drawing.py), of texts those of texts.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

from pydantic import Field

from projects.tasks.base import NONE, VoteRows
from projects.tasks.drawing import DrawingTask, Tool
from projects.tasks.text import TextTask, Writing

TRANSCRIPTION: Literal["transcription"] = "transcription"

LINE = "line"
"""The key of its tool."""

MOST_LINES = 100


class TranscriptionTask(Writing):
    """label: what a line is called. max: lines of an answer. tolerance: of a line's place, as of a drawing's tool."""

    kind: Literal["transcription"]
    label: str = Field("Line", min_length=1, max_length=200)
    max: int = Field(60, ge=1, le=MOST_LINES)
    tolerance: float = Field(10.0, gt=0, allow_inf_nan=False)

    @cached_property
    def writing(self) -> TextTask:
        """What is asked of a line."""
        same = {
            name: getattr(self, name) for name in Writing.model_fields.keys() - {"kind", "required", "next"}
        }
        return TextTask.model_validate(same | {"kind": "text", "required": True})

    @cached_property
    def _drawing(self) -> DrawingTask:
        tool = Tool.model_validate(
            {
                "key": LINE, "label": self.label, "shape": "line", "color": "orange", "max": self.max,
                "tolerance": self.tolerance, "details": [self.writing],
            }
        )  # fmt: skip
        common = {"question": self.question, "required": self.required, "next": self.next}
        return DrawingTask.model_validate({"kind": "drawing", "tools": [tool], **common})

    def as_drawing(self) -> DrawingTask:
        return self._drawing

    @property
    def options(self) -> Sequence[Tool]:
        return self._drawing.tools

    @property
    def answer_keys(self) -> list[str]:
        return [NONE]

    def ways(self) -> list[tuple[Any, ...]]:
        return [(LINE, self.next)]

    def validate_value(self, value: Any) -> list[dict[str, Any]]:
        return self._drawing.validate_value(value)

    def check_inside(self, value: Any, width: int | None, height: int | None) -> None:
        self._drawing.check_inside(value, width, height)

    def votes(self, value: list[dict[str, Any]]) -> VoteRows:
        """One row, whose key says how many lines; the row `none` where there are none."""
        return self._drawing.votes(value)

    def written(self, value: list[dict[str, Any]]) -> str:
        return self._drawing.written(value)

    def told(self, value: dict[str, Any] | None, votes: Mapping[str, int]) -> dict[str, Any]:
        return self._drawing.told(value, votes)

    def found(self, value: dict[str, Any] | None) -> str:
        """The text, line by line."""
        return str(value.get("text", "")).replace("\n", " / ") if value else ""

    def from_cell(self, text: str) -> Any:
        return self._drawing.from_cell(text)

    def said(self, value: Any) -> str:
        marks = [mark for mark in value if isinstance(mark, dict)] if isinstance(value, list) else []
        return " / ".join(str(text) for mark in marks for text in mark.get("details", [])[:1])

    def score(self, value: Sequence[Mapping[str, Any]], truth: Sequence[Mapping[str, Any]]) -> float:
        """F1 of the lines found, each worth half for its place, half for its letters."""
        return self._drawing.score(value, truth)

    def truth(self, values: Sequence[Any]) -> Any:
        return self._drawing.truth(values)
