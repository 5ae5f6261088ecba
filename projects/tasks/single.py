"""single: choose one answer. Each answer may lead to a task of its own; else the task's own `next` holds."""

from typing import Any, Literal

from pydantic import model_validator

from projects.tasks.base import NONE, ChoiceTask, VoteRows


class SingleTask(ChoiceTask):
    kind: Literal["single"]

    @model_validator(mode="after")
    def _distinct_keys(self) -> "SingleTask":
        if len(set(self.keys)) < len(self.keys):
            raise ValueError("two answers have the same key")
        if NONE in self.keys:
            raise ValueError("the key 'none' is kept for an empty answer")
        return self

    def validate_value(self, value: Any) -> str | None:
        if value is None:
            if self.required:
                raise ValueError("an answer is required")
            return None
        if not isinstance(value, str) or value not in self.keys:
            raise ValueError(f"choose one of {', '.join(self.keys)}")
        return value

    def next_task(self, value: str | None) -> str | None:
        for answer in self.answers:
            if answer.key == value and "next" in answer.model_fields_set:
                return answer.next
        return self.next

    def next_tasks(self) -> set[str]:
        return {follow for key in (*self.keys, None) if (follow := self.next_task(key))}

    def votes(self, value: str | None) -> VoteRows:
        """One row."""
        return [(NONE if value is None else value, 1.0)]
