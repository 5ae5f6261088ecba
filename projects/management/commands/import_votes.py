"""python manage.py import_votes FILE.csv --project SLUG [--truth truth.csv] [--items items.csv] [--source NAME]"""

from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug
from django.db import transaction

from projects.exceptions import VoorwerpError
from projects.imports.csvfile import ENCODINGS, File
from projects.imports.report import told
from projects.imports.runs import begin
from projects.imports.votes import import_votes
from projects.models import Import, Project


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # they cost a second and are of the site's own pages and settings
    help = "Takes a crowd's labels (CSV with the columns item, worker, label) into a project of one question."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument(
            "--project", required=True, metavar="SLUG", help="made as a draft where there is none"
        )
        parser.add_argument(
            "--truth", type=Path, metavar="FILE.csv", help="item, label: only the team sees it"
        )
        parser.add_argument("--items", type=Path, metavar="FILE.csv", help="item, and what is known of it")
        parser.add_argument("--source", metavar="NAME", help="whose names the file has (the project's slug)")
        parser.add_argument("--encoding", choices=list(ENCODINGS), default="utf-8")

    def handle(self, *args: Any, file: Path, project: str, **options: Any) -> None:
        paths = [file, options["truth"], options["items"]]
        for path in filter(None, paths):
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")
        truth, items = (_open(path) if path else None for path in paths[1:])
        source, encoding = options["source"] or project, options["encoding"]
        try:
            with ExitStack() as stack:
                target = Project.objects.filter(slug=project).first()
                if target is None:  # made in the import's transaction: nothing of it stays without the votes
                    stack.enter_context(transaction.atomic())
                    target = _make(project)
                kind = Import.Kind.VOTES
                run = stack.enter_context(begin(target, kind=kind, source=source, file_name=file.name))
                import_votes(run, _open(file), truth, items, encoding=encoding)
        except VoorwerpError as error:
            raise CommandError(str(error.message)) from None
        except OSError as error:
            raise CommandError(f"{error.filename or file} can't be read: {error.strerror}.") from None
        self._tell(run.record)

    def _tell(self, record: Import) -> None:
        for words, number in told(record.report["counts"]):
            self.stdout.write(f"{number} {words}")
        rate = record.rows_done / max(record.report["seconds"], 0.01)
        self.stdout.write(f"{record.rows_done} rows in {record.report['seconds']} s ({rate:.0f} rows/s)")


def _open(path: Path) -> File:
    return File(path.name, lambda: path.open("rb"))


def _make(slug: str) -> Project:
    try:
        validate_slug(slug)
    except ValidationError:
        raise CommandError(f"{slug!r} is no slug: write letters, digits, - and _.") from None
    title = slug.replace("-", " ").replace("_", " ").strip().capitalize()[:120] or slug
    return Project.objects.create(slug=slug, title=title, tagline="Labels that a crowd gave elsewhere.")
