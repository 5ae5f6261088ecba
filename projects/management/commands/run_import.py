"""python manage.py run_import ID: what the worker calls for a file that was uploaded, in a process of its own."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.imports.waiting import run_waiting
from projects.models import Import


class Command(BaseCommand):
    help = "Takes in an uploaded file that waits. The worker calls it; so can you, where there is no worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int)

    def handle(self, *args: Any, id: int, **options: Any) -> None:  # noqa: A002 - the command's own word
        record = Import.objects.select_related("project").filter(pk=id).first()
        if record is None:
            raise CommandError(f"There is no import {id}.")
        run_waiting(record)
        self.stdout.write(f"{record.file_name}: {record.get_state_display()}")
