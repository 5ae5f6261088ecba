"""multiple: choose any number of answers."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import model_validator

from projects.tasks.base import NONE, ChoiceTask, VoteRows


class MultipleTask(ChoiceTask):
    kind: Literal["multiple"]

    @model_validator(mode="after")
    def _answers_are_plain(self) -> "MultipleTask":
        if len(set(self.keys)) < len(self.keys):
            raise ValueError("two answers have the same key")
        if NONE in self.keys:
            raise ValueError("the key 'none' is kept for an empty answer")
        if any(answer.next for answer in self.answers):
            raise ValueError("only the task itself has a next, not its answers")
        return self

    def validate_value(self, value: Any) -> list[str]:
        """In the order of the definition, whatever the order of the clicks."""
        if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
            raise ValueError("give a list of keys")
        unknown = [key for key in value if key not in self.keys]
        if unknown:
            raise ValueError(f"choose from {', '.join(self.keys)}")
        if len(set(value)) < len(value):
            raise ValueError("a choice is given twice")
        if self.required and not value:
            raise ValueError("choose at least one")
        return [key for key in self.keys if key in value]

    def from_cell(self, text: str) -> list[str]:
        """Keys with commas between."""
        return [key.strip() for key in text.split(",") if key.strip()]

    def truth(self, values: Sequence[list[str]]) -> list[str] | None:
        """The choices that more than half of the experts made."""
        if not values:
            return None
        return [key for key in self.keys if 2 * sum(key in value for value in values) > len(values)]

    def score(self, value: list[str], truth: list[str]) -> float:
        """Jaccard index: choices in both over choices in either; 1 where both are empty."""
        either = set(value) | set(truth)
        return len(set(value) & set(truth)) / len(either) if either else 1.0

    def votes(self, value: list[str]) -> VoteRows:
        """One row per choice offered, 0 or 1; the row `none` when nothing was chosen."""
        if not value:
            return [(NONE, 1.0)]
        return [(key, float(key in value)) for key in self.keys]
