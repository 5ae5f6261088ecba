"""The processes of the site, each started again with back-off when it dies."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from portal.processes import stop

FIRST_WAIT = 1.0  # seconds
LONGEST_WAIT = 30.0
CALM = 10.0  # seconds of life after which a death is news, not one more of a row: the waits begin anew


class Say(Protocol):
    def __call__(self, text: str) -> None: ...


@dataclass
class Child:
    """`start` gives a running process; called again after a death."""

    name: str
    start: Callable[[], "subprocess.Popen[bytes]"]
    process: "subprocess.Popen[bytes] | None" = None
    wait: float = FIRST_WAIT
    born: float = 0.0
    due: float = field(default=0.0)  # when to start it again
    deaths: int = 0

    def launch(self, now: float) -> None:
        self.process = self.start()
        self.born = now

    def tend(self, now: float, say: Say) -> bool:
        """Look after it once; True when its pid has changed."""
        if self.process is not None:
            status = self.process.poll()
            if status is None:
                return False
            self.process = None
            self.deaths += 1
            self.wait = FIRST_WAIT if now - self.born > CALM else min(self.wait * 2, LONGEST_WAIT)
            self.due = now + self.wait
            how = (
                f"was killed by {signal.Signals(-status).name}"
                if status < 0
                else f"ended with status {status}"
            )
            say(f"{self.name} {how}; starting it again in {self.wait:.0f} s.")
            return True
        if now < self.due:
            return False
        try:
            self.launch(now)
        except Exception as error:  # whatever it is: a start that failed must not end the others
            self.wait = min(self.wait * 2, LONGEST_WAIT)
            self.due = now + self.wait
            say(f"{self.name} did not start: {str(error).strip()} Trying again in {self.wait:.0f} s.")
            return False
        if self.deaths:
            say(f"{self.name} runs again.")
        return True


def tend_all(children: list[Child], say: Say) -> bool:
    """True when some pid has changed."""
    changed = [child.tend(time.monotonic(), say) for child in children]  # all of them, so not inside any()
    return any(changed)


def stop_all(children: list[Child], patience: float = 10.0) -> None:
    """Ask all at once, then wait for each; then end what any of them has left in its session."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + patience
    for process in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, until - time.monotonic()))
        stop(process, signal.SIGKILL, patience=5)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
