"""python manage.py import_bundle FOLDER [--publish]: an edited bundle becomes new drafts, or the project itself."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.bundles.errors import BundleError
from projects.bundles.load import load_bundle
from projects.bundles.take import take_bundle


class Command(BaseCommand):
    help = "Takes a bundle in: its workflows as drafts, with what differs; with --publish all of it, at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--publish",
            action="store_true",
            help="texts, subjects and workflows become the folder's, and the workflows are published",
        )

    def handle(self, *args: Any, folder: Path, publish: bool, **options: Any) -> None:
        try:
            if publish:
                project = load_bundle(folder, folder)
                self.stdout.write(self.style.SUCCESS(f"{project.slug}: loaded and published"))
                return
            told = take_bundle(folder)
        except BundleError as error:
            raise CommandError(f"{error} Nothing was stored.") from error
        for workflow, sentences in told.items():
            self.stdout.write(f"{workflow}: " + ("the draft is changed" if sentences else "nothing differs"))
            for sentence in sentences:
                self.stdout.write(f"  {sentence}")
