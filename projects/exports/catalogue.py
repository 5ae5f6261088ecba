"""The catalogue of a workflow: one row a subject, what is known of it and what the volunteers have found.

The numbers are those of `Evidence`: tallies of the counted answers, and mining's probability, certainty and
dispersion beside them; or, where the team has published a batch run, the run's for the subjects that it knows
(chosen.py), beside the tallies of today. For those outside the team subjects that still need answers are left out:
nobody shall see others' answers on what they may still be asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from django.db import connection

from projects.exports.chosen import Chosen, Numbers, chosen
from projects.exports.columns import Column, Type
from projects.exports.finding import Finding, Row
from projects.exports.kinds import KINDS
from projects.exports.leading import HALF, leading, path
from projects.exports.pages import SIZE, pages
from projects.models import CatalogueAttribute, Volunteer, Workflow
from projects.services import get_version
from projects.tasks import Task
from projects.tasks.definition import WorkflowDefinition
from projects.tasks.raw import RAW

PAGE = """
SELECT s.subject_id, u.external_id, u.metadata::json, u.attributes::json, s.answered, s.retired_at, s.retired_reason,
       (SELECT json_object_agg(e.task, json_build_array(e.tallies, e.probabilities, e.certainty, e.dispersion,
                                                        e.run_id, e.position, e.value))
          FROM projects_evidence e WHERE e.workflow_id = s.workflow_id AND e.subject_id = s.subject_id),
       {simulated}, (SELECT l.slug FROM projects_lane l WHERE l.id = s.lane_id)
  FROM projects_subjectstate s JOIN projects_subject u ON u.id = s.subject_id
 WHERE s.workflow_id = %(workflow)s AND s.subject_id > %(after)s AND (%(team)s OR s.retired_at IS NOT NULL)
   AND (%(only)s::bigint[] IS NULL OR s.subject_id = ANY(%(only)s))
 ORDER BY s.subject_id LIMIT %(size)s
"""
SIMULATED = """
(SELECT count(*) FROM projects_classification c JOIN projects_volunteer v ON v.id = c.volunteer_id
  WHERE c.workflow_id = s.workflow_id AND c.subject_id = s.subject_id AND c.counted = 'yes' AND v.simulated
    AND NOT EXISTS (SELECT FROM projects_discount d WHERE d.classification_id = c.id AND d.lifted_at IS NULL))
"""
# What is no number makes a column of texts; whole numbers beyond what 64-bit floats hold exactly (ids of surveys) make
# one of integers.
KEYS = """
SELECT key, room, bool_or(jsonb_typeof(value) NOT IN ('number', 'null')),
       bool_or(CASE jsonb_typeof(value) WHEN 'number' THEN abs(value::numeric) > 9007199254740992 END)
         AND bool_and(CASE jsonb_typeof(value) WHEN 'number' THEN value::numeric = trunc(value::numeric)
                                                                  AND abs(value::numeric) < 9e18 END)
  FROM {subjects} s JOIN projects_subject u ON u.id = s.subject_id,
       LATERAL (SELECT key, value, 'metadata' AS room FROM jsonb_each(u.metadata)
                UNION ALL SELECT key, value, 'attributes' FROM jsonb_each(u.attributes)) each
 GROUP BY 1, 2 ORDER BY 1
"""
STATES = "(SELECT subject_id FROM projects_subjectstate WHERE workflow_id = %(workflow)s)"


def rows(
    workflow: Workflow,
    *,
    team: bool,
    after: int = -1,
    size: int = SIZE,
    only: Sequence[int] | None = None,
) -> Iterator[Row]:
    """By subject id, those after `after`, `size` at a time; only: of these. The workflow has been published."""
    any_simulated = Volunteer.objects.filter(simulated=True).exists()
    statement = PAGE.format(simulated=SIMULATED if any_simulated else "0")
    values = {"workflow": workflow.pk, "team": team, "only": only}
    found = pages(statement, values, after=after, size=size)
    definition, tasks = get_version(workflow.published_id or 0).definition, all_tasks(workflow)
    return build(definition, tasks, workflow.pk, found, size=size)


def build(
    definition: WorkflowDefinition,
    tasks: Mapping[str, Task],
    workflow_id: int,
    found: Iterator[Any],
    run: int | None = None,
    size: int = SIZE,
) -> Iterator[Row]:
    """Of rows as PAGE has them. run: whose numbers stand in place of the evidence's; None: the published one's."""
    for row, numbers in _with_chosen(workflow_id, found, size, run):
        (
            subject_id,
            external_id,
            metadata,
            attributes,
            answered,
            retired_at,
            reason,
            evidence,
            simulated,
            lane,
        ) = row
        findings = {
            name: _finding(tasks[name], *_chosen(numbers.get((subject_id, name)), e))
            for name, e in (evidence or {}).items()
            if name in tasks
        }
        leads = {name: finding.lead for name, finding in findings.items() if finding.lead}
        usual = {name: f for name, f in findings.items() if f.lead and f.asked >= HALF * answered}
        yield Row(
            subject_id, external_id, metadata, attributes, answered, retired_at, reason, simulated,
            findings, usual, path(definition, leads), lane,
        )  # fmt: skip


def columns(
    workflow: Workflow, *, team: bool, versions: Sequence[int] | None = None, subjects: str = STATES
) -> list[Column[Row]]:
    """What `rows` is written and documented with. Metadata whose key starts with # is the team's own. versions,
    subjects: what it is a catalogue of, where not of all (a release)."""
    metadata, attributes = _keys(workflow, subjects)
    tasks = all_tasks(workflow, versions)
    return [
        Column(
            "subject_id",
            "The subject's number on this site",
            lambda r: r.subject_id,
            type="int",
            ucd="meta.id;meta.main",
        ),
        Column("external_id", "The team's own name for it", lambda r: r.external_id, ucd="meta.id"),
        *[_metadata(key, each) for key, each in metadata.items() if team or not key.startswith("#")],
        *_attributes(workflow, attributes),
        *[c for name, task in tasks.items() if task.kind != RAW for c in KINDS[task.kind].columns(name, task)],
        Column("path", "The leading answers from the first question on, as task.answer>task.answer", lambda r: r.path),
        Column(
            "classifications_count",
            "Volunteers whose answers on the subject count",
            lambda r: r.answered,
            type="int",
            ucd="meta.number",
        ),
        Column(
            "simulated_count",
            "How many of them are a simulated crowd's, not people",
            lambda r: r.simulated,
            type="int",
            ucd="meta.number",
        ),
        *([LANE] if team and workflow.lanes.exists() else []),
        Column("retired_reason", "Why it needs no more answers; empty while it is open", lambda r: r.retired_reason),
        Column("retired_at", "Since when, in UTC", lambda r: r.retired_at, type="time"),
        Column(
            "mined_position",
            "How far in the workflow's record mining had read when it weighed this subject; empty: not yet",
            lambda r: max((f.position for f in r.mined if f.position is not None), default=None),
            type="int",
        ),
        Column(
            "method",
            "Where labels come from",
            _method,
            values="online: votes weighed one by one as they come; run N: the batch run of that number, whose method, "
            "parameters, code, position and seed stand on the results page; "
            "votes: plain counts, since mining has not weighed the subject yet",
        ),
    ]  # fmt: skip


NUMBER = CatalogueAttribute.Kind.NUMBER
PLACES = {"ra": "pos.eq.ra", "dec": "pos.eq.dec"}
"""UCDs of the keys under which a place on the sky is known."""

LANE: Column[Row] = Column("lane", "The lane in which it stands; empty: the common pool", lambda r: r.lane)
"""Of the team's files alone, where the workflow has lanes: how work is routed is its own business."""


def all_tasks(workflow: Workflow, versions: Sequence[int] | None = None) -> dict[str, Task]:
    """Every task that was ever published, as it stands in its newest version; those of today first. versions: of these
    only."""
    found: dict[str, Task] = {}
    published = workflow.versions.order_by("-major", "-minor")
    if versions is not None:
        published = published.filter(pk__in=versions)
    for version_id in published.values_list("pk", flat=True):
        for name, task in get_version(version_id).definition.tasks.items():
            found.setdefault(name, task)
    return found


def _with_chosen(
    workflow_id: int, found: Iterator[Any], size: int, run: int | None
) -> Iterator[tuple[Any, Chosen]]:
    """Each row with what the team has chosen, asked for a page at a time."""
    while some := list(islice(found, size)):
        numbers = chosen(workflow_id, [row[0] for row in some], run)
        yield from ((row, numbers) for row in some)


def _chosen(numbers: Numbers | None, evidence: list[Any]) -> list[Any]:
    return evidence if numbers is None else [evidence[0], *numbers]


def _finding(
    task: Task,
    tallies: dict[str, Any],
    probabilities: dict[str, float] | None,
    certainty: float | None,
    dispersion: float | None,
    run: int | None,
    position: int | None,
    value: dict[str, Any] | None,
    undecided: bool | None = None,
) -> Finding:
    lead = leading(task.kind, task.keys, tallies["votes"], tallies["asked"], probabilities)
    return Finding(
        tallies["asked"], tallies["votes"], lead, certainty, dispersion, run, position, value, undecided
    )


def _keys(workflow: Workflow, subjects: str) -> tuple[dict[str, Type], dict[str, Type]]:
    """The keys of metadata and of attributes that occur, each in alphabetical order, with what their values are."""
    with connection.cursor() as cursor:
        cursor.execute(KEYS.format(subjects=subjects), {"workflow": workflow.pk})
        found = cursor.fetchall()
    metadata, attributes = (
        {
            key: "text" if words else "int" if large else "float"
            for key, of, words, large in found
            if of == room
        }
        for room in ("metadata", "attributes")
    )
    return metadata, attributes  # type: ignore[return-value]


def _metadata(key: str, holds: Type) -> Column[Row]:
    """Named exactly as the team keyed it, blanks too, so that it is found again in the team's own lists."""
    own = key.startswith("#")
    seen_by = "which volunteers are not shown" if own else "which volunteers can open beside the picture"
    return Column(
        f"meta_{key}",
        f'What the team wrote of the subject under "{key}" in its metadata, {seen_by}; may be the same in each row',
        lambda r: r.metadata.get(key),
        type=holds,
    )


def _attributes(workflow: Workflow, occurring: Mapping[str, Type]) -> Iterator[Column[Row]]:
    """The described ones in the project's order, then those that nobody has described."""
    described = {a.key: a for a in CatalogueAttribute.objects.filter(project_id=workflow.project_id)}
    for key in [*described, *(key for key in occurring if key not in described)]:
        attribute = described.get(key)
        text = f"{attribute.label}. {attribute.description}".strip() if attribute else f"Attribute {key}"
        if attribute and attribute.sentinels:
            text += f" Missing where it is {' or '.join(f'{value:g}' for value in attribute.sentinels)}."
        unit = attribute.unit if attribute else ""
        yield Column(
            f"attr_{key}",
            text,
            partial(_attribute, key),
            unit=unit,
            type=occurring.get(key, "float" if attribute and attribute.kind == NUMBER else "text"),
            ucd=PLACES.get(key.lower(), ""),
        )


def _attribute(key: str, row: Row) -> Any:
    return row.attributes.get(key)


def _method(row: Row) -> str:
    if not row.mined:
        return "votes"
    runs = {finding.run for finding in row.mined}
    return "online" if runs == {None} else f"run {max(run for run in runs if run is not None)}"
