"""The rule for finishing a subject as rows of a form, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import conditions

What = Literal["votes", "asked", "agreement", "probability", "entropy", "first"]
SHARES = ("agreement", "probability")
"""Written in per cent, kept from 0 to 1."""


@dataclass(frozen=True)
class Row:
    """One condition. joined: how with the row above; `and` binds closer than `or`. number: as people write it."""

    what: What
    number: float
    task: str = ""
    answer: str = ""
    joined: Literal["or", "and"] = "or"


@dataclass(frozen=True)
class Rule:
    """least: nobody's subject is finished before so many answers, whatever the rows say."""

    rows: Sequence[Row]
    least: int = 1


def to_condition(rule: Rule) -> list[Any]:
    groups: list[list[list[Any]]] = []
    for row in rule.rows:
        if row.joined == "and" and groups:
            groups[-1].append(_condition(row))
        else:
            groups.append([_condition(row)])
    parts = [group[0] if len(group) == 1 else ["all", *group] for group in groups]
    whole = parts[0] if len(parts) == 1 else ["any", *parts]
    if rule.least <= 1 or _asks_for(whole) >= rule.least:
        return whole
    return ["all", ["gte", ["votes"], rule.least], whole]


def in_words(condition: Any) -> str:
    """The rule as one would say it; a rule of another shape than rows make as conditions.py prints it."""
    rule = from_condition(condition)
    if rule is None:
        return conditions.describe(condition)
    said = ""
    for row in rule.rows:
        words = WORDS[row.what] % {"n": f"{row.number:g}", "task": row.task, "answer": row.answer}
        said += (f" {_('and')} {words}" if row.joined == "and" else f"; {_('or')} {words}") if said else words
    if rule.least > 1:
        said += "; " + _("but never before it has %(n)d answers") % {"n": rule.least}
    return said


WORDS = {
    "votes": gettext_lazy("it has %(n)s answers"),
    "asked": gettext_lazy("%(task)s was asked %(n)s times"),
    "agreement": gettext_lazy("%(n)s %% agree on %(task)s"),
    "probability": gettext_lazy("the answer to %(task)s is %(n)s %% sure"),
    "entropy": gettext_lazy("the doubt about %(task)s is at most %(n)s bits"),
    "first": gettext_lazy("the first %(n)s answers to %(task)s are all %(answer)s"),
}


def _asks_for(condition: list[Any]) -> int:
    """How many answers there are at least, where the rule is true."""
    head, rest = condition[0], condition[1:]
    if head == "any":
        return min(_asks_for(part) for part in rest)
    if head == "all":
        return max(_asks_for(part) for part in rest)
    if head == "first":
        return int(rest[2])
    if head == "gte" and rest[0][0] in ("votes", "asked"):
        return int(-(-rest[1] // 1))
    return 0


def from_condition(condition: Any) -> Rule | None:
    """None where it has another shape than this form makes: written as text, it stays so until it is replaced."""
    least, inner = 1, condition
    if condition[0] == "all" and len(condition) == 3 and condition[1][:2] == ["gte", ["votes"]]:
        number = condition[1][2]
        if isinstance(number, int) and condition[2][0] in ("any", "all", *_READ):
            least, inner = number, condition[2]
    groups = inner[1:] if inner[0] == "any" else [inner]
    rows: list[Row] = []
    for group in groups:
        parts = group[1:] if group[0] == "all" else [group]
        for at, part in enumerate(parts):
            row = _row(part, "and" if at else "or")
            if row is None:
                return None
            rows.append(row)
    return Rule(rows, least)


_READ = ("gte", "lte", "first")


def _condition(row: Row) -> list[Any]:
    number: float = row.number / 100 if row.what in SHARES else row.number
    if row.what == "first":
        return ["first", row.task, row.answer, int(number)]
    if row.what == "votes":
        return ["gte", ["votes"], _plain(number)]
    return ["lte" if row.what == "entropy" else "gte", [row.what, row.task], _plain(number)]


def _row(part: Any, joined: Literal["or", "and"]) -> Row | None:
    if part[0] == "first":
        return Row("first", part[3], part[1], part[2], joined)
    if part[0] not in _READ or not isinstance(part[2], (int, float)) or not isinstance(part[1], list):
        return None
    what, sign = part[1][0], "lte" if part[1][0] == "entropy" else "gte"
    if part[0] != sign or what not in ("votes", *conditions.OF_A_TASK) or what == "effective_votes":
        return None
    number = round(part[2] * 100, 6) if what in SHARES else part[2]
    return Row(what, _plain(number), "" if what == "votes" else part[1][1], "", joined)


def _plain(number: float) -> float:
    number = round(number, 6)
    return int(number) if number == int(number) else number
