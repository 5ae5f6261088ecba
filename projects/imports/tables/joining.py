"""Which row of a table is about which subject: by the team's own id, or by position on the sky, one to one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from projects.exceptions import Invalid
from projects.imports.tables.table import Table
from projects.imports.tables.values import degrees, texts
from projects.models import Project

SAME = 1e-3
"""Arcseconds: two neighbours whose distances differ by less are equally near."""

FARTHEST = 3600.0  # arcseconds within which a match may be asked for


@dataclass(frozen=True)
class Subject:
    id: int
    external_id: str
    attributes: Mapping[str, Any]
    metadata: Mapping[str, Any]


@dataclass(frozen=True)
class Joined:
    """rows: subject id to its row. counts: what became of the other rows and subjects, by the words of report.py."""

    rows: dict[int, int]
    counts: dict[str, int] = field(default_factory=dict)


def subjects_of(project: Project) -> list[Subject]:
    found = project.subjects.order_by("pk").values_list("pk", "external_id", "attributes", "metadata")
    return [Subject(*row) for row in found.iterator(chunk_size=5000)]


def by_id(table: Table, column: str, subjects: list[Subject], *, passing: bool) -> Joined:
    """passing: rows that join to nothing are left out and counted; else the first of them refuses the table."""
    known: dict[str, int] = {}
    for subject in subjects:
        if known.setdefault(subject.external_id, subject.id) != subject.id:
            said = {"id": subject.external_id}
            raise Invalid(_("Two subjects of the project are named %(id)s: join by position instead.") % said)
    rows: dict[int, int] = {}
    missed = 0
    for row, name in enumerate(texts(table[column])):
        said = {"where": table.where(row), "column": column, "id": name[:80]}
        if not name:
            raise Invalid(_("%(where)s, column %(column)s: there is no id.") % said)
        subject_id = known.get(name)
        if subject_id is None:
            missed += 1
            if not passing:
                raise Invalid(
                    _(
                        "%(where)s, column %(column)s: no subject of the project is named %(id)s. Correct it, or let "
                        "such rows be left out."
                    )
                    % said
                )
        elif subject_id in rows:
            said["first"] = table.where(rows[subject_id])
            raise Invalid(
                _("%(where)s, column %(column)s: %(id)s is given twice, first at: %(first)s.") % said
            )
        else:
            rows[subject_id] = row
    _check_any(rows)
    return Joined(rows, {"missed": missed, "unjoined": len(subjects) - len(rows)})


def by_position(
    table: Table, columns: tuple[str, str], subjects: list[Subject], keys: tuple[str, str], radius: float
) -> Joined:
    """Each pair whose members are each other's nearest, within `radius` arcseconds.

    Where two are equally near (to a thousandth of an arcsecond) nobody is joined: that is a tie, and counted. A row
    within reach of a subject that has a nearer one is counted too.
    """
    if not 0 < radius <= FARTHEST:
        raise Invalid(_("The radius must be above 0 and at most %(n)s arcseconds.") % {"n": int(FARTHEST)})
    here = _of_subjects(subjects, keys)
    there = np.column_stack([degrees(table, table[name]) for name in columns])
    _check_sky(table, there, columns)
    placed, rows = np.flatnonzero(~np.isnan(here[:, 0])), np.flatnonzero(~np.isnan(there).any(axis=1))
    if not placed.size:
        said = {"ra": keys[0], "dec": keys[1]}
        raise Invalid(_("No subject has numbers under %(ra)s and %(dec)s (degrees).") % said)
    if not rows.size:
        raise Invalid(_("No row of the table has a position."))
    pairs, tied, beside = _mutual(_vectors(here[placed]), _vectors(there[rows]), radius)
    found = {subjects[placed[one]].id: int(rows[two]) for one, two in pairs}
    _check_any(found)
    return Joined(
        found,
        {
            "missed": len(there) - len(found) - tied - beside - (len(there) - len(rows)),
            "tied": tied,
            "beside": beside,
            "unplaced": len(there) - len(rows),
            "unjoined": len(subjects) - len(found),
        },
    )


def _mutual(
    here: NDArray[np.float64], there: NDArray[np.float64], radius: float
) -> tuple[list[tuple[int, int]], int, int]:
    """Pairs of indices; rows that tie; rows within reach of a subject, but not its nearest or it not theirs."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - only where something is joined on the sky

    chord = 2 * np.sin(np.radians(radius / 3600) / 2)
    same = np.radians(SAME / 3600)
    theirs, which = cKDTree(here).query(there, k=[1, 2], distance_upper_bound=chord)
    ours, nearest = cKDTree(there).query(here, k=[1, 2], distance_upper_bound=chord)
    with np.errstate(invalid="ignore"):  # infinity less infinity: nobody within reach
        row_ties = np.isfinite(theirs[:, 0]) & (theirs[:, 1] - theirs[:, 0] < same)
        subject_ties = np.isfinite(ours[:, 0]) & (ours[:, 1] - ours[:, 0] < same)
    near = np.isfinite(theirs[:, 0])
    first = np.where(near, which[:, 0], 0)
    chosen = near & ~row_ties & ~subject_ties[first] & (nearest[first, 0] == np.arange(len(there)))
    of_tie = subject_ties[first] & (theirs[:, 0] - ours[first, 0] < same)
    tied = near & ~chosen & (row_ties | of_tie)
    pairs = [(int(first[row]), int(row)) for row in np.flatnonzero(chosen)]
    return pairs, int(tied.sum()), int((near & ~chosen & ~tied).sum())


def _of_subjects(subjects: list[Subject], keys: tuple[str, str]) -> NDArray[np.float64]:
    return np.array([[_coordinate(subject, key) for key in keys] for subject in subjects]).reshape(-1, 2)


def _coordinate(subject: Subject, key: str) -> float:
    """Among the attributes, else the metadata, shown or hidden."""
    for place, name in ((subject.attributes, key), (subject.metadata, key), (subject.metadata, f"#{key}")):
        try:
            return float(place[name])
        except (KeyError, TypeError, ValueError):
            continue
    return float("nan")


def _check_sky(table: Table, found: NDArray[np.float64], columns: tuple[str, str]) -> None:
    for column, low, high in ((0, -360.0, 360.0), (1, -90.0, 90.0)):
        with np.errstate(invalid="ignore"):
            wrong = np.flatnonzero((found[:, column] < low) | (found[:, column] > high))
        if wrong.size:
            said = {
                "where": table.where(int(wrong[0])),
                "column": columns[column],
                "value": found[wrong[0], column],
            }
            raise Invalid(_("%(where)s, column %(column)s: %(value)s is no position in degrees.") % said)


def _vectors(found: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors: neighbours across 0 degrees and near the poles are neighbours."""
    ra, dec = np.radians(found).T
    return np.column_stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])


def _check_any(rows: dict[int, int]) -> None:
    if not rows:
        raise Invalid(_("No row of the table joins to a subject of the project."))
