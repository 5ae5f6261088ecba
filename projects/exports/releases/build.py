"""The archive of a release: built by the worker, and again by who wants to know whether the record gives the same."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from projects.exports.columns import DOCUMENTATION, Column, describe
from projects.exports.releases import metadata
from projects.exports.releases.asof import AsOf
from projects.exports.releases.metadata import About
from projects.exports.releases.tables import tables
from projects.exports.stream import csv_pieces
from projects.exports.working import Work
from projects.models import Release

SUMS = "sha256sums.txt"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Date of the files in the archive: the same contents, the same bytes."""


@dataclass
class Archive:
    """A zip in the making. files: what was put in, with size, sum and rows."""

    zip: zipfile.ZipFile
    folder: str
    files: list[dict[str, Any]] = field(default_factory=list)

    def put(self, name: str, pieces: Iterable[str], rows: "Counted | None" = None) -> dict[str, Any]:
        entry = zipfile.ZipInfo(f"{self.folder}/{name}", EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        digest, size = hashlib.sha256(), 0
        with self.zip.open(entry, "w", force_zip64=True) as file:
            for piece in pieces:
                data = piece.encode()
                digest.update(data)
                size += len(data)
                file.write(data)
        told = {"name": name, "size": size, "sha256": digest.hexdigest(), "rows": rows.seen if rows else 0}
        self.files.append(told)
        return told


class Counted:
    """Rows on their way, counted."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows
        self.seen = 0

    def __iter__(self) -> Iterator[Any]:
        for row in self._rows:
            self.seen += 1
            yield row


def build(release: Release, target: Path, work: Work | None = None) -> tuple[list[dict[str, Any]], str]:
    """(files, checksum) of the archive written to `target`. Inside a transaction. The first time it finds out who is to
    be credited, and keeps it in `about`. work: is told of rows; may raise Cancelled."""
    about = release.about
    with zipfile.ZipFile(target, "w") as zip_file:
        archive = Archive(zip_file, f"{about['project']}-release-{release.number}")
        columns: dict[str, Sequence[Column[Any]]] = {}
        named: set[str] = set()
        for asof in parts(release):
            asof.tables()
            named |= set(asof.credits())
            for table in tables(asof, about["site"]):
                name = f"{about['workflows'][str(asof.workflow.pk)]['slug']}/{table.name}.csv"
                rows = Counted(work.through(table.rows, None) if work else table.rows)
                archive.put(name, csv_pieces(table.columns, rows), rows)
                columns[name] = table.columns
        if about.get("credits") is None:
            about["credits"] = sorted(named, key=str.casefold)
        _describe(archive, about_of(release), columns)
        sums = "".join(f"{each['sha256']}  {each['name']}\n" for each in archive.files)
        checksum = archive.put(SUMS, [sums])["sha256"]
    return archive.files, checksum


def rebuild(release: Release, target: Path) -> list[str]:
    """Build it again, as of its positions; the names of the files that differ from those released: none, if the record
    and what it describes are as they were."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        files, _ = build(release, target)
    was, now = ({each["name"]: each["sha256"] for each in some} for some in (release.files, files))
    return [name for name in {**was, **now} if was.get(name) != now.get(name)]


def parts(release: Release) -> Iterator[AsOf]:
    """Of each workflow, under the titles that it had."""
    workflows = release.project.workflows.in_bulk([each["workflow"] for each in release.rests_on])
    for each in release.rests_on:
        workflow = workflows[each["workflow"]]
        workflow.project = release.project
        for name, text in release.about["workflows"][str(workflow.pk)].items():
            setattr(workflow, name, text)
        yield AsOf(
            workflow,
            each["position"],
            each["run"],
            each["published"],
            release.pseudonym_key,
        )


def about_of(release: Release) -> About:
    given = release.about
    return About(
        project=given["project"],
        number=release.number,
        title=given["title"],
        description=given["description"],
        licence=release.licence,
        creators=given["creators"],
        credits=given.get("credits") or [],
        date=given["date"],
        site=given["site"],
        source=given["source"],
        rests_on=[_line(each, given["workflows"][str(each["workflow"])]) for each in release.rests_on],
    )


def _line(part: Mapping[str, Any], workflow: Mapping[str, str]) -> str:
    """Such as: Shapes (`shapes`): position 4012; numbers of run 7."""
    numbers = f"numbers of run {part['run']}" if part["run"] else "plain counts, since no run was published"
    return f"{workflow['title']} (`{workflow['slug']}`): position {part['position']}; {numbers}"


def _describe(archive: Archive, about: About, columns: Mapping[str, Sequence[Column[Any]]]) -> None:
    listed = list(archive.files)
    archive.put("columns.csv", csv_pieces(DOCUMENTATION, describe(dict(columns))))
    archive.put("README.md", [metadata.readme(about, listed)])
    archive.put("CREDITS.md", [metadata.credited(about)])
    archive.put("CITATION.txt", [metadata.citation(about) + "\n"])
    archive.put("croissant.json", [metadata.croissant(about, listed, columns)])
    archive.put("datacite.json", [metadata.datacite(about)])
