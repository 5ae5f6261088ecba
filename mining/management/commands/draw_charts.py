"""manage.py draw_charts ID: draw the charts of a workflow's results page, as a process of its own."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mining.services.draw_charts import draw_charts

NICENESS = 5
"""Answers and their weighing go first."""


class Command(BaseCommand):
    help = "Draw the charts of a workflow's results page (the worker does so by itself)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workflow", type=int, help="Its id.")

    def handle(self, *, workflow: int, **options: Any) -> None:
        os.nice(NICENESS)
        self.stdout.write(f"{draw_charts(workflow)} charts drawn.")
