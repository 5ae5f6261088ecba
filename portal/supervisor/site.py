"""How each process of the site is started."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

from portal.processes import spawn
from portal.supervisor.children import Child

ROOT = Path(__file__).resolve().parent.parent.parent
LOG_LIMIT = 10_000_000  # bytes; a longer log is put aside at the next start, as NAME.log.1
THREADS = 4  # of the worker: a long job must not hold up the live one


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

    def child(name: str, *arguments: str, socket_fd: int | None = None) -> Child:
        log = log_file(var, name)
        kept = (socket_fd,) if socket_fd is not None else ()

        def start() -> "subprocess.Popen[bytes]":
            command = [sys.executable, "-m", *arguments]
            return spawn(command, log=log, env=env, cwd=ROOT, death_signal=signal.SIGKILL, pass_fds=kept)

        return Child(name, start)

    fd = listener.fileno()
    uvicorn: tuple[str, ...] = (
        "uvicorn",
        "portal.asgi:application",
        "--fd",
        str(fd),
        "--lifespan",
        "off",
        "--no-access-log",
    )
    uvicorn += ("--no-proxy-headers", "--no-server-header", "--timeout-graceful-shutdown", "4")
    celery = ("celery", "--app", "portal.celery:app", "--quiet")
    worker = (*celery, "worker", "--pool", "threads", "--concurrency", str(THREADS), "--queues", "fast,heavy")
    return [
        *[child(f"web-{number + 1}", *uvicorn, socket_fd=fd) for number in range(web_processes)],
        child("worker", *worker, "--without-gossip", "--without-mingle"),
        child("beat", *celery, "beat"),
    ]
