"""python manage.py bundle_schema FILE: what may stand in a file of a bundle, as JSON Schema."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from projects.bundles.json_schema import schemas


class Command(BaseCommand):
    help = "Prints the JSON Schema of one of a bundle's files, for an editor or another program."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", choices=sorted(schemas()))

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        self.stdout.write(json.dumps(schemas()[file], indent=2, sort_keys=True))
