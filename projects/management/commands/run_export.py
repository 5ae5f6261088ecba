"""python manage.py run_export ID: what the worker calls for a file that was asked for, in a process of its own."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.exports.waiting import run_waiting
from projects.models import Export


class Command(BaseCommand):
    help = "Writes a file that was asked for and waits. The worker calls it; so can you, where there is no worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int)

    def handle(self, *args: Any, id: int, **options: Any) -> None:  # noqa: A002 - the command's own word
        record = Export.objects.select_related("project", "workflow__project").filter(pk=id).first()
        if record is None:
            raise CommandError(f"There is no export {id}.")
        run_waiting(record)
        self.stdout.write(f"{record.table} as {record.form}: {record.get_state_display()}")
