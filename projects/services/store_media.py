"""Media files: written once, under a name that holds a part of their content's hash, never changed or taken away."""

import shutil
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages


def store_media(source: Path, path: str) -> None:
    """Copy `source` to `path` under the media, where nothing has that name yet: there as a whole or not at all.

    Into the media folder or into object storage, as settings.STORAGES says. Call it before the row that names the
    file is committed: a backup reads rows first, and must find their files (docs/decisions/0017).
    """
    storage = storages["default"]
    if storage.exists(path):
        return
    if not isinstance(storage, FileSystemStorage):
        with source.open("rb") as file:
            storage.save(path, File(file))
        return
    target = Path(storage.path(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f"{target.name}.part")
    shutil.copyfile(source, half)
    half.replace(target)
