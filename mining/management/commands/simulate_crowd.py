"""python manage.py simulate_crowd PROJECT: adds a simulated crowd to a project, or takes it away (--remove)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mining.services.simulated_crowd import add_crowd, remove_crowd
from projects.models import Project


class Command(BaseCommand):
    help = (
        "Lets simulated volunteers classify, so that results show something; --remove takes all of it away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", metavar="PROJECT", help="slug")
        parser.add_argument("--remove", action="store_true", help="remove them and all that they did here")
        parser.add_argument("--volunteers", type=int, default=60, metavar="N", help="how many (60)")
        parser.add_argument(
            "--answers", type=float, default=5, metavar="N", help="answers a subject, mean (5)"
        )
        parser.add_argument(
            "--seed", type=int, default=1, metavar="S", help="the same seed, the same crowd (1)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            project = Project.objects.get(slug=options["project"])
        except Project.DoesNotExist:
            slugs = ", ".join(Project.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no project {options['project']}; there are: {slugs}.") from None
        if options["remove"]:
            removed = remove_crowd(project)
            self.stdout.write(f"{project.slug}: {removed} simulated classifications removed")
            return
        if options["volunteers"] < 1 or options["answers"] <= 0:
            raise CommandError("--volunteers and --answers are numbers above 0.")
        added = add_crowd(
            project, volunteers=options["volunteers"], answers=options["answers"], seed=options["seed"]
        )
        self.stdout.write(
            f"{project.slug}: {added.classifications} simulated classifications added, "
            f"by {added.volunteers} simulated volunteers"
        )
