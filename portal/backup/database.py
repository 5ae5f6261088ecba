"""The database, out and in. Both see one moment: a snapshot on the way out, one transaction on the way in."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

import psycopg
from psycopg import sql

from portal.backup import BackupError
from portal.backup.programs import Programs, conninfo, environment

WITHOUT_ROWS = ("django_session",)
"""Tables whose rows stay out: whoever has a session's key is signed in."""

MADE_BY_MIGRATE = ("django_migrations", "django_content_type", "auth_permission", *WITHOUT_ROWS)
"""A database that holds rows of these only is empty."""


@dataclass(frozen=True)
class Snapshot:
    """What one moment of the database holds."""

    id: str
    at: str
    postgres: int
    migrations: list[str]
    rows: dict[str, int]
    positions: dict[str, int]
    extensions: list[str]


@contextmanager
def connected() -> Iterator[psycopg.Connection]:
    try:
        connection = psycopg.connect(conninfo(), connect_timeout=10)
    except psycopg.OperationalError as error:
        raise BackupError(f"PostgreSQL does not answer: {str(error).strip()}") from None
    with connection:
        yield connection


def rows_by_table(connection: psycopg.Connection) -> dict[str, int]:
    """Exact, so it reads every table once."""
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
    )
    counts = {}
    for (table,) in found.fetchall():
        query = sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(table))
        counts[table] = connection.execute(query).fetchone()[0]  # type: ignore[index] # always one row
    return counts


def major(connection: psycopg.Connection) -> int:
    return connection.info.server_version // 10_000


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """The database as it is now, and it stays so for whoever uses the snapshot's id until the block ends."""
    with connected() as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        ((name, at),) = connection.execute(
            "SELECT pg_export_snapshot(), to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
        ).fetchall()
        rows = rows_by_table(connection)
        if "projects_classification" not in rows:
            raise BackupError("This database holds no site yet: nothing to back up.")
        migrations = connection.execute("SELECT app || '.' || name FROM public.django_migrations ORDER BY 1")
        positions = connection.execute("SELECT workflow_id, position FROM public.projects_workflowcounter")
        extensions = connection.execute("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'")
        yield Snapshot(
            name,
            at,
            major(connection),
            [row[0] for row in migrations],
            {table: count for table, count in rows.items() if table not in WITHOUT_ROWS},
            {str(workflow): position for workflow, position in positions},
            [row[0] for row in extensions],
        )


def dump(programs: Programs, moment: Snapshot, target: Path) -> None:
    command = [
        programs.path("pg_dump"),
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--schema=public",
    ]
    command += [f"--extension={name}" for name in moment.extensions]
    command += [f"--exclude-table-data=public.{table}" for table in WITHOUT_ROWS]
    command += [f"--snapshot={moment.id}", f"--file={target}", f"--dbname={conninfo(password=False)}"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BackupError(f"pg_dump failed: {done.stderr.strip()}")


def others_connected(connection: psycopg.Connection) -> int:
    """How many other sessions use this database: a running site has some."""
    query = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
               AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
    return int(connection.execute(query).fetchone()[0])  # type: ignore[index] # always one row


def load(programs: Programs, source: Path, rows: dict[str, int]) -> None:
    """Replace the schema `public` by the dump's: all of it, with exactly these rows, or nothing at all.

    One transaction holds the old schema's end, the new one's beginning and the comparison of counts.
    """
    read = [programs.path("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(source)]
    write = [programs.path("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    write += ["--output=/dev/null", f"--dbname={conninfo(password=False)}"]
    write += ["--command=SET client_min_messages = warning", "--command=DROP SCHEMA IF EXISTS public CASCADE"]
    write += ["--file=-", f"--command={_comparison(rows)}"]
    with TemporaryFile() as read_said, TemporaryFile() as write_said:
        reader = subprocess.Popen(read, stdout=subprocess.PIPE, stderr=read_said, env=environment())
        writer = subprocess.Popen(write, stdin=subprocess.PIPE, stderr=write_said, env=environment())
        _pump(reader, writer)
        if reader.returncode != 0 or writer.returncode != 0:
            read_said.seek(0)
            write_said.seek(0)
            said = (write_said.read() if reader.returncode == 0 else read_said.read()).decode(
                errors="replace"
            )
            raise BackupError(f"The database was not restored, and is as it was: {said.strip()}")


def _pump(reader: "subprocess.Popen[bytes]", writer: "subprocess.Popen[bytes]") -> None:
    """Pass on what the reader writes; a reader that fails takes the writer with it, before that one commits."""
    assert reader.stdout is not None  # noqa: S101 - for the type checker
    assert writer.stdin is not None  # noqa: S101 - for the type checker
    try:
        while data := reader.stdout.read(1 << 20):
            writer.stdin.write(data)
        writer.stdin.flush()
    except BrokenPipeError:
        pass  # the writer has stopped at an error, and has said why
    reader.stdout.close()
    if reader.wait() != 0 and writer.poll() is None:
        writer.kill()
    try:
        writer.stdin.close()
    except BrokenPipeError:
        pass
    writer.wait()


def _comparison(rows: dict[str, int]) -> str:
    """SQL that fails where a table holds other than `rows`."""
    checks = [
        f"IF (SELECT count(*) FROM public.{_quoted(table)}) <> {number:d} THEN "  # noqa: S608 - names are quoted
        f"RAISE 'table % does not hold % rows', '{_quoted(table)}', {number:d}; END IF;"
        for table, number in rows.items()
    ]
    return f"DO $check$ BEGIN {' '.join(checks)} END $check$"


def _quoted(name: str) -> str:
    """An identifier of ours; no other is ever compared."""
    if not name.replace("_", "").isalnum() or not name.isascii():
        raise BackupError(f"The manifest names a table {name!r}: this is no backup of Voorwerp.")
    return f'"{name}"'


def analyze() -> None:
    """So that the first questions are planned with the new numbers."""
    with connected() as connection:
        connection.autocommit = True
        connection.execute("ANALYZE")
