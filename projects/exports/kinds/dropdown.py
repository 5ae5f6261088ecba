"""dropdown: the option that leads; in a raw row in the reference platform's form, with its key."""

from collections.abc import Iterator
from typing import Any

from projects.exports import finding
from projects.exports.columns import Column
from projects.exports.finding import UNLESS, Row
from projects.exports.part import EMPTY, Part
from projects.tasks.dropdown import DropdownTask

FEW = 60
"""Options that a column's documentation still names."""


def columns(name: str, task: DropdownTask) -> Iterator[Column[Row]]:
    labels = {option.key: option.label for option in task.answers}
    label = finding.of_lead(name, "label")
    named = "; ".join(f"{key}: {text}" for key, text in labels.items()) if len(labels) <= FEW else ""
    yield Column(
        f"{name}_label", f"{task.question} The key of the option that leads{UNLESS}", label, values=named
    )
    yield Column(f"{name}_text", "That option in words", lambda row: labels.get(label(row)))
    yield Column(
        f"{name}_probability",
        "Probability of that option, given that one of those chosen is right; of a published run, else empty",
        finding.of_lead(name, "probability"),
        type="float",
        ucd="stat.probability",
    )
    yield Column(
        f"{name}_dispersion",
        "Disagreement: entropy of the vote shares over its largest value, 0 all agree, 1 each chose another",
        finding.of(name, "dispersion"),
        type="float",
    )
    yield finding.undecided(name)
    yield finding.asked(name)
    yield Column(
        f"{name}_votes",
        f"Votes for the option that leads{UNLESS}",
        lambda row: row.usual[name].votes.get(label(row), 0) if name in row.usual else None,
        type="int",
        ucd="meta.number",
    )


def annotation(task: DropdownTask, value: str | None) -> dict[str, Any]:
    chosen = {"select_label": task.question, "option": value is not None, "value": value}
    if value is not None:
        chosen["label"] = task.said(value)
    return {"value": [chosen], "key": value}


def flat(task: DropdownTask, value: str | None) -> Iterator[Part]:
    yield EMPTY if value is None else Part(key=value, label=task.said(value))
