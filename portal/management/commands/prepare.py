"""python manage.py prepare: what every site needs before its processes start, the demo's as any other's.

Safe to run at each start and by several at once: PostgreSQL lets one migrate at a time, and a file that is collected
twice is the same file.
"""

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, OutputWrapper
from django.db import connection

LOCK = 0x5052_4550  # "PREP"


def step(out: OutputWrapper, title: str, command: str, *arguments: str, **options: Any) -> None:
    """One command, and how long it took."""
    out.write(f"{title} ...")
    out.flush()
    started = time.monotonic()
    call_command(command, *arguments, **options)
    out.write(f"  {time.monotonic() - started:.1f} s")
    out.flush()


class Command(BaseCommand):
    help = "Migrates the database and, where STATIC_MANIFEST is set, collects static files."

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            try:
                step(self.stdout, "Preparing the database", "migrate", interactive=False, verbosity=0)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        if settings.STATIC_MANIFEST:  # else they are served from where they lie
            step(self.stdout, "Collecting static files", "collectstatic", interactive=False, verbosity=0)
