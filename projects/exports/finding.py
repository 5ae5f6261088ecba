"""What the catalogue knows of a subject, and how its cells read it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from projects.exports.columns import Column
from projects.exports.leading import Lead

UNLESS = "; empty where fewer than half were asked"


class Finding(NamedTuple):
    """What stands of one task of one subject."""

    asked: int
    votes: dict[str, int]
    lead: Lead | None
    certainty: float | None
    dispersion: float | None
    run: int | None
    position: int | None
    value: dict[str, Any] | None
    undecided: bool | None


@dataclass(frozen=True, slots=True)
class Row:
    """findings: by task, of all that were asked; usual: those asked of at least half."""

    subject_id: int
    external_id: str
    metadata: dict[str, Any]
    attributes: dict[str, Any]
    answered: int
    retired_at: datetime | None
    retired_reason: str
    simulated: int
    findings: dict[str, Finding]
    usual: dict[str, Finding]
    path: str
    lane: str | None

    @property
    def mined(self) -> list[Finding]:
        return [finding for finding in self.findings.values() if finding.position is not None]


Cell = Callable[[Row], Any]


def of(name: str, part: str) -> Cell:
    """A part of what stands of the task; empty where it was not asked of at least half."""
    return lambda row: getattr(row.usual[name], part) if name in row.usual else None


def of_lead(name: str, part: str) -> Cell:
    return lambda row: getattr(row.usual[name].lead, part) if name in row.usual else None


def of_value(name: str, part: str, read: Callable[[Any], Any] = lambda found: found) -> Cell:
    """Of a part of what mining has put together; empty before it has, and where the task was of another kind then."""

    def cell(row: Row) -> Any:
        finding = row.usual.get(name)
        return read(finding.value[part]) if finding and finding.value and part in finding.value else None

    return cell


def undecided(name: str, more: str = "") -> Column[Row]:
    found = of(name, "undecided")
    return Column(
        f"{name}_undecided",
        f"Whether that answer does not stand out from the next{more}; of a published run, else empty",
        lambda row: {True: "yes", False: "no"}.get(found(row)),
        values="yes: its lead may be chance; no: it stands out",
    )


def asked(name: str) -> Column[Row]:
    return Column(
        f"{name}_asked",
        "Volunteers who came to the question",
        lambda row: row.findings[name].asked if name in row.findings else 0,
        type="int",
        ucd="meta.number",
    )


def votes(name: str, key: str, description: str) -> Column[Row]:
    return Column(
        f"{name}_votes_{key}",
        f"{description}{UNLESS}",
        partial(_votes, name, key),
        type="int",
        ucd="meta.number",
    )


def _votes(name: str, key: str, row: Row) -> int | None:
    return row.usual[name].votes.get(key, 0) if name in row.usual else None
