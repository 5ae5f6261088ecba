"""The tables that a project gives away, by name. Some come from rooms above, which put them in here (`provide`)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from projects.exports import catalogue, classifications, flat, marks, subjects, votes, workflows
from projects.exports.columns import Column
from projects.exports.stream import csv_pieces, in_pieces
from projects.models import SubjectState, Workflow, WorkflowCounter

PLAIN = ("csv", "parquet")
ASTRONOMERS = ("ecsv", "fits", "votable")


def always(workflow: Workflow, team: bool) -> bool:
    return True


def first(row: Any) -> int:
    """The position of a row that is a tuple which begins with it."""
    return int(row[0])


@dataclass(frozen=True)
class Table:
    """rows(workflow, team=), columns(workflow, team=). forms: names in projects/exports/forms.

    position: of a row of a table that goes along the record; None: by subject. offered(workflow, team): whether there
    is such a table. answers: whoever is given the team's has seen others' answers on open subjects. together: it is
    also given for all workflows of a project in one file, since its columns are alike. lines(workflow, team=): the rows
    as text of CSV, of tables with a row for each answer: the bytes that the columns would write, for less.
    """

    name: str
    rows: Callable[..., Iterator[Any]]
    columns: Callable[..., Sequence[Column[Any]]]
    forms: tuple[str, ...] = PLAIN
    position: Callable[[Any], int] | None = None
    offered: Callable[[Workflow, bool], bool] = always
    answers: bool = True
    together: bool = False
    lines: Callable[..., Iterator[str]] | None = None

    def csv(self, workflow: Workflow, *, team: bool, header: bool = True) -> Iterator[str]:
        """In pieces."""
        columns = self.columns(workflow, team=team)
        if self.lines is None:
            return csv_pieces(columns, self.rows(workflow, team=team), header=header)
        heading = csv_pieces(columns, [], header=header)
        return chain(heading, in_pieces(self.lines(workflow, team=team)))

    def total(self, workflow: Workflow, *, team: bool) -> int | None:
        """How many steps writing it takes: positions of the record, or subjects."""
        if self.position:
            found = WorkflowCounter.objects.filter(workflow=workflow).first()
            return found.position if found else 0
        if self.rows in (catalogue.rows, subjects.rows):
            states = SubjectState.objects.filter(workflow=workflow)
            return (states if team else states.filter(retired_at__isnull=False)).count()
        return None


def _stored_position(row: classifications.Stored) -> int:
    return row.position


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("catalogue", catalogue.rows, catalogue.columns, (*PLAIN, *ASTRONOMERS)),
        Table("marks", marks.rows, marks.columns, (*PLAIN, "coco", "ds9"), offered=lambda w, _team: marks.draws(w)),
        Table(
            "classifications", classifications.rows, classifications.columns,
            position=_stored_position, together=True, lines=classifications.lines,
        ),
        Table("annotations", flat.rows, flat.columns, position=first, lines=flat.lines),
        Table("votes", votes.rows, votes.columns, position=first, lines=votes.lines),
        Table("subjects", subjects.rows, subjects.columns, together=True),
        Table("workflows", workflows.rows, workflows.columns, answers=False, together=True),
    )
}  # fmt: skip


def provide(table: Table) -> None:
    """From a room above, when it is loaded."""
    TABLES[table.name] = table
