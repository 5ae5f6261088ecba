"""python manage.py import_catalogue FILE --project SLUG (--id COLUMN | --ra COLUMN --dec COLUMN [--radius ARCSEC])"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.exceptions import VoorwerpError
from projects.imports.catalogue import Options, import_catalogue
from projects.imports.csvfile import ENCODINGS, File
from projects.imports.report import told
from projects.imports.runs import begin
from projects.models import Import, Project


class Command(BaseCommand):
    help = "Takes a catalogue table (CSV, ECSV, FITS, VOTable) onto a project's subjects as attributes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--id", dest="id_column", default="", metavar="COLUMN", help="the subjects' ids")
        parser.add_argument(
            "--ra", default="", metavar="COLUMN", help="right ascension, degrees if unit-less"
        )
        parser.add_argument("--dec", default="", metavar="COLUMN", help="declination")
        parser.add_argument("--radius", type=float, default=2.0, metavar="ARCSEC", help="of a match (2)")
        parser.add_argument(
            "--subject-ra", default="ra", metavar="KEY", help="where the subjects have theirs (ra)"
        )
        parser.add_argument("--subject-dec", default="dec", metavar="KEY", help="the same (dec)")
        parser.add_argument("--source", default="catalogue", metavar="NAME", help="what the table is called")
        parser.add_argument(
            "--sentinel", action="append", default=[], metavar="[COLUMN=]NUMBER", help="stands for missing"
        )
        parser.add_argument(
            "--replace", action="store_true", help="take the columns' earlier values away first"
        )
        parser.add_argument(
            "--pass-unknown", dest="passing", action="store_true", help="leave out rows that join to nothing"
        )
        parser.add_argument("--encoding", choices=list(ENCODINGS), default="utf-8")

    def handle(self, *args: Any, file: Path, project: str, **given: Any) -> None:
        target = Project.objects.filter(slug=project).first()
        if target is None:
            raise CommandError(f"There is no project {project}.")
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        names = set(Options.__dataclass_fields__) - {"sentinels"}
        options = Options(sentinels=" ".join(given["sentinel"]), **{name: given[name] for name in names})
        kind, source = Import.Kind.CATALOGUE, given["source"][:60]
        try:
            with begin(target, kind=kind, source=source, file_name=file.name) as run:
                import_catalogue(run, File(file.name, lambda: file.open("rb")), options)
        except VoorwerpError as error:
            raise CommandError(f"{file}: {error.message} Nothing was stored.") from None
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from None
        self._tell(run.record)

    def _tell(self, record: Import) -> None:
        report = record.report
        for words, number in told(report["counts"]):
            self.stdout.write(f"{number} {words}")
        for name, why in report["left_out"]:
            self.stdout.write(f"left out: {name}: {why}")
        for note in report["notes"]:
            self.stdout.write(note)
