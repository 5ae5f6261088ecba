"""Retirement conditions as data: parse, check, evaluate, print back. Pure.

A condition is nested arrays, after Caesar's rules (zooniverse/caesar, app/models/conditions):

    ["any", ["gte", ["votes"], 20], ["all", ["gte", ["asked", "T0"], 8], ["gte", ["agreement", "T0"], 0.9]]]

Conditions: any, all, not, gte, gt, lte, lt, eq, first. Quantities: a number, votes, asked, agreement, probability,
entropy, effective_votes. Evaluation is three-valued (Kleene): a quantity that is missing makes a comparison None
(unknown), and only True retires.
"""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Condition = Sequence[Any]

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "gte": operator.ge,
    "gt": operator.gt,
    "lte": operator.le,
    "lt": operator.lt,
    "eq": operator.eq,
}
SIGNS = {"gte": "≥", "gt": ">", "lte": "≤", "lt": "<", "eq": "="}
OF_A_TASK = ("asked", "agreement", "probability", "entropy", "effective_votes")
OF_CHOICES = ("agreement", "probability", "entropy")
"""Of these a task that is not answered by choosing has none."""
UNLIMITED = 2**30
"""What `vote_limit` says of a condition that no number of votes makes true by itself."""


class ConditionError(ValueError):
    """The condition can't be read; the message names the part and says what to write."""


def check(condition: Any, answer_keys: Mapping[str, Sequence[str]]) -> None:
    """Raises ConditionError unless the condition is well formed and names only these tasks and answers."""
    head, rest = _split(condition)
    if head in ("any", "all"):
        if not rest:
            raise ConditionError(f"{head} needs at least one condition")
        for part in rest:
            check(part, answer_keys)
    elif head == "not":
        if len(rest) != 1:
            raise ConditionError("not takes one condition")
        check(rest[0], answer_keys)
    elif head in COMPARISONS:
        if len(rest) != 2:
            raise ConditionError(f"{head} compares two quantities")
        for quantity in rest:
            _check_quantity(quantity, answer_keys)
    elif head == "first":
        _check_first(rest, answer_keys)
    else:
        raise ConditionError(
            f"{head!r} is no condition: write any, all, not, {', '.join(COMPARISONS)} or first"
        )


def evaluate(condition: Condition, votes: int, evidence: Mapping[str, Mapping[str, Any]]) -> bool | None:
    """True, False, or None where the evidence does not tell.

    votes: counted classifications of the subject. evidence: task name to what stands of it: the tallies
    {"asked", "votes", "first"} and mining's numbers, each possibly missing.
    """
    head, rest = condition[0], condition[1:]
    if head == "not":
        inner = evaluate(rest[0], votes, evidence)
        return None if inner is None else not inner
    if head in ("any", "all"):
        results = [evaluate(part, votes, evidence) for part in rest]
        decisive: bool = head == "any"
        if decisive in results:
            return decisive
        return None if None in results else not decisive
    if head == "first":
        return _first(rest[0], rest[1], rest[2], evidence)
    left, right = (_quantity(part, votes, evidence) for part in rest)
    compare = COMPARISONS[head]
    return None if left is None or right is None else compare(left, right)


def reason(condition: Condition, votes: int, evidence: Mapping[str, Mapping[str, Any]]) -> str:
    """The part that made it true, in words: `any` names its first true branch."""
    if condition[0] == "any":
        for part in condition[1:]:
            if evaluate(part, votes, evidence) is True:
                return reason(part, votes, evidence)
    return describe(condition)


def describe(condition: Any) -> str:
    """The condition in words, for people."""
    if isinstance(condition, (int, float)):
        return f"{condition:g}"
    head, rest = condition[0], condition[1:]
    if head in ("any", "all"):
        word = " or " if head == "any" else " and "
        return word.join(
            f"({describe(part)})" if part[0] in ("any", "all") else describe(part) for part in rest
        )
    if head == "not":
        return f"not ({describe(rest[0])})"
    if head in COMPARISONS:
        return f"{describe(rest[0])} {SIGNS[head]} {describe(rest[1])}"
    if head == "first":
        return f"first {rest[2]} answers of {rest[0]} all {rest[1]}"
    return head if head == "votes" else f"{head.replace('_', ' ')} of {rest[0]}"


def quantities(condition: Condition) -> Iterator[tuple[str, str]]:
    """(quantity, task) of every quantity of a task that a checked condition asks for."""
    head, rest = condition[0], condition[1:]
    if head in OF_A_TASK:
        yield head, rest[0]
    elif head != "first":
        for part in rest:
            if isinstance(part, (list, tuple)):
                yield from quantities(part)


def vote_limit(condition: Condition) -> int:
    """The number of votes that makes the condition true whatever they say; UNLIMITED where there is none."""
    head, rest = condition[0], condition[1:]
    if head == "any":
        return min(vote_limit(part) for part in rest)
    if head == "all":
        return max(vote_limit(part) for part in rest)
    if head in ("gte", "gt") and rest[0] == ["votes"] and isinstance(rest[1], (int, float)):
        whole = -int(-rest[1] // 1)
        return whole if head == "gte" else int(rest[1] // 1) + 1
    return UNLIMITED


def _split(condition: Any) -> tuple[str, list[Any]]:
    if not isinstance(condition, list) or not condition or not isinstance(condition[0], str):
        raise ConditionError(f"{condition!r} is no condition: write a list such as [gte, [votes], 20]")
    return condition[0], condition[1:]


def _check_task(name: Any, answer_keys: Mapping[str, Sequence[str]]) -> None:
    if name not in answer_keys:
        raise ConditionError(f"{name!r} is not a task of this workflow")


def _check_quantity(quantity: Any, answer_keys: Mapping[str, Sequence[str]]) -> None:
    if isinstance(quantity, bool):
        raise ConditionError("a quantity is a number, not true or false")
    if isinstance(quantity, (int, float)):
        return
    head, rest = _split(quantity)
    if head == "votes" and not rest:
        return
    if head not in OF_A_TASK or len(rest) != 1:
        raise ConditionError(
            f"{quantity!r} is no quantity: write votes, or one of {', '.join(OF_A_TASK)} with a task"
        )
    _check_task(rest[0], answer_keys)
    if head in OF_CHOICES and not answer_keys[rest[0]]:
        raise ConditionError(
            f"{rest[0]} has no answers to choose from, so there is no {head} of it: "
            f"write [votes], [asked, {rest[0]}] or [effective_votes, {rest[0]}]"
        )


def _check_first(rest: list[Any], answer_keys: Mapping[str, Sequence[str]]) -> None:
    if len(rest) != 3:
        raise ConditionError("first takes a task, an answer and a number")
    task, key, number = rest
    _check_task(task, answer_keys)
    if key not in answer_keys[task]:
        raise ConditionError(f"{key!r} is not an answer of {task}")
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= 10:
        raise ConditionError("first takes a whole number from 1 to 10")


def _agreement(votes: Mapping[str, int]) -> int:
    """How many gave the answer that most gave. Of a drawing, whose votes are `tool=number of marks` (drawing.py): how
    many drew the same number with a tool, of the tool where fewest did; who drew nothing drew 0 with each."""
    of_tool: dict[str, dict[str, int]] = {}
    for key, times in votes.items():
        tool, _, number = key.rpartition("=")
        of_tool.setdefault(tool, {})[number] = times
    if of_tool.keys() == {""} or not of_tool:
        return max(votes.values(), default=0)
    nothing = of_tool.pop("", {}).get("none", 0)
    return min(max({**of, "0": of.get("0", 0) + nothing}.values()) for of in of_tool.values())


def _first(task: str, key: str, number: int, evidence: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether the first `number` answers of the task, by order of receipt, are all this key."""
    first = evidence.get(task, {}).get("first", [])[:number]
    return len(first) == number and all(answer == key for answer in first)


def _quantity(quantity: Any, votes: int, evidence: Mapping[str, Mapping[str, Any]]) -> float | None:
    if isinstance(quantity, (int, float)):
        return quantity
    if quantity[0] == "votes":
        return votes
    of_task = evidence.get(quantity[1], {})
    asked: int = of_task.get("asked", 0)
    if quantity[0] == "asked":
        return asked
    if quantity[0] == "agreement":
        return _agreement(of_task["votes"]) / asked if asked else None
    if quantity[0] == "probability":
        return max((of_task.get("probabilities") or {}).values(), default=None)
    value: float | None = of_task.get(quantity[0])
    return value
