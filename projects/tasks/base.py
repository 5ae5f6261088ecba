"""What every kind of task is: a definition that pydantic checks, and two pure functions of an answer."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

KEY = r"^[a-z0-9][a-z0-9_-]{0,59}$"

#: An answered task as `(key, value)` rows of the vote table: see design of votes in mining/science/votes.py.
VoteRows = list[tuple[str, float | str]]

NONE = "none"
"""The key of an asked task that was left empty."""


class Answer(BaseModel):
    """One choice. `key` is stable and is what votes carry; `label` is text and may be edited or translated."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(pattern=KEY)
    label: str = Field(min_length=1, max_length=200)
    icon: str | None = None
    next: str | None = None


class Task(BaseModel):
    """One thing that a volunteer is asked."""

    model_config = ConfigDict(extra="forbid")

    kind: str
    question: str = Field(min_length=1, max_length=300)
    help: str = ""
    required: bool = True
    next: str | None = None

    @property
    def choices(self) -> list[Answer]:
        """What is offered; of a kind that is not answered by choosing, nothing."""
        return []

    @property
    def keys(self) -> list[str]:
        return [answer.key for answer in self.choices]

    @property
    def options(self) -> Sequence[Any]:
        """All that may be chosen, each with a key and a label: more than `choices` where there are too many to weigh
        each against each."""
        return self.choices

    @property
    def answer_keys(self) -> list[str]:
        return [option.key for option in self.options]

    def shown(self, votes: Mapping[str, int]) -> list[Answer]:
        """The answers that are shown with their votes."""
        return self.choices

    def ways(self) -> list[tuple[Any, ...]]:
        """(key, the task that follows, ...) of each answer: with another list the answers mean something else."""
        return [(key, self.next_task(key)) for key in self.answer_keys]

    def given(self, answers: Mapping[str, Any]) -> Self:
        """The task as it is asked after these answers (task to value) were given."""
        return self

    def validate_value(self, value: Any) -> Any:
        """The value as it is stored. Raises ValueError with a sentence."""
        raise NotImplementedError

    def check_inside(self, value: Any, width: int | None, height: int | None) -> None:
        """Raises ValueError where a stored value does not fit the picture that it is about."""

    @property
    def reads(self) -> str:
        """The key of the metadata whose text its answers are about; "" where there is none."""
        return ""

    def check_text(self, value: Any, metadata: Mapping[str, Any]) -> None:
        """Raises ValueError where a stored value does not fit the text that it is about."""

    def next_task(self, value: Any) -> str | None:
        """The task that follows this answer; None ends the classification."""
        return self.next

    def next_tasks(self) -> set[str]:
        """Every task that may follow."""
        return {self.next} if self.next else set()

    @property
    def chooses_one(self) -> bool:
        """Whether its votes are on one question, of which one answer is right."""
        return False

    @property
    def compares(self) -> bool:
        """Whether its subjects are pairs, made of others."""
        return False

    def as_drawing(self) -> "Task | None":
        """The drawing that its answers are marks of; None where nothing is marked on the picture."""
        return None

    def votes(self, value: Any) -> VoteRows:
        raise NotImplementedError

    def beneath(self, value: Any) -> Iterable[tuple[str, str, VoteRows]]:
        """What was asked of parts of the value: (path below the task, kind, vote rows). No tallies count it."""
        return ()

    def written(self, value: Any) -> str | None:
        """What mining puts together of many answers, as text ("": left empty); None where votes say all."""
        return None

    def together(self, values: Sequence[Any]) -> dict[str, Any] | None:
        """What the values come to, in the form of evidence, as far as it can be told without mining; None where not."""
        return None

    def told(self, value: dict[str, Any] | None, votes: Mapping[str, int]) -> dict[str, Any]:
        """What a glance says beside the tallies. value: what `together` makes of the answers, never mining's, which
        comes a moment later and only on subjects that are not known."""
        return {}

    def found(self, value: dict[str, Any] | None) -> str:
        """What mining has put together, in words; "" where there is nothing, or the task was of another kind then."""
        return ""

    def from_cell(self, text: str) -> Any:
        """The value that a cell of a table means, not yet validated; "" is an empty answer. Raises ValueError."""
        return text or None

    def said(self, value: Any) -> str:
        """A stored value in words, for people; "" where nothing was said."""
        return ""

    def truth(self, values: Sequence[Any]) -> Any:
        """What the experts' values of one subject come to; None where they don't settle it. Raises nothing.

        One value stands alone; of several the one that more experts gave than any other.
        """
        counts = Counter(map(repr, values)).most_common(2)
        if not counts or (len(counts) == 2 and counts[0][1] == counts[1][1]):
            return None
        return next(value for value in values if repr(value) == counts[0][0])

    def score(self, value: Any, truth: Any) -> float:
        """How right a value is, 0 to 1."""
        return float(value == truth)


class ChoiceTask(Task):
    """A task that is answered by choosing from what is offered."""

    answers: list[Answer] = Field(min_length=1, max_length=60)

    @property
    def choices(self) -> list[Answer]:
        return self.answers

    def said(self, value: Any) -> str:
        keys = value if isinstance(value, list) else [value]
        labels = {answer.key: answer.label for answer in self.answers}
        return " · ".join(labels[key] for key in keys if isinstance(key, str) and key in labels)


class ChoosesOne(ChoiceTask):
    """One answer is chosen; it may lead to a task of its own."""

    @model_validator(mode="after")
    def _distinct_keys(self) -> Self:
        if len(set(self.keys)) < len(self.keys):
            raise ValueError("two answers have the same key")
        if NONE in self.keys:
            raise ValueError("the key 'none' is kept for an empty answer")
        return self

    @property
    def chooses_one(self) -> bool:
        return True

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
