"""python manage.py check_release PROJECT NUMBER: build a release again from the record and say what differs."""

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.exports.releases.build import rebuild
from projects.models import Release


class Command(BaseCommand):
    help = "Builds a release again as of its positions, and compares every file with what was released."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", help="the project's slug")
        parser.add_argument("number", type=int)

    def handle(self, *args: Any, project: str, number: int, **options: Any) -> None:
        release = (
            Release.objects.select_related("project").filter(project__slug=project, number=number).first()
        )
        if release is None or not release.checksum:
            raise CommandError(f"There is no release {number} of {project}.")
        with tempfile.TemporaryDirectory() as folder:
            differ = rebuild(release, Path(folder) / "release.zip")
        if differ:
            raise CommandError(
                f"These files come out otherwise now: {', '.join(differ)}. What was released is unchanged."
            )
        self.stdout.write(f"the same: {release.checksum}")
