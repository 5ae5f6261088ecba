"""Why something is odd: a code with its facts, and the words for it. Light: a page says them too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Say = Callable[[str], str]


def gettext_noop(text: str) -> str:
    """Marks a text for translators; whoever shows it translates it."""
    return text


VOTES = gettext_noop("votes that hardly go together (%(votes)s): %(p)s %% of such votes are as unlikely")
ODD = gettext_noop("%(n)s of %(of)s said %(labels)s, usual are %(usual)s %%")
ODD_MOST = gettext_noop("%(n)s of %(of)s marked something odd, most often “%(most)s”; usual are %(usual)s %%")
NEIGHBOURS = gettext_noop(
    "called %(label)s, but %(other)s of the %(of)s objects with the most similar attributes are not"
)
NEIGHBOURS_BY = gettext_noop(
    "called %(label)s, but %(other)s of the %(of)s objects with the most similar attributes are not; %(attribute)s is"
    " %(value)s, %(label)s has %(usual)s in the middle"
)
OUTLIER = gettext_noop(
    "%(attribute)s is %(value)s, %(far)s times the usual spread from the middle (%(usual)s)"
)
ANSWERS = gettext_noop("said %(label)s %(n)s times of %(of)s; others would have said so %(expected)s times")
DISAGREES = gettext_noop("agreed with the consensus on %(n)s of %(of)s; others would on %(expected)s")
COPIES = gettext_noop(
    "gave the same answer as %(other)s on %(n)s of %(of)s in common; chance is %(expected)s"
)
FLAGGED_ONCE = gettext_noop("one person flagged it as odd")
FLAGGED = gettext_noop("%(n)s people flagged it as odd")
FLAGGED_SOME = gettext_noop("%(n)s people flagged it as odd, %(tagged)s with #%(tag)s")
TAGGED_ONCE = gettext_noop("one person tagged it #%(tag)s")
TAGGED = gettext_noop("%(n)s people tagged it #%(tag)s")
OR = gettext_noop(" or ")


def _flags(facts: dict[str, Any]) -> str:
    if not facts["tag"]:
        return FLAGGED_ONCE if facts["n"] == 1 else FLAGGED
    if facts["tagged"] < facts["n"]:
        return FLAGGED_SOME
    return TAGGED_ONCE if facts["n"] == 1 else TAGGED


TEXTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "votes": lambda facts: VOTES,
    "odd_answer": lambda facts: ODD_MOST if facts.get("most") else ODD,
    "neighbours": lambda facts: NEIGHBOURS_BY if facts["attribute"] else NEIGHBOURS,
    "outlier": lambda facts: OUTLIER,
    "answers": lambda facts: ANSWERS,
    "disagrees": lambda facts: DISAGREES,
    "copies": lambda facts: COPIES,
    "flags": _flags,
}


@dataclass(frozen=True)
class Reason:
    """A code (a key of `TEXTS`) and the numbers and names that its sentence needs."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)


def words(reason: Reason, say: Say = str, *, answer: Say = str, attribute: Say = str) -> str:
    """One clause without a full stop. `say` translates; `answer` and `attribute` name a key as readers know it."""
    facts = reason.facts
    said: dict[str, object] = {}
    for name, fact in facts.items():
        if name == "votes":
            said[name] = ", ".join(f"{n} {answer(key)}" for key, n in fact)
        elif name == "labels":
            said[name] = say(OR).join(answer(key) for key in fact)
        elif name in ("label", "most"):
            said[name] = answer(fact)
        elif name == "attribute":
            said[name] = attribute(fact)
        else:
            said[name] = _number(reason.code, name, fact)
    return say(TEXTS[reason.code](facts)) % said


def _number(code: str, name: str, fact: Any) -> str:
    if name == "p":
        return f"{100 * fact:.2g}"
    if name == "expected":
        return f"{fact:.0f}"
    if code == "odd_answer" and name == "usual":
        return f"{100 * fact:.2g}"
    if name == "far":
        return f"{fact:.3g}"
    return f"{fact:.4g}" if isinstance(fact, float) else str(fact)
