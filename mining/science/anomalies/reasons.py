"""Why something is odd: a code with its facts, and the words for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from mining.science.confusion import Array

Items = npt.NDArray[np.str_]


@dataclass(frozen=True)
class Reason:
    """A code (a key of `WORDS`) and the numbers and names that its sentence needs."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Oddities:
    """One list: how odd each of I items is in one respect.

    strength: float64 [I], more is odder; NaN where the item was not looked at. Its scale is the list's own
    reasons : one for each item, None where there is nothing to say
    """

    source: str
    items: Items
    strength: Array
    reasons: tuple[Reason | None, ...]


def _votes(facts: dict[str, Any]) -> str:
    said = ", ".join(f"{n} {label}" for label, n in facts["votes"])
    return f"votes that hardly go together ({said}): {_chance(facts['p'])} of such votes are as unlikely"


def _neighbours(f: dict[str, Any]) -> str:
    said = f"called {f['label']}, but {f['other']} of the {f['of']} objects with the most similar attributes are not"
    if not f["attribute"]:
        return said
    return f"{said}; {f['attribute']} is {f['value']:.4g}, {f['label']} has {f['usual']:.4g} in the middle"


def _outlier(f: dict[str, Any]) -> str:
    far = f"{f['far']:.3g} times the usual spread from the middle ({f['usual']:.4g})"
    return f"{f['attribute']} is {f['value']:.4g}, {far}"


WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "votes": _votes,
    "odd_answer": lambda f: (
        f"{f['n']} of {f['of']} said {' or '.join(f['labels'])}, usual are {100 * f['usual']:.2g} %"
    ),
    "neighbours": _neighbours,
    "outlier": _outlier,
    "answers": lambda f: (
        f"said {f['label']} {f['n']} times of {f['of']}; others would have said so {f['expected']:.0f} times"
    ),
    "disagrees": lambda f: (
        f"agreed with the consensus on {f['n']} of {f['of']}; others would on {f['expected']:.0f}"
    ),
    "copies": lambda f: (
        f"gave the same answer as {f['other']} on {f['n']} of {f['of']} in common; chance is {f['expected']:.0f}"
    ),
}


def words(reason: Reason) -> str:
    """One clause without a full stop."""
    return WORDS[reason.code](reason.facts)


def _chance(p: float) -> str:
    return f"{100 * p:.2g} %"
