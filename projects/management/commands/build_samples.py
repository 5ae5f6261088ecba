"""python manage.py build_samples [NAME ...] [--force]: makes and loads the sample projects."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.bundles.errors import BundleError
from projects.bundles.load import load_bundle
from projects.bundles.make import make_sample
from projects.models import Project, Subject
from projects.samples import SAMPLES, by_slug
from projects.services.publish_check import lacking
from projects.services.rule_work import tend_rules


class Command(BaseCommand):
    help = "Makes and loads every sample project that is not here yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help="folders of projects/samples; none: all")
        parser.add_argument("--force", action="store_true", help="make and load also what is here already")

    def handle(self, *args: Any, names: list[str], force: bool, **options: Any) -> None:
        found = by_slug(SAMPLES)
        unknown = set(names) - {folder.name for folder in found.values()}
        if unknown:
            known = ", ".join(folder.name for folder in found.values())
            raise CommandError(f"There is no sample {min(unknown)}; there are: {known}.")
        for slug, folder in found.items():
            if not names or folder.name in names:
                self._build(slug, folder, force)

    def _build(self, slug: str, folder: Path, force: bool) -> None:
        """A project that is here stays as it is without --force: its owner may have changed it."""
        if not force and Project.objects.filter(slug=slug).exists():
            self.stdout.write(f"{slug}: here already")
            return
        try:
            made = make_sample(folder, self._say, again=force)
            self._say(f"{slug}: loading")
            project = load_bundle(folder, made)
            tend_rules()
        except BundleError as error:
            raise CommandError(f"{folder.name}/{error}") from error
        count = Subject.objects.filter(project=project).count()
        self.stdout.write(self.style.SUCCESS(f"{slug}: loaded, {count} subjects"))
        for workflow in project.workflows.order_by("position", "pk"):
            for sentence in lacking(workflow):
                self.stdout.write(self.style.WARNING(f"{slug}/{workflow.slug}: {sentence}"))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
