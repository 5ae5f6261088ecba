"""Raw classifications, in the 14 columns of the reference platform's export and its formats.
They are read again by projects/imports.

Sources of the formats: zooniverse/panoptes, lib/formatter/csv/classification.rb and annotation_for_csv.rb. What we
add stands where the reference platform's tools don't look: `key` and `kind` beside an annotation's value, `counted` in
metadata.

Rows come in the order of the record (the ledger), up to its position when the export begins.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from projects.exports.columns import Column
from projects.exports.kinds import KINDS
from projects.exports.pages import stretches
from projects.exports.pseudonyms import Pseudonym, names, pseudonym
from projects.exports.stream import field, quoted
from projects.models import Workflow, WorkflowCounter
from projects.services import get_version
from projects.tasks import Task
from projects.tasks.raw import RAW

SIGNED = """person.public_id, person.account_id IS NOT NULL OR
         (person.source <> '' AND person.external_id !~ '^(not-logged-in-|name:)')"""
PAGE = f"""
SELECT l.position, c.id, c.version_id, c.subject_id, c.annotations::text, c.metadata::text, c.started_at,
       c.finished_at, c.received_at, c.counted, c.counted_reason, d.at, d.reason,
       {SIGNED}, v.simulated,
       u.external_id, u.metadata::text, s.answered, s.retired_at, s.retired_reason,
       (SELECT json_agg(json_build_array(m.member_id, w.metadata) ORDER BY m.position)::text
          FROM projects_pairmember m JOIN projects_subject w ON w.id = m.member_id WHERE m.pair_id = u.id)
"""  # noqa: S608 - texts of our own
ANSWERS = """
  FROM projects_ledgerentry l
  JOIN projects_classification c ON c.id = l.record_id
  JOIN projects_volunteer v ON v.id = c.volunteer_id
  JOIN projects_volunteer person ON person.id = coalesce(v.joined_to_id, v.id)
  JOIN projects_subject u ON u.id = c.subject_id
  JOIN projects_subjectstate s ON s.workflow_id = c.workflow_id AND s.subject_id = c.subject_id
  LEFT JOIN projects_discount d ON d.classification_id = c.id AND d.lifted_at IS NULL
 WHERE l.workflow_id = %(workflow)s AND l.kind = 'classification'
   AND l.position > %(after)s AND l.position <= %(position)s
   AND (%(team)s OR (s.retired_at IS NOT NULL AND c.counted_reason <> 'gold'))
 ORDER BY l.position
"""
GOLD = "gold"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Stored(NamedTuple):
    """A row of PAGE, JSON as text. signed_in: here, or where the answer was imported from. members: of a pair, [[id,
    metadata], ...]."""

    position: int
    id: int
    version_id: int
    subject_id: int
    annotations: str
    metadata: str
    started_at: datetime | None
    finished_at: datetime | None
    received_at: datetime
    counted: str
    counted_reason: str
    discounted_at: datetime | None
    discounted_reason: str | None
    person: Any
    signed_in: bool
    simulated: bool
    external_id: str
    subject_metadata: str
    answered: int
    retired_at: datetime | None
    retired_reason: str
    members: str | None


SUBJECT = slice(Stored._fields.index("external_id"), None)
"""What a row says of its subject."""

loaded = lru_cache(maxsize=4096)(json.loads)
"""Of one text always the same object: to be read only."""


def rows(workflow: Workflow, *, team: bool) -> Iterator[Stored]:
    """Every stored classification of the workflow; for those outside the team, of subjects that need no more,
    without known answers."""
    return (Stored(*row) for row in answers(PAGE, workflow, team=team))


def lines(workflow: Workflow, *, team: bool) -> Iterator[str]:
    """The same rows as text of CSV; the columns say what each cell is."""
    name, flow = names(workflow.project), f"{workflow.pk},{field(workflow.title)}"
    for row in rows(workflow, team=team):
        who = name(row.person, row.signed_in, row.simulated)
        gold = "true" if row.counted_reason == GOLD else ""
        subject: Any = row[SUBJECT]
        yield (
            f"{row.id},{who},,{flow},{get_version(row.version_id).number},{moment(row.received_at)},{gold},"
            f"{_expert(row.metadata)},{quoted(_metadata(row))},{_answered(row.version_id, row.annotations)},"
            f"{quoted(_subject_data(workflow.pk, team, row.subject_id, *subject))},{_ids(row)}\n"
        )


@lru_cache(maxsize=4096)
def _expert(metadata: str) -> str:
    return field(loaded(metadata).get("expert"))


@lru_cache(maxsize=4096)
def _answered(version_id: int, stored: str) -> str:
    return field(annotations(version_id, stored))


def _ids(row: Stored) -> int | str:
    """Of a pair its members'."""
    return ";".join(str(member) for member, _ in loaded(row.members)) if row.members else row.subject_id


def answers(select: str, workflow: Workflow, *, team: bool) -> Iterator[tuple[Any, ...]]:
    """Of ANSWERS, up to the end of the record as it is now."""
    counter = WorkflowCounter.objects.filter(workflow=workflow).first()
    end = counter.position if counter else 0
    return stretches(select + ANSWERS, {"workflow": workflow.pk, "team": team}, end=end)


def columns(workflow: Workflow, *, team: bool) -> list[Column[Stored]]:
    def who(row: Stored) -> Pseudonym:
        return pseudonym(workflow.project, row.person, signed_in=row.signed_in, simulated=row.simulated)

    return [
        Column("classification_id", "Its number on this site", lambda r: r.id, type="int", ucd="meta.id;meta.main"),
        Column(
            "user_name", "A pseudonym within the project, the same in each of its files", lambda r: who(r).user_name
        ),
        Column("user_id", "A pseudonymous number; blank without an account", lambda r: who(r).user_id),
        Column("user_ip", "Always empty: addresses are not kept", lambda r: None),
        Column("workflow_id", "The workflow's number on this site", lambda r: workflow.pk),
        Column("workflow_name", "Its title", lambda r: workflow.title),
        Column(
            "workflow_version", "Major.minor of the version that was answered",
            lambda r: get_version(r.version_id).number,
        ),
        Column("created_at", "When the server received it, in UTC", lambda r: moment(r.received_at)),
        Column(
            "gold_standard", "true where an expert gave it as a known answer; it does not count",
            lambda r: "true" if r.counted_reason == GOLD else None,
        ),
        Column(
            "expert", "The role in which it was given, where an imported file says so",
            lambda r: loaded(r.metadata).get("expert"),
        ),
        Column(
            "metadata",
            "JSON. counted: what the answer did; started_at and finished_at by the volunteer's clock",
            _metadata,
            values="counted, yes: it counts; repeat: the volunteer had answered the subject before; superseded: by a "
            "later answer of theirs; late: the subject needed no more; withheld: gold, or others' answers had been "
            "seen; discounted: taken out of the count later, at discounted_at. counted_reason says why",
        ),
        Column(
            "annotations", "JSON: a list of task, task_label (the question), value (the answers' texts, or what was "
            "written), kind (of task) and, of what was chosen, key",
            lambda r: annotations(r.version_id, r.annotations),
        ),
        Column(
            "subject_data", "JSON: the subject's id to its retirement (null while it is open) and metadata",
            lambda r: _subject_data(workflow.pk, team, r.subject_id, *r[SUBJECT]),
        ),
        Column(
            "subject_ids", "The subject's number, as in the catalogue; of a pair its members', joined by ;", _ids,
        ),
    ]  # fmt: skip


def moment(at: datetime) -> str:
    """Such as 2024-02-23 16:17:42 UTC."""
    return at.astimezone(UTC).isoformat(" ", "seconds").replace("+00:00", " UTC")


@lru_cache(maxsize=4096)
def annotations(version_id: int, stored: str) -> str:
    """Stored annotations with the texts of the version that was answered."""
    tasks = get_version(version_id).definition.tasks
    return json.dumps([_annotation(a, tasks[a["task"]]) for a in json.loads(stored)], ensure_ascii=False)


def _annotation(stored: dict[str, Any], task: Task) -> dict[str, Any]:
    """Of a kind that is not known here, all that came in."""
    named = {"task": stored["task"], "task_label": task.question}
    if task.kind == RAW:
        return named | {"value": stored["value"], "kind": RAW} | stored.get("rest", {})
    return named | KINDS[task.kind].annotation(task, stored["value"]) | {"kind": task.kind}


def _metadata(row: Stored) -> str:
    """Of what the browser sent only the language and the size of the window, so that nobody is told by the rest."""
    said = _said(row.metadata, get_version(row.version_id).number, row.simulated)
    if row.discounted_at:
        at = {"discounted_at": row.discounted_at.isoformat()}
        did = _inside({"counted": "discounted", "counted_reason": row.discounted_reason} | at)
    else:
        did = _did(row.counted, row.counted_reason)
    return (
        f'{{"started_at": {_time(row.started_at)}, "finished_at": {_time(row.finished_at)}, {said}, {did}}}'
    )


def _time(at: datetime | None) -> str:
    return f'"{at.isoformat()}"' if at else "null"


def _inside(told: dict[str, Any]) -> str:
    """As JSON has it, without the braces."""
    return json.dumps(told)[1:-1]


@lru_cache(maxsize=4096)
def _did(counted: str, reason: str) -> str:
    return _inside({"counted": counted, "counted_reason": reason})


@lru_cache(maxsize=4096)
def _said(metadata: str, version: str, simulated: bool) -> str:
    told: dict[str, Any] = {"workflow_version": version}
    sent = loaded(metadata)
    language = sent.get("language")
    if isinstance(language, str) and _LANGUAGE.fullmatch(language):
        told["user_language"] = language
    viewport = sent.get("viewport")
    if isinstance(viewport, dict) and all(
        isinstance(viewport.get(side), int) for side in ("width", "height")
    ):
        told["viewport"] = {"width": viewport["width"], "height": viewport["height"]}
    if simulated:
        told["simulated"] = True
    return _inside(told)


@lru_cache(maxsize=4096)
def _subject_data(
    workflow_id: int,
    team: bool,
    subject_id: int,
    external_id: str,
    metadata: str,
    answered: int,
    retired_at: datetime | None,
    retired_reason: str,
    members: str | None,
) -> str:
    """Subject's id to what is known of it; of a pair those of its members, without a retirement."""
    told: dict[str, Any]
    if members:
        told = {str(member): _shown(its, team) | {"retired": None} for member, its in loaded(members)}
    else:
        retired = retired_at and {
            "workflow_id": workflow_id,
            "subject_id": subject_id,
            "classifications_count": answered,
            "retired_at": retired_at.isoformat(),
            "retirement_reason": retired_reason,
        }
        told = {
            str(subject_id): _shown(loaded(metadata), team) | {"external_id": external_id, "retired": retired}
        }
    return json.dumps(told, ensure_ascii=False)


def _shown(metadata: dict[str, Any], team: bool) -> dict[str, Any]:
    return {key: value for key, value in metadata.items() if team or not key.startswith("#")}
