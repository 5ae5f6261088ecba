"""manage.py simulate_pairs PROJECT: look for similar pictures and let simulated voices judge pairs, for a demo."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mining.models import AttributeRun
from mining.services.attribute_runs import ask
from projects.models import Project


class Command(BaseCommand):
    help = (
        "Looks for similar pictures in a project and lets simulated voices judge pairs of them; "
        "--remove takes these away, as simulate_crowd --remove does."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="Its slug.")
        parser.add_argument("--remove", action="store_true", help="Take the simulated judgements away.")

    def handle(self, *, project: str, remove: bool, **options: Any) -> None:
        from mining.services.similarity import work  # noqa: PLC0415 - seconds of loading
        from mining.services.simulated_pairs import add_judgements, remove_judgements  # noqa: PLC0415

        found = Project.objects.filter(slug=project).first()
        if found is None:
            raise CommandError(f"There is no project {project}.")
        if remove:
            self.stdout.write(f"{remove_judgements(found)} simulated judgements removed.")
            return
        sets = {each.subject_set_id: each for each in found.workflows.filter(published__isnull=False)}
        for workflow in sets.values():
            work(ask(workflow, AttributeRun.Kind.SIMILARITY, with_open=True))
            voices = add_judgements(workflow.subject_set)
            work(ask(workflow, AttributeRun.Kind.SIMILARITY, with_open=True))  # draws what they come to
            self.stdout.write(f"{workflow.subject_set.slug}: {voices} simulated judgements.")
