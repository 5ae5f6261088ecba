"""python manage.py import_gold FILE --project SLUG [--workflow SLUG] [--expert NAME]: known answers from a CSV file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.exceptions import Invalid
from projects.models import Project
from projects.services.gold_file import read_gold, store_gold
from projects.services.publish_check import lacking


class Command(BaseCommand):
    help = "Takes known answers in, all or nothing; the columns are told in docs/tasks.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--project", required=True, help="the project's slug")
        parser.add_argument("--workflow", help="its slug, where the file has no column workflow")
        parser.add_argument("--expert", default="file", help="who says so, where the file does not")

    def handle(
        self,
        *args: Any,
        file: Path,
        project: str,
        workflow: str | None,
        expert: str,
        **options: Any,
    ) -> None:
        found = Project.objects.filter(slug=project).first()
        if found is None:
            raise CommandError(f"There is no project {project}.")
        workflows = {each.slug: each for each in found.workflows.all()}
        if workflow is not None and workflow not in workflows:
            raise CommandError(f"There is no workflow {workflow} in {project}.")
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from None
        try:
            rows = read_gold(data, workflows, only=workflows.get(workflow or ""))
            stored = store_gold(rows, expert=expert[:160])
        except Invalid as error:
            raise CommandError(f"{file}: {error} Nothing was stored.") from None
        self.stdout.write(f"{len(rows)} known answers read, {stored} of them new.")
        for each in {row.workflow.pk: row.workflow for row in rows}.values():
            for problem in lacking(each):
                self.stdout.write(self.style.WARNING(f"{each.slug}: {problem}"))
