"""The files of a workflow: its tables, and the documentation of their columns."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.exports.columns import DOCUMENTATION, describe
from projects.exports.stream import csv_pieces
from projects.exports.tables import TABLES, Table
from projects.models import Workflow

CLASSIFICATIONS = "classifications"
MARKS = "marks"
COLUMNS = "columns"
"""The documentation of all tables, itself a table."""


def pieces(name: str, workflow: Workflow, *, team: bool) -> Iterator[str]:
    """The text of a table or of `columns`. team: with what is for the project's team only, see the tables.

    Raises Invalid, before the first piece, for a workflow that was never published, and for a table that it has not.
    """
    if name == COLUMNS:
        return csv_pieces(DOCUMENTATION, describe(columns_of(workflow, team=team)))
    return table_of(name, workflow, team=team).csv(workflow, team=team)


def table_of(name: str, workflow: Workflow, *, team: bool) -> Table:
    """Raises Invalid as `pieces` does."""
    _check_published(workflow)
    table = TABLES[name]
    if not table.offered(workflow, team):
        if name == MARKS:
            raise Invalid(
                _("The workflow %(slug)s asks for no marks, so it has no table of them.")
                % {"slug": workflow.slug}
            )
        raise Invalid(
            _("The workflow %(slug)s has no table %(name)s for you now.")
            % {"slug": workflow.slug, "name": name}
        )
    return table


def tables_of(workflow: Workflow, *, team: bool) -> list[Table]:
    return [table for table in TABLES.values() if table.offered(workflow, team)]


def columns_of(workflow: Workflow, *, team: bool) -> dict[str, Sequence[Any]]:
    """Table to its columns."""
    _check_published(workflow)
    return {each.name: each.columns(workflow, team=team) for each in tables_of(workflow, team=team)}


def _check_published(workflow: Workflow) -> None:
    if workflow.published_id is None:
        raise Invalid(
            _("The workflow %(slug)s was never published, so it has no data.") % {"slug": workflow.slug}
        )


def classifications_of(workflows: Sequence[Workflow], *, team: bool) -> Iterator[str]:
    """The raw classifications of several workflows in one file: their columns are alike."""
    if not workflows:
        raise Invalid(_("No workflow of this project was ever published, so there are no data."))
    table = TABLES[CLASSIFICATIONS]
    return chain.from_iterable(
        table.csv(workflow, team=team, header=at == 0) for at, workflow in enumerate(workflows)
    )


def file_name(name: str, workflow: Workflow) -> str:
    return f"{workflow.project.slug}-{workflow.slug}-{name}.csv"
