"""What tasks have in common that are answered by choosing."""

from collections.abc import Iterator

from projects.exports import finding
from projects.exports.columns import Column
from projects.exports.finding import UNLESS, Row
from projects.exports.leading import meanings, offered
from projects.tasks.base import Task


def columns(name: str, task: Task, set_of: str = "") -> Iterator[Column[Row]]:
    yield Column(
        f"{name}_label",
        f"{task.question} The leading answer{UNLESS}",
        finding.of_lead(name, "label"),
        values=meanings(task),
        ucd="meta.code.class",
    )
    yield Column(
        f"{name}_probability",
        f"Probability of that answer by the weighed votes{set_of}; empty before mining",
        finding.of_lead(name, "probability"),
        type="float",
        ucd="stat.probability",
    )
    yield Column(
        f"{name}_certainty",
        "Calibrated probability of that answer; empty where uncalibrated",
        finding.of(name, "certainty"),
        type="float",
        ucd="stat.probability",
    )
    yield Column(
        f"{name}_dispersion",
        "Disagreement: entropy of the weighed vote shares over its largest value, 0 all agree, 1 evenly spread",
        finding.of(name, "dispersion"),
        type="float",
    )
    yield finding.undecided(name, " (one of the choices does not)" if set_of else "")
    yield finding.asked(name)
    for key in offered(task):
        yield finding.votes(name, key, f"Votes for {key}")
