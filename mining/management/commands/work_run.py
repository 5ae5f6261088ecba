"""manage.py work_run ID: what the worker calls for a run that a team has asked for, as a process of its own."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mining.models import Run
from mining.services.draw_charts import draw_run_charts
from mining.services.mine import work
from mining.services.schedules import remove_old_rows
from mining.services.working import Cancelled

NICENESS = 5
"""Answers and their weighing go first."""


class Command(BaseCommand):
    help = "Does a batch run that waits (the worker does so by itself), and draws its charts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=int, help="Its number.")

    def handle(self, *, run: int, **options: Any) -> None:
        os.nice(NICENESS)
        found = Run.objects.select_related("workflow").filter(pk=run).first()
        if found is None:
            raise CommandError(f"There is no run {run}.")
        try:
            work(found, at_end=draw_run_charts)
        except Cancelled as cancelled:
            self.stdout.write(str(cancelled.message))
            return
        found.refresh_from_db()
        remove_old_rows(found.workflow_id)
        self.stdout.write(f"Run {run}: {found.status}; {found.charts.count()} charts.")
