"""PostgreSQL's own programs, and the database that they are told of."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from django.conf import settings

from portal import env
from portal.backup import BackupError
from portal.embedded import EmbeddedError, postgres

_NOT_LIBPQ = ("prepare_threshold", "pool", "server_side_binding", "assume_role")


@dataclass(frozen=True)
class Programs:
    """`pg_dump`, `pg_restore` and `psql` of one installation."""

    folder: Path
    version: int  # major

    def path(self, name: str) -> str:
        return str(self.folder / name)


def is_embedded() -> bool:
    return not env.text("DATABASE_URL")


def conninfo(*, password: bool = True) -> str:
    """Of the site's database, for libpq. Programs get the password by the environment, where `ps` does not show it."""
    database = settings.DATABASES["default"]
    options = {
        key: value for key, value in database.get("OPTIONS", {}).items() if key not in _NOT_LIBPQ and value
    }
    named = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT", "password": "PASSWORD"}
    given = {key: database.get(name) for key, name in named.items() if password or key != "password"}
    return psycopg.conninfo.make_conninfo(**options, **{key: value for key, value in given.items() if value})


def environment() -> dict[str, str]:
    """For the programs: no setting of the caller's own PostgreSQL, and the password."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return {
        **plain,
        "PGPASSWORD": settings.DATABASES["default"].get("PASSWORD") or "",
        "PGCONNECT_TIMEOUT": "10",
    }


@cache
def _version(folder: Path) -> int | None:
    """Major version of the programs in `folder`; None where one of the three is missing."""
    if not all((folder / name).exists() for name in ("pg_dump", "pg_restore", "psql")):
        return None
    done = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True, check=False)
    number = re.search(r"(\d+)", done.stdout)
    return int(number[1]) if number and done.returncode == 0 else None


def _installed() -> Iterable[Path]:
    """The system's programs, oldest version first; the wheel's last."""
    folders = [*Path("/usr/lib/postgresql").glob("*/bin")]
    if found := shutil.which("pg_dump"):
        folders.append(Path(found).parent)
    yield from sorted(folders, key=lambda folder: _version(folder) or 0)
    try:
        yield postgres.binaries()
    except EmbeddedError:
        return


def programs(at_least: int) -> Programs:
    """For a server (or dump) of that major version: an older program can't read it. Raises BackupError."""
    for folder in [postgres.binaries()] if is_embedded() else _installed():
        version = _version(folder)
        if version is not None and version >= at_least:
            return Programs(folder, version)
    raise BackupError(
        f"The database is PostgreSQL {at_least}, and there is no pg_dump, pg_restore and psql of that version here: "
        f"install the package postgresql-client-{at_least}."
    )
