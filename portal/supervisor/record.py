"""What this data folder's supervisor runs, on disk: one lock that no kill can leave behind, and a list of children."""

import contextlib
import fcntl
import json
import os
import signal
from pathlib import Path
from typing import IO

import psutil


class AlreadyRunning(RuntimeError):
    """Another supervisor serves this data folder."""


class Record:
    """`supervisor.lock` is held with flock, which the kernel gives up when its holder ends, however that happens."""

    def __init__(self, var: Path) -> None:
        self.path = var / "supervisor.json"
        self.lock_path = var / "supervisor.lock"
        self._lock: IO[str] | None = None

    def take(self) -> None:
        self._lock = self.lock_path.open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise AlreadyRunning(
                f"Voorwerp runs already on {self.path.parent} (process {self.read().get('pid', 'unknown')}). "
                f"Stop it with Ctrl-C in its terminal, or choose another data folder: VOORWERP_VAR=/path make demo."
            ) from None

    def read(self) -> dict[str, object]:
        with contextlib.suppress(FileNotFoundError, ValueError):
            found = json.loads(self.path.read_text(encoding="utf-8"))
            if isinstance(found, dict):
                return found
        return {}

    def write(self, children: dict[str, int], deaths: dict[str, int] | None = None) -> None:
        """`children`: pid by name. The time of birth goes with each pid, since pids are used again. `deaths`: how often
        each died since the supervisor's start, for /metrics."""
        born = {}
        for name, pid in children.items():
            with contextlib.suppress(psutil.NoSuchProcess):
                born[name] = [pid, psutil.Process(pid).create_time()]
        making = self.path.with_suffix(".new")
        making.write_text(
            json.dumps({"pid": os.getpid(), "children": born, "deaths": deaths or {}}), encoding="utf-8"
        )
        making.replace(self.path)

    def end_leftovers(self) -> list[str]:
        """End children of a supervisor that was killed, where the system did not do so itself. Returns their names.

        The embedded servers are not among them: they end their own leftovers, gently (portal.embedded).
        """
        children = self.read().get("children")
        ended = []
        for name, (pid, born) in (children if isinstance(children, dict) else {}).items():
            with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
                process = psutil.Process(pid)
                if abs(process.create_time() - born) < 0.1 and process.status() != psutil.STATUS_ZOMBIE:
                    os.killpg(pid, signal.SIGKILL)
                    process.wait(10)
                    ended.append(name)
        return ended

    def give_up(self) -> None:
        """Nothing runs any more: forget the children, free the lock."""
        self.path.unlink(missing_ok=True)
        self.free()

    def free(self) -> None:
        """Let another hold the lock."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None
