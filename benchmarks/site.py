"""Starts what a benchmark measures: durable servers in a folder of their own, the site's processes, one by one."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from portal.embedded import Servers
from portal.processes import spawn, stop

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Stage:
    """Running processes by group name, and the environment that they see."""

    servers: Servers
    environment: dict[str, str]
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def pids(self) -> dict[str, int]:
        found = {name: process.pid for name, process in self.processes.items()}
        for name, server in (("postgres", self.servers.postgres), ("redis", self.servers.redis)):
            if server is not None:
                found[name] = server.pid
        return found

    def run(self, *arguments: str) -> str:
        """A command of the project, to its end; its standard output."""
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment,
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout

    def start(self, name: str, *arguments: str) -> None:
        log = self.servers.places.var / f"{name}.log"
        self.processes[name] = spawn([sys.executable, *arguments], log=log, env=self.environment, cwd=ROOT)

    def start_web(self, application: str, workers: int = 2) -> str:
        """uvicorn; returns its address once it answers."""
        port = free_port()
        self.start(
            "web", "-m", "uvicorn", application, "--port", str(port), "--workers", str(workers),
            "--log-level", "warning", "--no-access-log",
        )  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        return address

    def stop_processes(self) -> None:
        for process in self.processes.values():
            stop(process, signal.SIGTERM)
        self.processes.clear()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address + "/nothing-here", timeout=5)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer")


@contextmanager
def stage() -> Iterator[Stage]:
    """Durable (fsync on) PostgreSQL and Redis in a temporary folder, migrated; all is gone afterwards."""
    var = Path(tempfile.mkdtemp(prefix="voorwerp-bench-", dir="/tmp"))
    var.chmod(0o755)
    servers = Servers(var)
    environment = {
        **os.environ,
        "VOORWERP_VAR": str(var),
        "RATE_LIMITS": "0",
        "STATIC_MANIFEST": "0",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": f"postgres://voorwerp@/voorwerp?host={servers.places.run}",
        "REDIS_URL": f"unix://{servers.places.redis_socket}",
    }
    here = Stage(servers, environment)
    try:
        servers.start_postgres()
        servers.start_redis()
        here.run("manage.py", "migrate", "--verbosity", "0")
        yield here
    finally:
        here.stop_processes()
        servers.stop()
        shutil.rmtree(var, ignore_errors=True)
