"""python manage.py export_bundle PROJECT FOLDER: a project as a folder of text and pictures."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.bundles.errors import BundleError
from projects.bundles.write import write_bundle
from projects.models import Project


class Command(BaseCommand):
    help = "Writes a project as a bundle: YAML, Markdown, CSV and its pictures, in a stable order."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", help="its slug")
        parser.add_argument("folder", type=Path, help="a new or empty folder")

    def handle(self, *args: Any, project: str, folder: Path, **options: Any) -> None:
        found = Project.objects.filter(slug=project).first()
        if found is None:
            raise CommandError(f"There is no project {project}.")
        try:
            left_out = write_bundle(found, folder)
        except BundleError as error:
            raise CommandError(str(error)) from error
        for sentence in left_out:
            self.stdout.write(self.style.WARNING(sentence))
        self.stdout.write(self.style.SUCCESS(f"{project}: written to {folder}"))
