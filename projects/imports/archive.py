"""A zip archive from outside: what is of use in it, and what refuses it before anything is unpacked."""

import stat
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from projects.exceptions import Invalid

MOST_FILES = 20_000
MOST_BYTES = 25 * 1024 * 1024
"""Of one picture, unpacked."""
MOST_TABLE = 20 * 1024 * 1024
UNPACKED = 8
"""So many times IMPORT_MAX_BYTES may the files be, unpacked."""
ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".gif")
TABLES = (".csv", ".tsv", ".ecsv", ".vot", ".votable", ".fits", ".fit", ".parquet")


@dataclass(frozen=True)
class Contents:
    """What is of use in an archive. left_out: how many other files."""

    pictures: dict[str, zipfile.ZipInfo]
    table: zipfile.ZipInfo | None
    left_out: int


def open_archive(opened: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(opened)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Invalid(_("This is no zip archive, or it is cut off: pack and upload it again.")) from None


def look_into(archive: zipfile.ZipFile) -> Contents:
    """By what the archive says of itself; zipfile unpacks no more of a file than that. Raises Invalid, with the file's
    name, for what would harm."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise Invalid(
            _("It holds %(n)d files, and %(most)d are the most: split it.")
            % {"n": len(entries), "most": MOST_FILES}
        )
    if sum(entry.file_size for entry in entries) > UNPACKED * settings.IMPORT_MAX_BYTES:
        raise Invalid(_("Unpacked it would be larger than this site takes (a zip bomb?): split it."))
    pictures: dict[str, zipfile.ZipInfo] = {}
    tables: list[zipfile.ZipInfo] = []
    left_out = 0
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        _refuse_odd(entry, path)
        ending = "" if _is_hidden(path) else path.suffix.lower()
        if ending in ENDINGS:
            if entry.filename in pictures:
                raise Invalid(_("%(name)s is in the archive twice.") % _named(entry))
            _refuse_large(entry, MOST_BYTES)
            pictures[entry.filename] = entry
        elif ending in TABLES:
            _refuse_large(entry, MOST_TABLE)
            tables.append(entry)
        else:
            left_out += 1
    if len(tables) > 1:
        names = ", ".join(table.filename for table in tables[:3])
        raise Invalid(_("There are several tables (%(names)s): leave one in.") % {"names": names})
    return Contents(pictures, tables[0] if tables else None, left_out)


def _is_hidden(path: PurePosixPath) -> bool:
    """What systems put beside: .DS_Store, __MACOSX/."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


def _refuse_odd(entry: zipfile.ZipInfo, path: PurePosixPath) -> None:
    if path.is_absolute() or ".." in path.parts or entry.filename[1:2] == ":":
        raise Invalid(
            _("The file %(name)s would lie outside of the archive's folder: pack it anew.") % _named(entry)
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Invalid(_("%(name)s is a link, not a file: pack the file itself.") % _named(entry))
    if entry.flag_bits & 1:
        raise Invalid(_("%(name)s is locked by a password: pack it without.") % _named(entry))


def _refuse_large(entry: zipfile.ZipInfo, most: int) -> None:
    if entry.file_size > most:
        raise Invalid(
            _("%(name)s is larger than %(most)d MB: make it smaller.")
            % {**_named(entry), "most": most // 1024**2}
        )


def _named(entry: zipfile.ZipInfo) -> dict[str, str]:
    return {"name": entry.filename[:120]}
