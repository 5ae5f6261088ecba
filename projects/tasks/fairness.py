"""Fair use as rules: when a workflow's team is told of a volunteer, and what their votes weigh meanwhile. Part of its
definition. Pure; what the numbers mean is worked out in mining/science/fairness.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Rule(BaseModel):
    """`least`: answers before anything is said. `weight`: what a vote weighs while the suggestion stands; 1 suggests
    only. Nobody's votes are taken away before a person has decided, so it is never 0.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    least: int = Field(30, ge=10, le=100_000)
    weight: float = Field(0.5, ge=0.05, le=1)


class TooFast(Rule):
    """More than `share` of the answers took less than `of_median` of the usual time of the same questions."""

    of_median: float = Field(0.2, gt=0, le=0.5)
    share: float = Field(0.5, ge=0.2, lt=1)


class SameAnswer(Rule):
    """One answer is given whatever there is to see, at least in the share `often`. `lean`: how many times as large as
    the others' an honest person's odds of that answer may be."""

    weight: float = Field(0.25, ge=0.05, le=1)
    often: float = Field(0.8, ge=0.2, le=1)
    lean: float = Field(3, ge=1, le=20)


class Copies(Rule):
    """Another's answer is given whatever there is to see, at least in the share `often`; `least` counts common
    subjects. `lean`: how many times as large as by skill and subject two honest people's odds of agreeing may be."""

    least: int = Field(40, ge=10, le=100_000)
    weight: float = Field(0.25, ge=0.05, le=1)
    often: float = Field(0.5, ge=0.2, le=1)
    lean: float = Field(1.5, ge=1, le=20)


class OutOfCharacter(Rule):
    """A block of `recent` answers shows less than `fall` of the attention that the person showed before, in `least`
    answers or more."""

    least: int = Field(100, ge=20, le=100_000)
    recent: int = Field(100, ge=20, le=10_000)
    fall: float = Field(0.75, ge=0.1, le=1)


class Impossible(Rule):
    """Answers that no subject has together, oftener than in the share `slips`. Each combination is a mapping of task to
    answer key."""

    combinations: list[dict[str, str]] = Field(min_length=1, max_length=50)
    slips: float = Field(0.1, gt=0, le=0.5)

    @field_validator("combinations")
    @classmethod
    def _of_two(cls, value: list[dict[str, str]]) -> list[dict[str, str]]:
        if any(len(each) < 2 for each in value):
            raise ValueError("a combination has at least two tasks")
        return value


class Fairness(BaseModel):
    """The rules of a workflow; null turns one off. `alarms`: about how many honest volunteers a rule may ever name."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    RULES: ClassVar = ("too_fast", "same_answer", "copies", "out_of_character", "impossible")

    alarms: float = Field(0.01, gt=0, le=0.2)
    too_fast: TooFast | None = TooFast()
    same_answer: SameAnswer | None = SameAnswer()
    copies: Copies | None = Copies()
    out_of_character: OutOfCharacter | None = OutOfCharacter()
    impossible: Impossible | None = None

    def weight(self, rule: str) -> float | None:
        """Of a vote while a suggestion by this rule stands; None where the rule is off."""
        found: Rule | None = getattr(self, rule)
        return None if found is None else found.weight

    def check(self, answer_keys: Mapping[str, Sequence[str]]) -> None:
        """Raises ValueError where a combination names a task or an answer that is not there."""
        for each in self.impossible.combinations if self.impossible else []:
            for task, key in each.items():
                if task not in answer_keys:
                    raise ValueError(f"fairness: impossible names {task}, which is not a task")
                if key not in answer_keys[task]:
                    raise ValueError(f"fairness: impossible names {key}, which is no answer of {task}")
