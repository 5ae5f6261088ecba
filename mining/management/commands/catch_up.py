"""manage.py catch_up ID: weigh what a workflow's record holds, in large pieces, as a process of its own."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mining.services.catch_up import catch_up

NICENESS = 5
"""Answers and their weighing go first."""


class Command(BaseCommand):
    help = "Weigh all that a workflow's record holds and mining has not read (the worker does so by itself)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workflow", type=int, help="Its id.")

    def handle(self, *, workflow: int, **options: Any) -> None:
        os.nice(NICENESS)
        self.stdout.write(f"{catch_up(workflow)} entries read.")
