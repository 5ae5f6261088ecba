"""Which finished subjects of a catalogue lie within a circle on the sky, for Cone Search.

A subject's place is what a catalogue table is joined by: numbers under `ra` and `dec`, in degrees, among its
attributes, else in its metadata (projects/imports/tables/joining.py); what is hidden from volunteers gives none here.
No index serves it: every finished subject of the workflow is looked at, first by its declination.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from projects.exports import catalogue
from projects.exports.columns import Column
from projects.models import Workflow

MOST = 10_000
"""Rows of an answer."""

# The haversine: exact for near places too, where the cosine of a small distance is 1. Distances in degrees.
WITHIN = r"""
SELECT subject_id, ra, dec, distance FROM (
  SELECT subject_id, ra, dec, 2 * degrees(asin(least(1, sqrt(
           sin(radians(dec - %(dec)s) / 2) ^ 2
           + cos(radians(dec)) * cos(radians(%(dec)s)) * sin(radians(ra - %(ra)s) / 2) ^ 2)))) AS distance
    FROM (SELECT s.subject_id, {ra} AS ra, {dec} AS dec
            FROM projects_subjectstate s JOIN projects_subject u ON u.id = s.subject_id
           WHERE s.workflow_id = %(workflow)s AND s.retired_at IS NOT NULL OFFSET 0) placed
   WHERE ra BETWEEN -360 AND 360 AND dec BETWEEN -90 AND 90
     AND dec BETWEEN %(dec)s - %(radius)s AND %(dec)s + %(radius)s) near
 WHERE distance <= %(radius)s ORDER BY distance, subject_id LIMIT %(most)s
"""
NUMBER = r"""'^\s*[-+]?(\d{{1,9}}(\.\d{{0,30}})?|\.\d{{1,30}})([eE][-+]?\d{{1,2}})?\s*$'"""
PLACE = f"""coalesce(CASE WHEN u.attributes->>'{{key}}' ~ {NUMBER} THEN (u.attributes->>'{{key}}')::float8 END,
                    CASE WHEN u.metadata->>'{{key}}' ~ {NUMBER} THEN (u.metadata->>'{{key}}')::float8 END)"""
ANY_PLACED = """
SELECT EXISTS (SELECT FROM projects_subjectstate s JOIN projects_subject u ON u.id = s.subject_id
                WHERE s.workflow_id = %(workflow)s AND {ra} IS NOT NULL AND {dec} IS NOT NULL)
"""
KEYS = {key: PLACE.format(key=key) for key in ("ra", "dec")}


@dataclass(frozen=True)
class Found:
    """A row of the catalogue with its place and its distance from the middle, in degrees."""

    ra: float
    dec: float
    distance: float
    row: catalogue.Row


def has_places(workflow: Workflow) -> bool:
    """Whether any subject has a place, so that a Cone Search makes sense."""
    with connection.cursor() as cursor:
        cursor.execute(ANY_PLACED.format(**KEYS), {"workflow": workflow.pk})
        return bool(cursor.fetchone()[0])


def within(workflow: Workflow, ra: float, dec: float, radius: float) -> tuple[list[Found], bool]:
    """(the nearest first, whether there are more than MOST). radius: degrees; 0: nothing, as the standard has it."""
    if radius == 0:
        return [], False
    values = {"workflow": workflow.pk, "ra": ra, "dec": dec, "radius": radius, "most": MOST + 1}
    with connection.cursor() as cursor:
        cursor.execute(WITHIN.format(**KEYS), values)
        places = {subject: (x, y, far) for subject, x, y, far in cursor.fetchall()[:MOST]}
        more = cursor.rowcount > MOST
    rows = {row.subject_id: row for row in catalogue.rows(workflow, team=False, only=list(places))}
    return [Found(*place, rows[subject]) for subject, place in places.items() if subject in rows], more


def columns(workflow: Workflow, verbosity: int) -> list[Column[Found]]:
    """1: name and place; 2: beside them what the volunteers say; 3: all of the catalogue."""
    own: list[Column[Found]] = [
        Column(
            "id",
            "The subject's number on this site",
            lambda f: str(f.row.subject_id),
            ucd="meta.id;meta.main",
        ),
        Column("ra", "Right ascension", lambda f: f.ra, unit="deg", type="float", ucd="pos.eq.ra;meta.main"),
        Column("dec", "Declination", lambda f: f.dec, unit="deg", type="float", ucd="pos.eq.dec;meta.main"),
        Column(
            "distance",
            "From the middle",
            lambda f: f.distance,
            unit="deg",
            type="float",
            ucd="pos.angDistance",
        ),
    ]
    if verbosity == 1:
        return own
    return [*own, *_of_catalogue(workflow, verbosity)]


def _of_catalogue(workflow: Workflow, verbosity: int) -> Iterator[Column[Found]]:
    for column in catalogue.columns(workflow, team=False):
        if column.name == "subject_id" or (verbosity == 2 and _is_detail(column)):
            continue
        yield Column(
            column.name,
            column.description,
            _through(column),
            column.unit,
            column.values,
            column.type,
            column.ucd,
        )


def _is_detail(column: Column[Any]) -> bool:
    """Metadata and single votes."""
    return column.name.startswith("meta_") or "_votes_" in column.name


def _through(column: Column[catalogue.Row]) -> Any:
    return lambda found: column.of(found.row)
