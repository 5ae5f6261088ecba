"""What the answers of a subject come to, where they are no votes on keys."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Found:
    """value: as it is stored, None where nobody said anything. key, probability, probabilities: only where a run gives
    them. undecided: whether the answer does not stand out; None online, and of texts and numbers, which have no rule:
    theirs are letters that fewer than two thirds read so, and an interval."""

    value: dict[str, Any] | None
    dispersion: float
    effective_votes: float
    key: str = ""
    probability: float | None = None
    undecided: bool | None = None
    probabilities: dict[str, float] = field(default_factory=dict)
