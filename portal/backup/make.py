"""Make an archive, while the site runs."""

import os
import shutil
import tempfile
from pathlib import Path

from django.conf import settings

from portal.backup import BackupError, database
from portal.backup.archive import DUMP, MANIFEST, Writer
from portal.backup.folders import files_under, folders_of_record
from portal.backup.manifest import FORMAT, Manifest
from portal.backup.programs import programs


def default_target(at: str) -> Path:
    """`var/backups/voorwerp-TIME.tar`; RESET=1 leaves that folder alone. `at`: ISO 8601."""
    return Path(settings.VAR_DIR) / "backups" / f"voorwerp-{at.replace(':', '').replace('-', '')[:15]}Z.tar"


def make(target: Path | None) -> tuple[Path, Manifest]:
    """Write the archive (readable by its owner only) and say what it holds. Raises BackupError, leaving nothing behind.

    The database first, then the files: a file is stored before the row that names it and is never taken away, so
    every row of the snapshot finds its file. Files of rows that came later do no harm.
    """
    if target is not None and target.exists():
        raise BackupError(f"{target} is there already: name another file.")
    with database.snapshot() as moment:
        target = target or default_target(moment.at)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as aside:
            dumped = Path(aside) / DUMP
            try:
                chosen = programs(moment.postgres)
                database.dump(chosen, moment, dumped)
                making = Path(aside) / target.name
                with making.open("xb") as file:
                    manifest = _write(Writer(file), dumped, moment, chosen.version)
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                free = shutil.disk_usage(target.parent).free
                raise BackupError(
                    f"The backup could not be written to {target.parent} ({error.strerror}; {free:,} bytes free). "
                    f"It needs the size of the files and twice that of the dump."
                ) from None
            making.chmod(0o600)
            making.replace(target)
    return target, manifest


def _write(writer: Writer, dumped: Path, moment: database.Snapshot, version: int) -> Manifest:
    writer.add(DUMP, dumped)
    files = {}
    for folder, root in sorted(folders_of_record().items()):
        files[folder] = 0
        for name, path in files_under(root):
            writer.add(f"{folder}/{name}", path)
            files[folder] += 1
    manifest = Manifest(
        format=FORMAT,
        version=settings.VERSION,
        made_at=moment.at,
        postgres=moment.postgres,
        pg_dump=version,
        migrations=moment.migrations,
        rows=moment.rows,
        positions=moment.positions,
        files=files,
        left_out=list(database.WITHOUT_ROWS),
    )
    writer.add_text(MANIFEST, manifest.to_json())
    writer.finish()
    return manifest
