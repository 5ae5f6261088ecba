"""The annotations, flat: one row an annotation, a mark, or a question about a mark. No cell holds JSON.

In the order of the record, like the raw classifications, and of the same rows.
"""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from projects.exports.classifications import SIGNED, answers
from projects.exports.columns import Column
from projects.exports.kinds import KINDS
from projects.exports.part import GEOMETRY, NOTHING_DRAWN, Part
from projects.exports.pseudonyms import names, pseudonym
from projects.exports.stream import field, line, moment
from projects.models import Workflow
from projects.services import get_version
from projects.tasks import Task
from projects.tasks.raw import RAW

PAGE = f"""
SELECT l.position, c.version_id, c.annotations::text, {SIGNED}, v.simulated, c.id, u.id, u.external_id, c.received_at,
       c.started_at, c.finished_at, CASE WHEN d.id IS NULL THEN c.counted ELSE 'discounted' END,
       coalesce(d.reason, c.counted_reason)
"""

Cells = tuple[Any, ...]
"""(position, the cells in the order of columns)"""
Given = tuple[str, str, dict[str, Any]]
"""(name, what it says, type, unit and such)"""
WHOSE: list[Given] = [
    ("user_name", "A pseudonym within the project, the same in each of its files", {}),
    ("user_id", "A pseudonymous number; blank without an account", {}),
    ("classification_id", "Number of the classification on this site", {"type": "int"}),
    ("subject_id", "The subject's number on this site", {"type": "int", "ucd": "meta.id"}),
    ("external_id", "The team's own name for it", {"ucd": "meta.id"}),
    ("received_at", "When the server received it, in UTC", {"type": "time"}),
]
"""The first columns of each table with a row for each answer or part of it."""


def rows(workflow: Workflow, *, team: bool) -> Iterator[Cells]:
    project, drawn = workflow.project, draws(workflow)
    found = answers(PAGE, workflow, team=team)
    for position, version, annotations, person, signed_in, simulated, *whole in found:
        name = pseudonym(project, person, signed_in=signed_in, simulated=simulated)
        for part in parts(version, annotations, drawn):
            yield position, *name, *whole, *part


def lines(workflow: Workflow, *, team: bool) -> Iterator[str]:
    """The same rows as text of CSV, those of one classification at once. What is said of the task and the answer is
    written once for all classifications that answer alike."""
    name, drawn = names(workflow.project), draws(workflow)
    found = answers(PAGE, workflow, team=team)
    for _at, version, stored, *who, pk, subject, named, received, began, ended, counted, why in found:
        start = (
            f"{name(*who)},{pk},{subject},{field(named)},{moment(received)},{moment(began)},{moment(ended)},"
            f"{counted},{field(why)},"
        )
        yield "".join([start + end for end in ends(version, stored, drawn)])


@lru_cache(maxsize=4096)
def ends(version_id: int, stored: str, drawn: bool) -> tuple[str, ...]:
    """`parts` as text."""
    return tuple(line(cells) for cells in parts(version_id, stored, drawn))


def draws(workflow: Workflow, versions: Sequence[int] | None = None) -> bool:
    """Whether any version (of these) asks for marks, so that there are columns for them."""
    among = workflow.versions.values_list("pk", flat=True) if versions is None else versions
    return any(get_version(each).definition.draws for each in among)


@lru_cache(maxsize=4096)
def parts(version_id: int, stored: str, drawn: bool) -> tuple[Cells, ...]:
    """The last cells of the rows of one classification, from `workflow_version` on."""
    version = get_version(version_id)
    found: list[Cells] = []
    for each in json.loads(stored):
        task = version.definition.tasks[each["task"]]
        for part in _parts(task, each["value"]):
            *cells, geometry = part
            cells[0] = part.question or task.question
            cells[1] = part.kind or task.kind
            found.append((version.number, each["task"], *cells, *(geometry or NOTHING_DRAWN)))
    return tuple(found) if drawn else tuple(cells[: -len(NOTHING_DRAWN)] for cells in found)


def _parts(task: Task, value: Any) -> Iterator[Part]:
    """What is raw comes as it was stored: as text, or as JSON where it is none."""
    if task.kind == RAW:
        text = value if isinstance(value, str) or value is None else json.dumps(value, ensure_ascii=False)
        return iter([Part(text=text)])
    return KINDS[task.kind].flat(task, value)


def columns(workflow: Workflow, *, team: bool, versions: Sequence[int] | None = None) -> list[Column[Cells]]:
    given: list[Given] = [
        *WHOSE,
        ("started_at", "By the volunteer's clock, in UTC; may be missing", {"type": "time"}),
        ("finished_at", "By the volunteer's clock, in UTC; may be missing", {"type": "time"}),
        ("counted", "What the classification did", {"values": COUNTED}),
        ("counted_reason", "Why, where there is a reason", {}),
        ("workflow_version", "Major.minor of the version that was answered", {}),
        ("task", "The question, as in the catalogue's columns", {}),
        ("question", "It in words, as in that version; of a question about a mark that question", {}),
        ("kind", "Of task, or of the question about a mark", {}),
        ("mark", "Number of the mark within the annotation; empty where nothing was drawn", {"type": "int"}),
        ("detail", "Number of the question about that mark; empty in the mark's own row", {"type": "int"}),
        ("tool", "The key of the tool that the mark was drawn with", {}),
        ("tool_label", "That tool in words", {}),
        ("shape", "What the tool draws", {}),
        ("frame", "The picture of several on which it was drawn, from 0 on", {"type": "int"}),
        ("key", "Key of what was chosen, of several joined by +; none: the question was left empty", {}),
        ("label", "That in words", {}),
        (
            "text",
            "What was written, or the words that were marked; of tags the words, with commas between",
            {},
        ),
        ("number", "The number that was given", {"type": "float"}),
        (
            "start",
            "Of marked words the place of the first letter, in Unicode's code points from 0 on",
            {"type": "int"},
        ),
        ("end", "The place after their last letter", {"type": "int"}),
        *(
            (f"{name}_px", f"{text}; empty where the shape has none", {"type": "float", "unit": "pixels"})
            for name, text in GEOMETRY.items()
        ),
        ("angle_deg", ANGLE, {"type": "float", "unit": "degrees", "ucd": "pos.posAng"}),
        ("points_px", "Points of a polygon, an outline or a line of pieces, as x,y x,y", {"unit": "pixels"}),
    ]
    kept = given if draws(workflow, versions) else given[: -len(NOTHING_DRAWN)]
    return [Column(name, text, itemgetter(at), **more) for at, (name, text, more) in enumerate(kept, 1)]


ANGLE = "Of an ellipse or a turned rectangle, clockwise from the x axis, 0 to 180"
COUNTED = (
    "yes: it counts; repeat: the volunteer had answered the subject before; superseded: by a later answer of theirs; "
    "late: the subject needed no more; withheld: gold, or others' answers had been seen; discounted: taken out of the "
    "count later"
)
