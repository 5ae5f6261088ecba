"""The files of a workflow: its tables, and the documentation of their columns."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Protocol

from projects.exceptions import Invalid
from projects.exports import catalogue, classifications, marks
from projects.exports.columns import DOCUMENTATION, Column, describe
from projects.exports.stream import csv_pieces
from projects.models import Workflow


class Table(Protocol):
    def rows(self, workflow: Workflow, *, team: bool) -> Iterator[Any]: ...

    def columns(self, workflow: Workflow, *, team: bool) -> Sequence[Column[Any]]: ...


CLASSIFICATIONS = "classifications"
MARKS = "marks"
TABLES: dict[str, Table] = {"catalogue": catalogue, MARKS: marks, CLASSIFICATIONS: classifications}
COLUMNS = "columns"
"""The documentation of all tables, itself a table."""


def pieces(name: str, workflow: Workflow, *, team: bool) -> Iterator[str]:
    """The text of a table or of `columns`. team: with what is for the project's team only, see the tables.

    Raises Invalid, before the first piece, for a workflow that was never published, and for marks that none asks for.
    """
    if workflow.published_id is None:
        raise Invalid(f"The workflow {workflow.slug} was never published, so it has no data.")
    draws = marks.draws(workflow)
    if name == MARKS and not draws:
        raise Invalid(f"The workflow {workflow.slug} asks for no marks, so it has no table of them.")
    if name == COLUMNS:
        tables = {
            each: table.columns(workflow, team=team)
            for each, table in TABLES.items()
            if each != MARKS or draws
        }
        return csv_pieces(DOCUMENTATION, describe(tables))
    table = TABLES[name]
    return csv_pieces(table.columns(workflow, team=team), table.rows(workflow, team=team))


def classifications_of(workflows: Sequence[Workflow], *, team: bool) -> Iterator[str]:
    """The raw classifications of several workflows in one file: their columns are alike."""
    if not workflows:
        raise Invalid("No workflow of this project was ever published, so there are no data.")
    columns = [(workflow, classifications.columns(workflow, team=team)) for workflow in workflows]
    return chain.from_iterable(
        csv_pieces(of_one, classifications.rows(workflow, team=team), header=at == 0)
        for at, (workflow, of_one) in enumerate(columns)
    )


def file_name(name: str, workflow: Workflow) -> str:
    return f"{workflow.project.slug}-{workflow.slug}-{name}.csv"
