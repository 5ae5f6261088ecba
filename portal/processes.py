"""Child processes that never outlive their parent, not even one that was killed with -9.

Linux sends a child the signal that it chose with PR_SET_PDEATHSIG when the *thread* that started it ends, so start
children from a thread that lives as long as the process. Elsewhere the pid files (`portal.leftovers`) do the work at
the next start.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class SystemUser:
    """Whom a server runs as when we are root."""

    name: str
    uid: int
    gid: int


def _die_with_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def in_child() -> None:
        # Runs after the change of user: a change of credentials clears the setting.
        libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent ended between fork and prctl
            os._exit(1)

    return in_child


def end_with_parent() -> None:
    """This process itself gets SIGTERM when the one that started it ends."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path | None = None,
    env: Mapping[str, str] | None = None,
    user: SystemUser | None = None,
    cwd: Path | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own (a Ctrl-C reaches only us, and we stop our children in order).

    `log` takes both outputs (appended); without it they go where ours go.
    """
    with contextlib.ExitStack() as files:
        out = files.enter_context(log.open("ab")) if log else None
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT if out else None,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            start_new_session=True,
            pass_fds=pass_fds,
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=[] if user else None,
            preexec_fn=_die_with_parent(death_signal),  # noqa: PLW1509 - one libc call, no lock
        )


def stop(
    process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM, patience: float = 10.0
) -> int:
    """Ask with `how`, wait `patience` seconds, then kill its whole session. Returns the exit status."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    return process.wait()
