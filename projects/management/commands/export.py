"""python manage.py export PROJECT catalogue|classifications|columns [--workflow SLUG] [--out FILE.csv]

The operator's view: everything, with the team's own columns. A file appears under its name only when it is whole.
"""

import os
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from projects.exceptions import VoorwerpError
from projects.exports.files import CLASSIFICATIONS, COLUMNS, TABLES, classifications_of, pieces
from projects.models import Project, Workflow


class Command(BaseCommand):
    help = "Writes a workflow's catalogue, its raw classifications, or what their columns say, as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", help="the project's slug")
        parser.add_argument("table", choices=[*TABLES, COLUMNS])
        parser.add_argument(
            "--workflow",
            help="its slug; may be left out where the project has only one, and for the classifications of all",
        )
        parser.add_argument("--out", default="-", metavar="FILE.csv", help="- (as usual) is standard output")

    def handle(
        self, *args: Any, project: str, table: str, workflow: str | None, out: str, **options: Any
    ) -> None:
        text = self._text(project, table, workflow)
        try:
            with transaction.atomic(durable=True):
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")  # all as of one moment
                self._write(out, text())
        except VoorwerpError as error:
            raise CommandError(str(error.message)) from None
        except OSError as error:
            raise CommandError(f"{out} can't be written: {error.strerror}.") from None

    def _text(self, project: str, table: str, workflow: str | None) -> Callable[[], Iterator[str]]:
        """What gives the file, to be called inside the transaction."""
        found = self._project(project)
        if table == CLASSIFICATIONS and workflow is None:
            published = list(found.workflows.filter(published__isnull=False))
            return lambda: classifications_of(published, team=True)
        chosen = self._workflow(found, workflow)
        return lambda: pieces(table, chosen, team=True)

    def _project(self, slug: str) -> Project:
        project = Project.objects.filter(slug=slug).first()
        if project is None:
            known = ", ".join(Project.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no project {slug}; there are: {known}.")
        return project

    def _workflow(self, project: Project, slug: str | None) -> Workflow:
        project_slug = project.slug
        workflows = {workflow.slug: workflow for workflow in project.workflows.all()}
        if slug is None and len(workflows) == 1:
            return next(iter(workflows.values()))
        known = ", ".join(workflows) or "none"
        if slug is None:
            raise CommandError(f"Say which workflow with --workflow; {project_slug} has: {known}.")
        if slug not in workflows:
            raise CommandError(f"{project_slug} has no workflow {slug}; it has: {known}.")
        return workflows[slug]

    def _write(self, out: str, text: Iterator[str]) -> None:
        if out == "-":
            for piece in text:
                self.stdout.write(piece, ending="")
            return
        path = Path(out)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            with unfinished.open("w", encoding="utf-8", newline="") as file:
                file.writelines(text)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        self.stderr.write(f"{path}: written")
