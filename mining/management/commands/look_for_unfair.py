"""manage.py look_for_unfair ID: look for volunteers who do not play fair, as a process of its own."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mining.services.look_for_unfair import look
from projects.models import Workflow

NICENESS = 5
"""Answers and their weighing go first."""


class Command(BaseCommand):
    help = "Look for volunteers who do not play fair, and suggest them to the team (the worker does so by itself)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workflow", type=int, help="Its id.")

    def handle(self, *, workflow: int, **options: Any) -> None:
        os.nice(NICENESS)
        found = Workflow.objects.select_related("published", "project").filter(pk=workflow).first()
        if found is None:
            raise CommandError(f"There is no workflow {workflow}.")
        made = look(found)
        self.stdout.write("Somebody else is looking." if made is None else f"{made} new suggestions.")
