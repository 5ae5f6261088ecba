"""survey: who is there, of a list with pictures that is searched by what is seen; each one found may be asked about.

The value is what was found, in the order of the definition: [{"choice": key, "answers": {question: value}}], without
answers that were left empty; [] is an empty answer. Choices are votes as those of a task of kind multiple.
What was asked of one has its own path, TASK.CHOICE.QUESTION (`beneath`); mining/kinds/survey.py puts that together.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializeAsAny,
    ValidationError,
    field_validator,
    model_validator,
)

from projects.tasks.base import KEY, NONE, Answer, Task, VoteRows
from projects.tasks.multiple import MultipleTask
from projects.tasks.number import NumberTask
from projects.tasks.single import SingleTask

SURVEY: Literal["survey"] = "survey"

MOST_SURVEYED = 100
"""Choices of a task: each is weighed as a question of its own."""

MOST_QUESTIONS = 10
MOST_PICTURES = 6
PICTURE = re.compile(r"(?!/)(?!.*\.\.)[^:\\\s][^:\\]*\Z")
"""A path below the media, or in a bundle; no address elsewhere."""

Sighting = dict[str, Any]


class SingleQuestion(SingleTask):
    key: str = Field(pattern=KEY)


class MultipleQuestion(MultipleTask):
    key: str = Field(pattern=KEY)


class NumberQuestion(NumberTask):
    key: str = Field(pattern=KEY)


Question = SingleQuestion | MultipleQuestion | NumberQuestion
QUESTIONS: dict[str, type[Question]] = {
    "single": SingleQuestion,
    "multiple": MultipleQuestion,
    "number": NumberQuestion,
}
"""The kinds of task that may be asked of what was found."""


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")

    key: str = Field(pattern=KEY)
    label: str = Field(min_length=1, max_length=200)


class Aspect(Part):
    """What choices are told apart by, such as a colour; volunteers filter by its values."""

    values: list[Part] = Field(min_length=1, max_length=30)


class Choice(Answer):
    """pictures: the first one stands in the list, all on its card. aspects: each to those of its values that fit. like:
    another choice to how the two are told apart. asks: keys of questions; None: all. alone: nothing else is chosen
    beside it, such as *Nothing here*, and nothing is asked."""

    description: str = Field("", max_length=2000)
    pictures: list[str] = Field([], max_length=MOST_PICTURES)
    aspects: dict[str, list[str]] = {}
    like: dict[str, str] = {}
    asks: list[str] | None = None
    alone: bool = False

    @field_validator("pictures")
    @classmethod
    def _paths(cls, value: list[str]) -> list[str]:
        for path in value:
            if len(path) > 500 or not PICTURE.match(path):
                raise ValueError(
                    f"{path[:60]!r} is no file of the project: write its path, such as pictures/lion.jpg"
                )
        return value


class SurveyTask(Task):
    kind: Literal["survey"]
    answers: list[Choice] = Field(min_length=1, max_length=MOST_SURVEYED)
    aspects: list[Aspect] = Field([], max_length=12)
    questions: list[SerializeAsAny[Question]] = Field([], max_length=MOST_QUESTIONS)

    @field_validator("questions", mode="before")
    @classmethod
    def _by_kind(cls, value: Any) -> list[Question]:
        if not isinstance(value, list):
            raise ValueError("questions are a list of tasks, each with a key")
        return [_question(at, each) for at, each in enumerate(value, 1)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for what, keys in (
            ("choices", self.keys),
            ("questions", [each.key for each in self.questions]),
            ("aspects", [each.key for each in self.aspects]),
        ):
            if len(set(keys)) < len(keys):
                raise ValueError(f"two {what} have the same key")
            if NONE in keys:
                raise ValueError("the key 'none' is kept for an empty answer")
        values = {aspect.key: {value.key for value in aspect.values} for aspect in self.aspects}
        asked = {question.key for question in self.questions}
        for choice in self.answers:
            _check_choice(choice, set(self.keys), values, asked)
        return self

    @property
    def choices(self) -> list[Answer]:
        return list(self.answers)

    def choice(self, key: str) -> Choice | None:
        return next((choice for choice in self.answers if choice.key == key), None)

    def asked_of(self, choice: Choice) -> list[Question]:
        """The questions about it, in the order of the task."""
        if choice.alone:
            return []
        return [each for each in self.questions if choice.asks is None or each.key in choice.asks]

    def ways(self) -> list[tuple[Any, ...]]:
        """With other questions a choice means something else."""
        return [
            (each.key, self.next, each.alone, *((q.key, q.kind, q.ways()) for q in self.asked_of(each)))
            for each in self.answers
        ]

    def validate_value(self, value: Any) -> list[Sighting]:
        """In the order of the definition, without answers that are empty."""
        if value is None:
            value = []
        if not isinstance(value, list):
            raise ValueError("give a list of what was found")
        if len(value) > len(self.answers):
            raise ValueError(f"{len(value):,} are more than there are to choose from")
        found: dict[str, Sighting] = {}
        for at, given in enumerate(value, 1):
            sighting = self._sighting(at, given)
            if sighting["choice"] in found:
                raise ValueError(f"{sighting['choice']} is given twice")
            found[sighting["choice"]] = sighting
        for choice in self.answers:
            if choice.alone and choice.key in found and len(found) > 1:
                raise ValueError(f"{choice.label} stands alone: take it out, or all others")
        if self.required and not found:
            raise ValueError("choose at least one")
        return [found[key] for key in self.keys if key in found]

    def _sighting(self, at: int, given: Any) -> Sighting:
        if not isinstance(given, dict) or set(given) != {"choice", "answers"}:
            raise ValueError(f"entry {at} is to have exactly choice, answers")
        choice = self.choice(given["choice"]) if isinstance(given["choice"], str) else None
        if choice is None:
            raise ValueError(f"entry {at} is none of the choices; choose again")
        asked = self.asked_of(choice)
        said = given["answers"]
        if not isinstance(said, dict) or not set(said) <= {each.key for each in asked}:
            raise ValueError(f"{choice.label} has answers to what is not asked of it; choose it again")
        answers = {}
        for question in asked:
            empty: Any = [] if question.kind == "multiple" else None
            try:
                value = question.validate_value(said.get(question.key, empty))
            except ValueError as error:
                raise ValueError(f"{choice.label}, {question.question} {error}") from None
            if value not in (None, []):
                answers[question.key] = value
        return {"choice": choice.key, "answers": answers}

    def votes(self, value: Sequence[Sighting]) -> VoteRows:
        """One row per choice offered, 0 or 1; the row `none` when nothing was chosen."""
        found = {each["choice"] for each in value}
        return [(key, float(key in found)) for key in self.keys] if found else [(NONE, 1.0)]

    def beneath(self, value: Sequence[Sighting]) -> Iterator[tuple[str, str, VoteRows]]:
        for choice, answers in self._found(value):
            for question in self.asked_of(choice):
                empty: Any = [] if question.kind == "multiple" else None
                rows = question.votes(answers.get(question.key, empty))
                yield f"{choice.key}.{question.key}", question.kind, rows

    def written(self, value: Sequence[Sighting]) -> str | None:
        """{choice: answers} as JSON; None where nothing is asked of any choice."""
        if not any(self.asked_of(choice) for choice in self.answers):
            return None
        found = {each["choice"]: each["answers"] for each in value}
        return json.dumps(found, separators=(",", ":")) if found else ""

    def shown(self, votes: Mapping[str, int]) -> list[Answer]:
        """Those that somebody chose, most first."""
        given = [choice for choice in self.choices if votes.get(choice.key)]
        return sorted(given, key=lambda choice: -votes[choice.key])

    def found(self, value: dict[str, Any] | None) -> str:
        """Of those that at least half of all asked chose, how many did, and what the answers about each come to."""
        choices = value.get("choices", {}) if value else {}
        return self.come_to(
            value, [key for key in choices if 2 * choices[key]["said"] >= value["asked"]] if value else []
        )

    def come_to(self, value: dict[str, Any] | None, keys: Sequence[str]) -> str:
        """The same of these choices; "" where nothing was put together, as where nothing is asked about any."""
        choices = value.get("choices", {}) if value else {}
        told = (
            f"{choice.label} {choices[choice.key]['said']}/{value['asked'] if value else 0}"
            + self._in_brackets(self._come_to(choice, choices[choice.key]["answers"]))
            for choice in self.answers
            if choice.key in keys and choice.key in choices
        )
        return " · ".join(told)

    def _come_to(self, choice: Choice, answers: Mapping[str, Any]) -> Iterator[str]:
        for question in self.asked_of(choice):
            of = answers.get(question.key)
            if not of:
                continue
            if question.kind == "number":
                yield f"{question.question} {question.found(of)}" if of["value"] is not None else ""
            elif of["votes"]:
                labels = {each.key: each.label for each in question.choices}
                most = sorted(of["votes"].items(), key=lambda each: -each[1])
                yield ", ".join(f"{labels.get(key, key)} {n}" for key, n in most)

    @staticmethod
    def _in_brackets(parts: Iterator[str]) -> str:
        said = "; ".join(part for part in parts if part)
        return f" ({said})" if said else ""

    def from_cell(self, text: str) -> Any:
        """Keys with commas between, or the value as JSON."""
        if not text.lstrip().startswith("["):
            return [{"choice": key.strip(), "answers": {}} for key in text.split(",") if key.strip()]
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise ValueError(f"{text[:40]!r} is no list of what was found as JSON") from None

    def said(self, value: Any) -> str:
        return " · ".join(
            choice.label
            + self._in_brackets(
                question.said(answers[question.key])
                for question in self.asked_of(choice)
                if question.key in answers
            )
            for choice, answers in self._found(value if isinstance(value, list) else [])
        )

    def truth(self, values: Sequence[Sequence[Sighting]]) -> list[Sighting] | None:
        """What more than half of the experts found; about each the truth of those who found it."""
        if not values:
            return None
        found = []
        for choice in self.answers:
            said = [each["answers"] for value in values for each in value if each["choice"] == choice.key]
            if 2 * len(said) <= len(values):
                continue
            answers = {}
            for question in self.asked_of(choice):
                given = [of[question.key] for of in said if question.key in of]
                known = question.truth(given) if given else None
                if known not in (None, []):
                    answers[question.key] = known
            found.append({"choice": choice.key, "answers": answers})
        return found

    def score(self, value: Sequence[Sighting], truth: Sequence[Sighting]) -> float:
        """Jaccard index: found in both over found in either; 1 where both are empty. Of one whose truth has answers
        half is for finding it, half for the answers."""
        ours, theirs = ({each["choice"]: each["answers"] for each in some} for some in (value, truth))
        either = ours.keys() | theirs.keys()
        if not either:
            return 1.0
        return sum(self._worth(key, ours[key], theirs[key]) for key in ours.keys() & theirs.keys()) / len(
            either
        )

    def _worth(self, key: str, ours: Mapping[str, Any], known: Mapping[str, Any]) -> float:
        choice = self.choice(key)
        asked = [each for each in self.asked_of(choice) if each.key in known] if choice else []
        if not asked:
            return 1.0
        right = [
            question.score(ours[question.key], known[question.key])
            for question in asked
            if question.key in ours
        ]
        return (1 + sum(right) / len(asked)) / 2

    def _found(self, value: Sequence[Any]) -> Iterator[tuple[Choice, Mapping[str, Any]]]:
        for each in value:
            choice = self.choice(str(each.get("choice"))) if isinstance(each, dict) else None
            if choice is not None:
                yield choice, each.get("answers", {})


def _question(at: int, data: Any) -> Question:
    if isinstance(data, (SingleQuestion, MultipleQuestion, NumberQuestion)):
        return data
    model = QUESTIONS.get(str(data.get("kind"))) if isinstance(data, dict) else None
    if model is None:
        raise ValueError(f"question {at} has a kind that is none of {', '.join(QUESTIONS)}")
    try:
        question = model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join([f"question {at}", *(str(part) for part in first["loc"])])
        raise ValueError(f"{place}: {first['msg'].removeprefix('Value error, ')}") from None
    if question.next_tasks():
        raise ValueError(f"question {at} leads on: questions about a choice have no next")
    return question


def _check_choice(choice: Choice, keys: set[str], values: Mapping[str, set[str]], asked: set[str]) -> None:
    """Raises ValueError where it names what is not there."""
    if choice.next:
        raise ValueError("only the task itself has a next, not its choices")
    for aspect, fits in choice.aspects.items():
        if unknown := set(fits) - values.get(aspect, set()):
            raise ValueError(
                f"{choice.key} has {min(unknown)} under {aspect}, which is no value of such an aspect"
            )
    if unknown := set(choice.like) - (keys - {choice.key}):
        raise ValueError(f"{choice.key} is like {min(unknown)}, which is no other choice")
    if unknown := set(choice.asks or ()) - asked:
        raise ValueError(f"{choice.key} asks {min(unknown)}, which is no question")
