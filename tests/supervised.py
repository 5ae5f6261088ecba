"""A site under its own supervisor, on a data folder of its own, as `make demo` runs it; and the ends of processes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.conftest import free_port

ROOT = Path(__file__).resolve().parent.parent
OWN = ("DATABASE_URL", "REDIS_URL", "PYTEST_XDIST_WORKER", "RATE_LIMITS")


def environment(var: Path) -> dict[str, str]:
    """In which a process finds the embedded servers of this data folder, not those of the tests."""
    kept = {key: value for key, value in os.environ.items() if key not in OWN}
    return kept | {"VOORWERP_VAR": str(var)}


def command(process: psutil.Process) -> str:
    """Its command line; "" when it has ended, waited for or not."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # a zombie too
        return ""


class Site:
    """One supervisor on one data folder. Left out, since they have their own tests: sample projects, and static files
    under hashed names (`more` may ask for them)."""

    def __init__(self, var: Path, **more: str) -> None:
        self.var = var
        self.port = free_port()
        ours = {"PORT": str(self.port), "SAMPLES": "0", "WEB_CONCURRENCY": "1", "STATIC_MANIFEST": "0"}
        self.output = var.parent / f"{var.name}-{self.port}.log"
        self.started = time.monotonic()
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal.supervisor"],
                cwd=ROOT,
                env={**environment(var), **ours, **more},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def said(self) -> str:
        return self.output.read_text()

    def wait_for(self, words: str, seconds: float = 300) -> None:
        until = time.monotonic() + seconds
        while words not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < until, f"Not said: {words!r}\n{self.said()}"
            time.sleep(0.05)

    def family(self) -> list[psutil.Process]:
        """Every process under the supervisor."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def named(self, words: str) -> list[psutil.Process]:
        """Those of the family whose command line has these words; who has ended meanwhile is not among them."""
        return [one for one in self.family() if words in command(one)]

    def pids(self) -> dict[str, int]:
        """Of the processes that the supervisor tends, by their names; one that is dead just now is not among them."""
        children = json.loads((self.var / "supervisor.json").read_text())["children"]
        return {name: pid for name, (pid, _) in children.items()}

    def health(self) -> dict[str, object]:
        with urllib.request.urlopen(f"{self.address}/healthz", timeout=10) as answer:
            return json.load(answer)

    def run(self, *arguments: str) -> str:
        """A command of the project, on this site's servers, to its end; its standard output."""
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=environment(self.var), stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(30)


def lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it ended between the two questions
        return False


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [each for each in processes if lives(each)]


def nobody_lives(processes: list[psutil.Process], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while alive(processes) and time.monotonic() < until:
        time.sleep(0.05)
    return not alive(processes)


def data_folder() -> Iterator[Path]:
    """A short one that any system user can enter; gone afterwards, with the sites' outputs."""
    folder = Path(tempfile.mkdtemp(prefix="voorwerp-site-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
    for log in folder.parent.glob(f"{folder.name}-*.log"):
        log.unlink()


@contextmanager
def running(var: Path, **more: str) -> Iterator[Site]:
    """A site that is ready; stopped at the end of the block, if it still runs."""
    site = Site(var, **more)
    try:
        site.wait_for("Voorwerp is ready")
        yield site
    finally:
        if site.process.poll() is None:
            site.stop()
