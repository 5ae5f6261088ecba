"""dropdown: choose one of a long list, found by writing a part of it.

What is offered may depend on an earlier task's answer: an option names the answers under which it stands (`of`). Where
nothing is offered, nothing is asked, and the value is null. There are too many options to weigh each against each, so
answers are put together by mining/kinds/dropdown.py.
"""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from projects.tasks.base import KEY, NONE, Answer, Task, VoteRows

MOST_OPTIONS = 2000
SHOWN = 10
"""Of the options chosen, so many are shown to whoever looks."""


class Option(BaseModel):
    """One of the list. `of`: the answers of the task above under which it is offered; none: under each."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(pattern=KEY)
    label: str = Field(min_length=1, max_length=200)
    next: str | None = None
    of: list[str] = []


class DropdownTask(Task):
    kind: Literal["dropdown"]
    answers: list[Option] = Field(min_length=1, max_length=MOST_OPTIONS)
    depends_on: str | None = None

    @model_validator(mode="after")
    def _distinct_keys(self) -> Self:
        keys = self.answer_keys
        if len(set(keys)) < len(keys):
            raise ValueError("two answers have the same key")
        if NONE in keys:
            raise ValueError("the key 'none' is kept for an empty answer")
        if self.depends_on is None and any(option.of for option in self.answers):
            raise ValueError("answers have an `of`, but the task has no depends_on")
        return self

    @property
    def options(self) -> list[Option]:
        return self.answers

    def given(self, answers: Mapping[str, Any]) -> Self:
        """With the options that are offered; not required where there are none."""
        if self.depends_on is None:
            return self
        above = answers.get(self.depends_on)
        offered = [option for option in self.answers if not option.of or above in option.of]
        return self.model_copy(update={"answers": offered, "required": self.required and bool(offered)})

    def validate_value(self, value: Any) -> str | None:
        if value is None:
            if self.required:
                raise ValueError("an answer is required")
            return None
        if not isinstance(value, str) or value not in self.answer_keys:
            raise ValueError("choose one of the list that is offered")
        return value

    def next_task(self, value: str | None) -> str | None:
        for option in self.answers:
            if option.key == value and "next" in option.model_fields_set:
                return option.next
        return self.next

    def next_tasks(self) -> set[str]:
        return {follow for _, follow, *_ in self.ways() if follow} | ({self.next} if self.next else set())

    def ways(self) -> list[tuple[Any, ...]]:
        return [
            (o.key, o.next if "next" in o.model_fields_set else self.next, *sorted(o.of))
            for o in self.answers
        ]

    def votes(self, value: str | None) -> VoteRows:
        """One row."""
        return [(NONE if value is None else value, 1.0)]

    def written(self, value: str | None) -> str:
        return value or ""

    def found(self, value: dict[str, Any] | None) -> str:
        return self.said(value.get("key")) if value else ""

    def said(self, value: Any) -> str:
        return next((option.label for option in self.answers if option.key == value), "")

    def shown(self, votes: Mapping[str, int]) -> list[Answer]:
        """Those that somebody chose, most chosen first."""
        chosen = [option for option in self.answers if votes.get(option.key)]
        first = sorted(chosen, key=lambda option: -votes[option.key])[:SHOWN]
        return [Answer(key=option.key, label=option.label) for option in first]
