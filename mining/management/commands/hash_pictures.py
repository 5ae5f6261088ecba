"""manage.py hash_pictures PROJECT: the perceptual hashes of all pictures of a project that have none."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from projects.models import Project


class Command(BaseCommand):
    help = (
        "Hash the pictures of a project, for the page Similar pictures (the worker does so for whom has opened it). "
        "Can be stopped at any time and goes on where it was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="Its slug.")

    def handle(self, *, project: str, **options: Any) -> None:
        from mining.services.similarity import AT_ONCE, hash_new  # noqa: PLC0415 - seconds of loading

        found = Project.objects.filter(slug=project).first()
        if found is None:
            raise CommandError(f"There is no project {project}.")

        def tell(done: int, of: int) -> None:
            if done % (AT_ONCE * 50) == 0 and done:
                self.stdout.write(f"{done} of {of}")

        for each in found.subject_sets.all():
            self.stdout.write(f"{each.slug}: {hash_new(each.pk, tell)} pictures hashed.")
