"""What an archive says of itself."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from portal.backup import BackupError

FORMAT = 1
"""Of the archive; raised when an older restore could not read it."""


@dataclass(frozen=True)
class Manifest:
    format: int
    version: str  # of Voorwerp
    made_at: str  # ISO 8601, UTC: when the database's snapshot was taken
    postgres: int  # major version of the server
    pg_dump: int  # and of the program that wrote the dump
    migrations: list[str]  # "app.name", all that were applied
    rows: dict[str, int]  # table to rows, in the snapshot
    positions: dict[str, int]  # workflow's id to how many entries its ledger has
    files: dict[str, int]  # folder to number of files
    left_out: list[str]  # tables whose rows are not in the dump

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @property
    def summary(self) -> str:
        """In words, for the person at the terminal."""
        counts = [
            (self.rows.get("projects_project", 0), "projects"),
            (self.rows.get("projects_subject", 0), "subjects"),
            (self.rows.get("projects_classification", 0), "classifications"),
            (sum(self.files.values()), "files"),
        ]
        return ", ".join(f"{number:,} {what}" for number, what in counts)


def parse(text: bytes) -> Manifest:
    """Raises BackupError: not a manifest that this version reads."""
    try:
        found: dict[str, Any] = json.loads(text)
        number = found["format"]
        if number > FORMAT:
            raise BackupError(
                f"This backup has form {number}, which a newer Voorwerp ({found.get('version', 'unknown')}) wrote; "
                f"this one is {settings.VERSION}. Restore it with that version."
            )
        return Manifest(**found)
    except (ValueError, TypeError, KeyError):
        raise BackupError("Its manifest can't be read: this is no backup of Voorwerp.") from None


def check_not_newer(manifest: Manifest) -> None:
    """The database must be one that this code knows how to migrate onward. Raises BackupError."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = sorted(set(manifest.migrations) - known)
    if unknown or _numbers(manifest.version) > _numbers(settings.VERSION):
        why = f" It knows migrations that this one does not: {', '.join(unknown[:3])}." if unknown else ""
        raise BackupError(
            f"This backup was made by Voorwerp {manifest.version}, newer than this one ({settings.VERSION}).{why} "
            f"Update the code first (git pull), then restore."
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
