"""Put an archive in place of what is there: checked first, asked for, and the database all at once."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from portal.backup import BackupError, archive, database
from portal.backup.archive import DUMP, Checked
from portal.backup.folders import folders_of_record
from portal.backup.manifest import Manifest, check_not_newer
from portal.backup.programs import programs

Confirm = Callable[[str], bool]


def open_archive(path: Path) -> Checked:
    """Read it to its end. Raises BackupError for a damaged one, a wrong one, one of a newer Voorwerp."""
    checked = archive.check(path)
    check_not_newer(checked.manifest)
    return checked


def restore(checked: Checked, confirm: Confirm) -> Manifest:
    """Into the site's database and folders; `confirm` is asked, with what would go, before anything that is there does.

    Raises BackupError. Files come first: they are named by their content, so one too many harms nobody if the
    database then can't be restored.
    """
    manifest = checked.manifest
    with database.connected() as connection:
        server = database.major(connection)
        if server < manifest.postgres:
            raise BackupError(
                f"Nothing was restored: the backup is of PostgreSQL {manifest.postgres}, this server is {server}."
            )
        if others := database.others_connected(connection):
            raise BackupError(
                f"Nothing was restored: {others} other sessions use this database. Stop web, worker and beat first."
            )
        going = [*_rows_that_go(database.rows_by_table(connection)), *_files_that_change(checked)]
    if going and not confirm("\n".join(f"  {line}" for line in going)):
        raise BackupError("Nothing was restored.")
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.VAR_DIR) as aside:
        dumped = Path(aside) / DUMP
        places = folders_of_record()
        with archive.reading(checked.path) as entries:
            for name, content in entries:
                folder, _, rest = name.partition("/")
                if name == DUMP:
                    archive.copy(content, dumped)
                elif rest and folder in places and not _same(places[folder] / rest, checked.sums[name]):
                    archive.copy(content, places[folder] / rest)
        database.load(programs(max(server, manifest.pg_dump)), dumped, manifest.rows)
    database.analyze()
    return manifest


def _rows_that_go(rows: dict[str, int]) -> list[str]:
    """What the database holds, in words; nothing where it has only been migrated."""
    if not any(number for table, number in rows.items() if table not in database.MADE_BY_MIGRATE):
        return []
    held = [
        f"{rows.get(f'projects_{what}', 0):,} {what}s"
        for what in ("project", "subject", "volunteer", "classification")
    ]
    name = settings.DATABASES["default"]["NAME"]
    accounts = f"{rows.get('auth_user', 0):,} accounts"
    return [f"the database {name}, with all that it holds: {', '.join([*held, accounts])}"]


def _files_that_change(checked: Checked) -> list[str]:
    """Files of the same name and other content; all others stay."""
    lines = []
    for folder, root in folders_of_record().items():
        named = ((name.removeprefix(f"{folder}/"), sha256) for name, sha256 in checked.sums.items())
        there = [(root / name, sha256) for name, sha256 in named if (root / name).is_file()]
        changed = [path for path, sha256 in there if archive.sha256_of(path) != sha256]
        if changed:
            lines.append(f"{len(changed):,} files under {root}, such as {changed[0].relative_to(root)}")
    return lines


def _same(path: Path, sha256: str) -> bool:
    return path.is_file() and archive.sha256_of(path) == sha256
