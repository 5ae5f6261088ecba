"""Subjects of a zip archive of pictures, with or without a table that names them.

The archive is read twice: first what it says of itself, which refuses what would harm; then each picture is decoded
as a whole, so that one that is cut off is found now and not by a volunteer. A picture whose content the project has
already, under whatever name, is counted and left out.

The table is a file of the archive (picture_table.py): one row a picture, with the column `file`; perhaps `external_id`
(rows with the same one are one subject with several pictures), `alt` (what the picture shows, for those who can't see
it), `attr:KEY` (what the catalogue knows; volunteers never see it). Every other column is metadata, which volunteers
see unless its name begins with #.
"""

import hashlib
import math
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.imports.archive import Contents, look_into, open_archive
from projects.imports.csvfile import File
from projects.imports.measured import FORMATS, measured
from projects.imports.picture_table import Row, Told, read_table
from projects.imports.runs import Run
from projects.models import CatalogueAttribute, Media, Subject, SubjectSet
from projects.services.import_subjects import NewMedia, NewSubject, import_subjects
from projects.services.store_media import store_media

LETTERS = 60
"""Of a picture's own name in its path."""


@dataclass(frozen=True)
class Options:
    """subject_set: the slug of the one that the subjects come into."""

    subject_set: str


def import_pictures(run: Run, file: File, options: Options) -> None:
    """All or nothing, but for pictures that can't be shown, which are named and left out. Raises Invalid."""
    project = run.record.project
    subject_set = SubjectSet.objects.get(project=project, slug=options.subject_set)
    with file.open() as opened, tempfile.TemporaryDirectory() as folder:
        archive = open_archive(opened)
        contents = look_into(archive)
        told = read_table(archive, contents) if contents.table else Told(_plain_rows(contents), {})
        rows = told.rows
        if not rows:
            raise Invalid(_("There is no picture in it: PNG, JPEG, WebP and GIF can be shown."))
        broken: list[tuple[int, str]] = []
        new = list(_read(run, archive, contents, rows, project.slug, Path(folder), broken))
        with transaction.atomic():
            run.wait_for_turn()
            fresh, twice = _without_duplicates(project.pk, new)
            _refuse_taken_names(project.pk, fresh, bool(contents.table))
            if not fresh and not twice:
                raise Invalid(_("None of its pictures could be read: %(first)s") % {"first": broken[0][1]})
            known = _known_names(project.pk, fresh)
            if not contents.table:  # nothing new is said of them
                twice += len(known)
                fresh, known = [each for each in fresh if each[0].external_id not in known], {}
            kinds = _attributes(project.pk, told)
            added = import_subjects(subject_set, [_subject(row, media, kinds) for row, media in fresh])
            counts = {
                "pictures": len(contents.pictures), "subjects": added, "described": len(known), "twice": twice,
                "left_out": contents.left_out + _unnamed(contents, rows), "broken": len(broken),
            }  # fmt: skip
            run.finish(counts, rows=len(rows), broken=broken)


def _plain_rows(contents: Contents) -> list[Row]:
    """A subject a picture, called as its file; with its folder and ending where two would be called alike."""
    names = list(contents.pictures)
    stems = [PurePosixPath(name).stem for name in names]
    twice = {stem for stem in stems if stems.count(stem) > 1} if len(set(stems)) < len(stems) else set()
    return [
        Row((name if stem in twice else stem)[-200:], [name], [""])
        for name, stem in zip(names, stems, strict=True)
    ]


def _read(
    run: Run,
    archive: zipfile.ZipFile,
    contents: Contents,
    rows: list[Row],
    slug: str,
    folder: Path,
    broken: list[tuple[int, str]],
) -> Iterator[tuple[Row, list[NewMedia]]]:
    """Each subject with its pictures, which are under the media then; one with a broken picture goes to `broken`."""
    for at, row in enumerate(rows, 1):
        run.storing(at, len(rows))
        media = []
        for name, alt in zip(row.files, row.alts, strict=True):
            try:
                media.append(_picture(archive, contents.pictures[name], slug, alt, folder))
            except ValueError as error:
                broken.append((row.line or at, f"{name}: {error}"))
        if len(media) == len(row.files):
            yield row, media


def _picture(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, slug: str, alt: str, folder: Path) -> NewMedia:
    """Raises ValueError with the reason."""
    try:
        content = archive.read(entry)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError):
        raise ValueError(_("it can't be unpacked")) from None
    kind, width, height = measured(content)
    mime, ending = FORMATS[kind]
    digest = hashlib.sha256(content).hexdigest()
    stem = slugify(PurePosixPath(entry.filename).stem)[:LETTERS].strip("-") or "picture"
    path = f"{slug}/{stem}.{digest[:8]}{ending}"
    beside = folder / "picture"
    beside.write_bytes(content)
    store_media(beside, path)
    return NewMedia(path=path, mime=mime, width=width, height=height, alt=alt, sha256=digest)


def _without_duplicates(
    project: int, new: list[tuple[Row, list[NewMedia]]]
) -> tuple[list[tuple[Row, list[NewMedia]]], int]:
    """Without subjects of one picture whose content another subject has; how many they were. The name counts first: the
    same picture under the same name is the same subject, which may be described anew."""
    digests = [media[0].sha256 for _row, media in new if len(media) == 1]
    there = Media.objects.filter(subject__project=project, position=0, sha256__in=digests)
    names = dict(there.values_list("sha256", "subject__external_id"))
    kept, twice = [], 0
    for row, media in new:
        if len(media) == 1 and names.setdefault(media[0].sha256, row.external_id) != row.external_id:
            twice += 1
        else:
            kept.append((row, media))
    return kept, twice


def _known_names(project: int, new: list[tuple[Row, list[NewMedia]]]) -> dict[str, int]:
    wanted = [row.external_id for row, _media in new]
    there = Subject.objects.filter(project=project, source="", external_id__in=wanted)
    return dict(there.values_list("external_id", "pk"))


def _refuse_taken_names(project: int, new: list[tuple[Row, list[NewMedia]]], named: bool) -> None:
    """A known name with another picture: the team must say which it is, else an answer would be about the wrong one."""
    known = _known_names(project, new)
    pictures: dict[int, list[str]] = {}
    rows = Media.objects.filter(subject__in=known.values()).order_by("subject_id", "position")
    for subject, digest in rows.values_list("subject_id", "sha256"):
        pictures.setdefault(subject, []).append(digest)
    for row, media in new:
        there = known.get(row.external_id)
        if there is not None and pictures.get(there) != [each.sha256 for each in media]:
            raise Invalid(
                (
                    _(
                        "%(name)s is a subject already, with another picture: give the row another external_id."
                    )
                    if named
                    else _("%(name)s is a subject already, with another picture: give the file another name.")
                )
                % {"name": row.external_id}
            )


def _attributes(project: int, told: Told) -> dict[str, str]:
    """Key to kind, of the project and of the table; a new column is a number where all its cells are."""
    rows = told.rows
    kinds = dict(CatalogueAttribute.objects.filter(project=project).values_list("key", "kind"))
    keys = list(dict.fromkeys(key for row in rows for key in row.attributes))
    for key in keys:
        cells = [(row.line, row.attributes[key]) for row in rows if key in row.attributes]
        if key not in kinds:
            if len(key) > 63:
                raise Invalid(
                    _("The attribute %(key)s has a name of more than 63 letters.") % {"key": key[:80]}
                )
            kinds[key] = "number" if all(_number(text) is not None for _line, text in cells) else "category"
            unit, description = told.units.get(key, ("", ""))
            CatalogueAttribute.objects.create(
                project_id=project,
                key=key,
                label=key,
                kind=kinds[key],
                unit=unit,
                description=description,
                position=len(kinds),
            )
        elif kinds[key] == "number":
            for line, text in cells:
                if _number(text) is None:
                    raise Invalid(
                        _("Line %(line)d of the table: %(key)s is a number, and %(text)s is none.")
                        % {"line": line, "key": key, "text": text[:40]}
                    )
    return kinds


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _subject(row: Row, media: list[NewMedia], kinds: Mapping[str, str]) -> NewSubject:
    attributes = {
        key: _number(text) if kinds[key] == "number" else text for key, text in row.attributes.items()
    }
    return NewSubject(row.external_id, media, dict(row.metadata), attributes)


def _unnamed(contents: Contents, rows: list[Row]) -> int:
    """Pictures that the table does not name."""
    return len(contents.pictures) - len({file for row in rows for file in row.files})
