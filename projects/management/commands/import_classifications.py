"""python manage.py import_classifications FILE.csv --project SLUG [--source NAME] [--strict] [--encoding latin-1]"""

import re
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug

from projects.exceptions import VoorwerpError
from projects.imports.classifications import Options, import_classifications
from projects.imports.csvfile import ENCODINGS, File
from projects.imports.report import told
from projects.imports.runs import begin
from projects.models import Import, Project

SOURCE = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")


class Command(BaseCommand):
    help = "Takes a raw classification export (14 columns, .csv or .csv.gz) into a project."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument(
            "--project", required=True, metavar="SLUG", help="made as a draft where there is none"
        )
        parser.add_argument(
            "--source", default="zooniverse", metavar="NAME", help="whose ids the file has (zooniverse)"
        )
        parser.add_argument("--strict", action="store_true", help="one broken row refuses the file")
        parser.add_argument("--encoding", choices=list(ENCODINGS), default="utf-8")
        parser.add_argument(
            "--written",
            action="append",
            default=[],
            metavar="WORKFLOW.TASK",
            help="a question that was answered by writing, where its few answers look chosen",
        )

    def handle(
        self,
        *args: Any,
        file: Path,
        project: str,
        source: str,
        strict: bool,
        encoding: str,
        written: list[str],
        **options: Any,
    ) -> None:
        if not SOURCE.fullmatch(source):
            raise CommandError("A source is named in small letters, digits and . _ -, such as zooniverse.")
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        target, made = self._project(project)
        kind = Import.Kind.CLASSIFICATIONS
        try:
            with begin(target, kind=kind, source=source, file_name=file.name) as run:
                import_classifications(
                    run, File(file.name, lambda: file.open("rb")), Options(strict, encoding, written)
                )
        except (VoorwerpError, OSError) as error:
            self._leave_nothing(target, made)
            self._broken(run.record.report)
            raise CommandError(f"{file}: {error}") from None
        except BaseException:
            self._leave_nothing(target, made)
            raise
        self._tell(run.record)

    def _project(self, slug: str) -> tuple[Project, bool]:
        try:
            validate_slug(slug)
        except ValidationError:
            raise CommandError(f"{slug} is no slug: write letters, digits, - and _.") from None
        title = slug.replace("-", " ").replace("_", " ").capitalize()
        return Project.objects.get_or_create(slug=slug, defaults={"title": title[:120]})

    def _leave_nothing(self, project: Project, made: bool) -> None:
        if made and not project.workflows.exists():
            project.delete()

    def _broken(self, report: dict[str, Any]) -> None:
        for line, reason in report.get("broken", []):
            self.stderr.write(f"line {line}: {reason}")

    def _tell(self, record: Import) -> None:
        report = record.report
        self._broken(report)
        for words, number in told(report["counts"]):
            self.stdout.write(f"{number} {words}")
        for workflow, task, kind, answers in report["tasks"]:
            self.stdout.write(f"workflow {workflow}, {task}: {answers} answers, {kind}")
        for note in report["notes"]:
            self.stdout.write(note)
        rate = record.rows_done / max(report["seconds"], 0.01)
        self.stdout.write(f"{record.rows_done} rows in {report['seconds']} s ({rate:.0f} rows/s)")
        sys.stdout.flush()
