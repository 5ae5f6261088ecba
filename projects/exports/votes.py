"""The votes: the flat form that mining reads, one row a vote of a classification that counts. In the record's order."""

import json
from collections.abc import Iterator
from functools import lru_cache
from operator import itemgetter

from projects.exports.classifications import SIGNED, answers
from projects.exports.columns import Column
from projects.exports.flat import WHOSE, Cells, Given
from projects.exports.pseudonyms import names, pseudonym
from projects.exports.stream import field, line, moment
from projects.models import Workflow
from projects.services import get_version

PAGE = f"""
SELECT l.position, c.version_id, c.annotations::text, {SIGNED}, v.simulated, c.id, u.id, u.external_id, c.received_at,
       c.counted = 'yes' AND d.id IS NULL
"""


def rows(workflow: Workflow, *, team: bool) -> Iterator[Cells]:
    project = workflow.project
    found = answers(PAGE, workflow, team=team)
    for position, version, annotations, person, signed_in, simulated, *whole, counts in found:
        if not counts:
            continue
        name = pseudonym(project, person, signed_in=signed_in, simulated=simulated)
        for vote in votes(version, annotations):
            yield position, *name, *whole, *vote


def lines(workflow: Workflow, *, team: bool) -> Iterator[str]:
    """The same rows as text of CSV, those of one classification at once."""
    name = names(workflow.project)
    found = answers(PAGE, workflow, team=team)
    for _at, version, annotations, *who, pk, subject, external, received, counts in found:
        if counts:
            start = f"{name(*who)},{pk},{subject},{field(external)},{moment(received)},"
            yield "".join([start + end for end in ends(version, annotations)])


@lru_cache(maxsize=4096)
def ends(version_id: int, stored: str) -> tuple[str, ...]:
    """`votes` as text."""
    return tuple(line(cells) for cells in votes(version_id, stored))


@lru_cache(maxsize=4096)
def votes(version_id: int, stored: str) -> tuple[Cells, ...]:
    """The last cells of the rows of one classification, from `workflow_version` on."""
    version = get_version(version_id)
    tasks, given = version.definition.tasks, json.loads(stored)
    beneath = {each["task"]: tasks[each["task"]].beneath(each["value"]) for each in given}
    return tuple(
        (version.number, path, kind, key, *((None, value) if isinstance(value, str) else (value, None)))
        for name, own in version.definition.votes(given)
        for path, kind, rows in (
            (name, tasks[name].kind, own),
            *((f"{name}.{below}", kind, rows) for below, kind, rows in beneath[name]),
        )
        for key, value in rows
    )


def columns(workflow: Workflow, *, team: bool) -> list[Column[Cells]]:
    given: list[Given] = [
        *WHOSE,
        ("workflow_version", "Major.minor of the version that was answered", {}),
        (
            "task",
            "The question, as in the catalogue's columns; TASK.CHOICE.QUESTION of what a survey asks about a choice",
            {},
        ),
        ("kind", "Of task", {}),
        (
            "key",
            "What the vote is for; none: the question was left empty; of a drawing tool=number of marks",
            {},
        ),
        (
            "value",
            "1; of a question with several choices 1 or 0 for each; of a number the number",
            {"type": "float"},
        ),
        ("text", "Of a text what was written", {}),
    ]
    return [Column(name, text, itemgetter(at), **more) for at, (name, text, more) in enumerate(given, 1)]
