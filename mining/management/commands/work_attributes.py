"""manage.py work_attributes ID: what the worker calls for an attribute run that waits, as a process of its own."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mining.models import AttributeRun
from mining.services.attribute_runs import Cancelled

NICENESS = 5
"""Answers and their weighing go first."""


class Command(BaseCommand):
    help = "Does an attribute run that waits (the worker does so by itself)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=int, help="Its number.")

    def handle(self, *, run: int, **options: Any) -> None:
        from mining.services import (  # noqa: PLC0415 - seconds of loading
            associations,
            attributes,
            classifiers,
            similarity,
            unusual,
        )

        os.nice(NICENESS)
        found = AttributeRun.objects.select_related("workflow__project", "consensus").filter(pk=run).first()
        if found is None:
            raise CommandError(f"There is no attribute run {run}.")
        try:
            {
                "associations": associations,
                "attributes": attributes,
                "classifiers": classifiers,
                "similarity": similarity,
                "unusual": unusual,
            }[found.kind].work(found)
        except Cancelled as cancelled:
            self.stdout.write(str(cancelled.message))
            return
        except ValueError as error:
            self.stdout.write(f"Attribute run {run} failed: {error}")
            return
        found.refresh_from_db()
        self.stdout.write(f"Attribute run {run}: {found.status}; {found.charts.count()} charts drawn.")
