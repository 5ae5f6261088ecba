"""text: what many texts come to, letter by letter; a letter's share is that of the readers who read it so."""

from collections.abc import Iterator
from statistics import fmean
from typing import Any

from projects.exports import finding
from projects.exports.columns import Column
from projects.exports.finding import UNLESS, Row
from projects.exports.part import EMPTY, Part
from projects.tasks.text import TEXT, UNSURE, TextTask, Writing


def columns(name: str, task: TextTask) -> Iterator[Column[Row]]:
    yield from put_together(name, task)
    yield Column(
        f"{name}_dispersion",
        "Disagreement: mean over the letters of the entropy of their votes over its largest value, 0 to 1",
        finding.of(name, "dispersion"),
        type="float",
    )
    yield finding.asked(name)
    yield finding.votes(name, TEXT, "Volunteers who wrote a text")


def put_together(name: str, task: Writing) -> Iterator[Column[Row]]:
    """What texts come to."""
    yield Column(
        f"{name}_text",
        f"{task.question} What the volunteers' texts come to, letter by letter{UNLESS} or before mining",
        finding.of_value(name, "text"),
    )
    yield Column(
        f"{name}_letters",
        "Its length in letters, blanks included",
        finding.of_value(name, "letters", len),
        type="int",
        ucd="meta.number",
    )
    yield Column(
        f"{name}_mean_share",
        "Mean over its letters of the share of the readers who read that letter so; not calibrated",
        finding.of_value(
            name, "letters", lambda letters: round(fmean(_shares(letters)), 4) if letters else None
        ),
        type="float",
    )
    yield Column(
        f"{name}_least_share",
        "The share of its least agreed letter",
        finding.of_value(name, "letters", lambda letters: min(_shares(letters), default=None)),
        type="float",
    )
    yield Column(
        f"{name}_unsure_letters",
        "Letters that fewer than two thirds of the readers read so, those nobody could read among them",
        finding.of_value(name, "letters", lambda letters: sum(share < UNSURE for share in _shares(letters))),
        type="int",
        ucd="meta.number",
    )


def annotation(task: TextTask, value: str) -> dict[str, Any]:
    return {"value": value}


def flat(_task: TextTask, value: str) -> Iterator[Part]:
    yield Part(text=value) if value else EMPTY


def _shares(letters: list[tuple[str, float]]) -> list[float]:
    return [share for _, share in letters]
