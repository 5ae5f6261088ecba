"""manage.py rebuild PROJECT: count and weigh everything again from the record."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mining.services.rebuild import rebuild_online
from projects.models import Project
from projects.services.rebuild import rebuild_workflow

SHOWN = 20


class Command(BaseCommand):
    help = "Rebuild a project's tallies, states, counts and online consensus from the record; says what differed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="Its slug.")
        parser.add_argument("--workflow", help="Slug of one workflow; all without it.")

    def handle(self, *, project: str, workflow: str | None, **options: Any) -> None:
        found = Project.objects.filter(slug=project).first()
        if found is None:
            raise CommandError(f"There is no project {project}.")
        workflows = found.workflows.filter(published__isnull=False)
        if workflow:
            workflows = workflows.filter(slug=workflow)
            if not workflows:
                raise CommandError(f"{project} has no published workflow {workflow}.")
        for each in workflows:
            differences = rebuild_workflow(each) + rebuild_online(each)
            for difference in differences[:SHOWN]:
                self.stdout.write(f"  {difference}")
            if len(differences) > SHOWN:
                self.stdout.write(f"  ... and {len(differences) - SHOWN} more")
            said = (
                f"{len(differences)} rows differed and were put right" if differences else "nothing differed"
            )
            self.stdout.write(f"{each.slug}: {said}.")
