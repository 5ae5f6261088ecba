"""Subjects of a project by what is known of them, for its team: a page costs the same however many there are.

They come in the order of (source, name), along an index. At most WINDOW of them are looked through for a page; where
that ends before the page is full, the page says from where to look on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from projects.models import Lane, SubjectSet, Workflow

WINDOW = 25_000

OPEN, RETIRED = "open", "retired"

SHARES = "coalesce(e.probabilities, e.tallies->'votes')"
"""Of the answers: probabilities where mining has given some, else votes, of which WHOLE were asked for."""
GREATEST = (
    "(SELECT max(a.value::float8) FROM jsonb_each_text(coalesce(e.probabilities, e.tallies->'votes')) a)"
)
WHOLE = "CASE WHEN e.probabilities IS NULL THEN nullif((e.tallies->>'asked')::float8, 0) ELSE 1 END"

SELECT = """
SELECT u.id, u.source, u.external_id
  FROM (SELECT * FROM projects_subject
         WHERE project_id = %(project)s AND (source, external_id) > (%(after_source)s, %(after_name)s) {within}
         ORDER BY source, external_id LIMIT %(window)s) u
  {joins}
 WHERE {wanted}
 ORDER BY u.source, u.external_id LIMIT %(most)s
"""

END = """
SELECT source, external_id FROM projects_subject
 WHERE project_id = %(project)s AND (source, external_id) > (%(after_source)s, %(after_name)s) {within}
 ORDER BY source, external_id OFFSET %(window)s - 1 LIMIT 1
"""


@dataclass(frozen=True)
class Wanted:
    """What must hold of a subject; all that is said.

    words: its id, or a part of its name or of its metadata's values, in small or large letters. workflow: that of
    state, lane and answers. lane: one of the workflow's. pool: in none of them. task, answer, sure_from, sure_to:
    that this answer leads its question, with a probability (or a share of the votes, where mining has said nothing)
    within these; without an answer, whichever leads. attribute: a key of the catalogue; from, to: numbers, both
    included; equal: a category. no_picture: no file is named.
    """

    words: str = ""
    subject_set: SubjectSet | None = None
    workflow: Workflow | None = None
    state: str = ""
    lane: Lane | None = None
    pool: bool = False
    task: str = ""
    answer: str = ""
    sure_from: float | None = None
    sure_to: float | None = None
    attribute: str = ""
    attribute_from: float | None = None
    attribute_to: float | None = None
    equal: str = ""
    no_picture: bool = False


@dataclass(frozen=True)
class Found:
    """after: the place (source, name) from which the next page goes on, None at the end. looked_through: the page
    ended because the window did, there may be more."""

    ids: list[int] = field(default_factory=list)
    after: tuple[str, str] | None = None
    looked_through: bool = False


def search(
    project_id: int, wanted: Wanted, *, after: tuple[str, str] = ("", ""), size: int, window: int = WINDOW
) -> Found:
    """Ids of at most `size` subjects, in the order of (source, name), from after that place on."""
    values: dict[str, Any] = {
        "project": project_id,
        "after_source": after[0],
        "after_name": after[1],
        "window": window,
        "most": size + 1,
    }
    within = "AND subject_set_id = %(set)s" if wanted.subject_set else ""
    values["set"] = wanted.subject_set and wanted.subject_set.pk
    joins = _joins(wanted, values)
    conditions = _conditions(wanted, values)
    query = SELECT.format(within=within, joins=joins, wanted=" AND ".join(conditions) or "true")
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows = cursor.fetchall()
        ids = [row[0] for row in rows[:size]]
        if len(rows) > size:
            return Found(ids, rows[size - 1][1:])
        cursor.execute(END.format(within=within), values)
        end = cursor.fetchone()
    return Found(ids, end, end is not None)


def _joins(wanted: Wanted, values: dict[str, Any]) -> str:
    joins = []
    if wanted.workflow and (wanted.state or wanted.lane or wanted.pool):
        joins.append("JOIN projects_subjectstate s ON s.workflow_id = %(workflow)s AND s.subject_id = u.id")
    if wanted.workflow and wanted.task and _asks_answer(wanted):
        joins.append(
            "JOIN projects_evidence e"
            " ON e.workflow_id = %(workflow)s AND e.subject_id = u.id AND e.task = %(task)s"
        )
    values |= {"workflow": wanted.workflow and wanted.workflow.pk, "task": wanted.task}
    return " ".join(joins)


def _asks_answer(wanted: Wanted) -> bool:
    return bool(wanted.answer) or wanted.sure_from is not None or wanted.sure_to is not None


def _conditions(wanted: Wanted, values: dict[str, Any]) -> Sequence[str]:
    """SQL, whose parameters come into `values`."""
    found = []
    if wanted.words:
        values |= {"words": wanted.words.lower(), "id": wanted.words}
        found.append(
            "(u.id::text = %(id)s OR position(%(words)s IN lower(u.external_id)) > 0 OR EXISTS ("
            "SELECT FROM jsonb_each_text(u.metadata) m WHERE position(%(words)s IN lower(m.value)) > 0))"
        )
    if wanted.workflow:
        found += _of_state(wanted, values)
        if wanted.task and _asks_answer(wanted):
            found += _of_answer(wanted, values)
    if wanted.attribute:
        found += _of_attribute(wanted, values)
    if wanted.no_picture:
        found.append("NOT EXISTS (SELECT FROM projects_media m WHERE m.subject_id = u.id)")
    return found


def _of_state(wanted: Wanted, values: dict[str, Any]) -> list[str]:
    found = []
    if wanted.state:
        found.append(f"s.retired_at IS {'NOT ' if wanted.state == RETIRED else ''}NULL")
    if wanted.lane:
        values["lane"] = wanted.lane.pk
        found.append("s.lane_id = %(lane)s")
    elif wanted.pool:
        found.append("s.lane_id IS NULL")
    return found


def _of_answer(wanted: Wanted, values: dict[str, Any]) -> list[str]:
    """The greatest share, or that of the answer where no other is greater."""
    found = [f"{GREATEST} > 0"]
    if wanted.answer:
        values["answer"] = wanted.answer
        found.append(f"({SHARES}->>%(answer)s)::float8 >= {GREATEST}")
    for name, comparison in (("sure_from", ">="), ("sure_to", "<=")):
        number = getattr(wanted, name)
        if number is not None:
            values[name] = number
            found.append(f"{GREATEST} / ({WHOLE}) {comparison} %({name})s")
    return found


def _of_attribute(wanted: Wanted, values: dict[str, Any]) -> list[str]:
    values |= {"key": wanted.attribute, "equal": wanted.equal}
    number = (
        "(CASE WHEN jsonb_typeof(u.attributes->%(key)s) = 'number' THEN (u.attributes->>%(key)s)::float8 END)"
    )
    found = ["u.attributes ? %(key)s"]
    if wanted.equal:
        found.append("u.attributes->>%(key)s = %(equal)s")
    for name, comparison in (("attribute_from", ">="), ("attribute_to", "<=")):
        limit = getattr(wanted, name)
        if limit is not None:
            values[name] = limit
            found.append(f"{number} {comparison} %({name})s")
    return found
