"""comparison: the members of a pair subject, side by side: the same or not, which is more so, how well they match.

One answer is chosen, whose key says what it means: `ask` names which keys there are. The value is the key; null is an
empty answer. Of *more* a run ranks the members of all pairs (mining/services/rank_members.py).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal, Self

from pydantic import model_validator

from projects.tasks.base import ChoosesOne

COMPARISON: Literal["comparison"] = "comparison"

MORE = "more"
LEFT, RIGHT, TIE = "left", "right", "tie"
KEYS: dict[str, list[str]] = {
    "same": ["same", "different", "unsure"],
    MORE: [LEFT, TIE, RIGHT],
    "match": ["0", "1", "2", "3", "4"],
}
"""By what is asked, in the order in which they stand on the screen."""

NEEDED = {"same": {"same", "different"}, MORE: {LEFT, RIGHT}, "match": set(KEYS["match"])}
"""The others may be left out: not everybody may say that they can't say."""


class ComparisonTask(ChoosesOne):
    """ask: same (same, different, unsure), more (left, tie, right) or match (0 to 4)."""

    kind: Literal["comparison"]
    ask: Literal["same", "more", "match"]

    @model_validator(mode="after")
    def _keys_that_mean_something(self) -> Self:
        known = KEYS[self.ask]
        if not NEEDED[self.ask] <= set(self.keys) <= set(known):
            raise ValueError(f"answers to {self.ask} have the keys {', '.join(known)}")
        if self.keys != [key for key in known if key in self.keys]:
            raise ValueError(f"answers to {self.ask} stand in the order {', '.join(known)}")
        return self

    @property
    def compares(self) -> bool:
        return True

    def ways(self) -> list[tuple[Any, ...]]:
        return [(self.ask, *way) for way in super().ways()]

    def score(self, value: str | None, truth: str) -> float:
        """1 for the same answer; of a match 0.25 less for each step away; a tie is half right where one is more."""
        if value == truth or value is None:
            return float(value == truth)
        if self.ask == "match":
            return 1 - abs(int(value) - int(truth)) / 4
        return 0.5 if TIE in (value, truth) else 0.0

    def truth(self, values: Sequence[str | None]) -> str | None:
        found: str | None = super().truth([value for value in values if value is not None])
        return found


def asked_by(keys: Collection[str]) -> str | None:
    """What was asked, by the keys of answers; None where they are of no comparison."""
    return next((ask for ask, known in KEYS.items() if keys and set(keys) <= set(known)), None)


def with_all(answers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """`ask` and `answers` of a task whose answers these are, in order, with those that nobody gave; where they are of
    no comparison, or of two, that it is a task of kind single."""
    labels = {each["key"]: each["label"] for each in answers}
    ask = asked_by(labels)
    if ask is None:
        return {"kind": "single"}
    kept = [key for key in KEYS[ask] if key in labels or key in NEEDED[ask]]
    return {"ask": ask, "answers": [{"key": key, "label": labels.get(key, key)} for key in kept]}
