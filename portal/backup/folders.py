"""Which folders of files belong to a backup. Everything else under the data folder is made again, or secret."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages

UNFINISHED = ".part"  # a file on its way in: it gets its own name when it is whole


def folders_of_record() -> dict[str, Path]:
    """Name in the archive to folder. Media in object storage are not here: their store keeps versions of its own."""
    found = {"artefacts": settings.VAR_DIR / "artefacts"}
    if isinstance(storages["private"], FileSystemStorage):
        found["releases"] = Path(storages["private"].path("releases"))
    if isinstance(storages["default"], FileSystemStorage):
        found["media"] = Path(settings.MEDIA_ROOT)
    return found


def files_under(folder: Path) -> Iterator[tuple[str, Path]]:
    """(name with slashes, file), in order; a folder that isn't there has none."""
    for here, below, names in os.walk(folder):
        below.sort()
        for name in sorted(names):
            path = Path(here, name)
            if not name.endswith(UNFINISHED) and path.is_file():
                yield path.relative_to(folder).as_posix(), path
