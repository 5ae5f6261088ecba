"""How each process of the site is started."""

import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from portal import roles
from portal.processes import spawn
from portal.supervisor.children import Child

ROOT = Path(__file__).resolve().parent.parent.parent
LOG_LIMIT = 10_000_000  # bytes; a longer log is put aside at the next start, as NAME.log.1


def environment(var: Path, hosts: list[str]) -> dict[str, str]:
    """For every process of the site. What the caller has set stands."""
    metrics = var / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir()
    ours = {
        "VOORWERP_VAR": str(var),
        "ALLOWED_HOSTS": ",".join(hosts),
        "STATIC_MANIFEST": "1",
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        "PYTHONUNBUFFERED": "1",
    }
    return {**ours, **os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings"}


def log_file(var: Path, name: str) -> Path:
    path = var / "log" / f"{name}.log"
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_name(path.name + ".1"))
    return path


def site_children(var: Path, env: dict[str, str], listener: socket.socket, web_processes: int) -> list[Child]:
    """Web processes on one socket of ours (so that one of them may die unnoticed), a worker, beat.

    They are killed at once if we are: their work is in the database, in transactions.
    """

    def child(name: str, command: list[str], socket_fd: int | None = None) -> Child:
        log = log_file(var, name)
        kept = (socket_fd,) if socket_fd is not None else ()

        def start() -> "subprocess.Popen[bytes]":
            return spawn(command, log=log, env=env, cwd=ROOT, death_signal=signal.SIGKILL, pass_fds=kept)

        return Child(name, start)

    fd = listener.fileno()
    web = roles.web(listen=("--fd", str(fd)), processes=1, patience=4)
    return [
        *[child(f"web-{number + 1}", web, socket_fd=fd) for number in range(web_processes)],
        child("worker", roles.worker()),
        child("beat", roles.beat()),
    ]
