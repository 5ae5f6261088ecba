"""manage.py mine PROJECT: weigh all votes of a project in one batch."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mining.models import Run
from mining.science.consensus import DEFAULT, METHODS
from mining.services.draw_charts import draw_run_charts
from mining.services.mine import mine
from projects.models import Project


class Command(BaseCommand):
    help = "Weigh all counted votes of a project by a batch method; stores a run for each workflow."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="Its slug.")
        parser.add_argument("--workflow", help="Slug of one workflow; all without it.")
        parser.add_argument("--method", default=DEFAULT, choices=sorted(METHODS))
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument(
            "--position", type=int, help="Of the record, as of an earlier run; its end without it."
        )
        parser.add_argument(
            "--start",
            type=int,
            metavar="RUN",
            help="Start from the answers of this earlier run: fewer rounds.",
        )

    def handle(
        self,
        *,
        project: str,
        workflow: str | None,
        method: str,
        seed: int,
        position: int | None,
        start: int | None,
        **options: Any,
    ) -> None:
        found = Project.objects.filter(slug=project).first()
        if found is None:
            raise CommandError(f"There is no project {project}.")
        workflows = found.workflows.filter(published__isnull=False)
        if workflow:
            workflows = workflows.filter(slug=workflow)
            if not workflows:
                raise CommandError(f"{project} has no published workflow {workflow}.")
        if position is not None and (position < 0 or len(workflows) != 1):
            raise CommandError("A position is one of 0 and more, of one workflow: name it by --workflow.")
        earlier = None if start is None else Run.objects.filter(pk=start).first()
        if start is not None and earlier is None:
            raise CommandError(f"There is no run {start}.")
        for each in workflows:
            try:
                run = mine(
                    each, method=method, seed=seed, position=position, start=earlier, at_end=draw_run_charts
                )
            except ValueError as error:
                raise CommandError(f"{each.slug}: {error}.") from error
            self.stdout.write(
                f"{each.slug}: run {run.pk}, {run.method}, {run.votes} votes up to position {run.position}, "
                f"{run.consensus.count()} answers, {run.merit.count()} figures of merit."
            )
