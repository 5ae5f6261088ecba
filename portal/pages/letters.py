"""A text that many have read, for a page: where its letters are sure and where not."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from projects.tasks.text import UNSURE

LANGUAGES: dict[str | None, str] = {"polytonic_greek": "grc"}
"""By the keyboard that a task offers: the language tag of its texts, which also picks their face."""


@dataclass(frozen=True)
class Run:
    """Letters beside each other, all sure or all unsure; `least` is the smallest share of a reading among them."""

    text: str
    length: int
    unsure: bool
    least: float

    @property
    def percent(self) -> int:
        return round(100 * self.least)


def lines_of(letters: Iterable[tuple[str, float]]) -> list[list[Run]]:
    """The lines of a text, each in runs."""
    lines: list[list[tuple[str, float]]] = [[]]
    for letter, share in letters:
        if letter == "\n":
            lines.append([])
        else:
            lines[-1].append((letter, share))
    return [
        [
            Run("".join(letter for letter, _ in run), len(run), unsure, min(share for _, share in run))
            for unsure, group in groupby(line, lambda each: each[1] < UNSURE)
            for run in [list(group)]
        ]
        for line in lines
    ]
