"""What a rule would have done with the answers that there are. Pure.

The rule is evaluated after each answer of a subject, in order of receipt, on the tallies as they stood then, as the
record does it. What a rule asks of the model (probability, entropy, effective votes) is not known of past moments: such
parts are unknown and never true, so a subject that only they would have finished stays open here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from projects import conditions
from projects.services.tallies import add_votes, empty
from projects.tasks.base import VoteRows

Answer = Sequence[tuple[str, VoteRows]]
"""(task, vote rows) of one counted classification."""
MINED = ("probability", "entropy", "effective_votes")


@dataclass
class Foreseen:
    """finished: answers after which the rule is true, to how many subjects. spared: answers that came after that.
    other: task to how many finished subjects whose leading answer is another now, of those that have one."""

    subjects: int = 0
    answers: int = 0
    finished: Counter[int] = field(default_factory=Counter)
    spared: int = 0
    other: Counter[str] = field(default_factory=Counter)
    asks_model: bool = False

    @property
    def retired(self) -> int:
        return sum(self.finished.values())

    def add(self, condition: conditions.Condition, answers: Iterable[Answer]) -> int | None:
        """One more subject with its answers in order of receipt; after how many it would have been finished."""
        evidence: dict[str, dict[str, Any]] = {}
        then: dict[str, str | None] = {}
        at: int | None = None
        n = 0
        for n, answer in enumerate(answers, 1):
            for task, rows in answer:
                evidence[task] = add_votes(evidence.get(task) or empty(), rows)
            if at is None and conditions.evaluate(condition, n, evidence) is True:
                at, then = n, {task: leading(of["votes"]) for task, of in evidence.items()}
        self.subjects += 1
        self.answers += n
        if at is not None:
            self.finished[at] += 1
            self.spared += n - at
            now = {task: leading(of["votes"]) for task, of in evidence.items()}
            self.other.update(task for task, key in then.items() if key and now[task] and now[task] != key)
        return at


def begin(condition: conditions.Condition) -> Foreseen:
    return Foreseen(asks_model=any(quantity in MINED for quantity, _task in conditions.quantities(condition)))


def leading(votes: Mapping[str, int]) -> str | None:
    """The answer that more gave than any other; None where two share the lead."""
    best = Counter(votes).most_common(2)
    if not best or (len(best) == 2 and best[0][1] == best[1][1]):
        return None
    return best[0][0]
