"""PostgreSQL and Redis from wheels, when DATABASE_URL / REDIS_URL are not set. Needs no Django.

`python -m portal.embedded run -- COMMAND...` starts both for the length of a command, or joins those that run.
"""

import fcntl
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.embedded import postgres, redis_server
from portal.embedded.folders import EmbeddedError, check_reachable, make_private, make_var, system_user
from portal.embedded.places import Places, default_var
from portal.processes import stop

__all__ = ["EmbeddedError", "Places", "Servers", "default_var", "servers"]


class Servers:
    """The embedded servers of one data folder, as children of this process."""

    def __init__(self, var: Path, *, safe: bool = True) -> None:
        self.places = Places(var)
        self.safe = safe  # False: no fsync, no append-only file; for tests
        self.user = system_user()
        self.postgres: subprocess.Popen[bytes] | None = None
        self.redis: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Make the folders; refuse with a sentence where the servers' user could not reach them."""
        make_var(self.places.var)
        check_reachable(self.places.var, self.user, "the embedded PostgreSQL")
        for folder in (self.places.run, self.places.redis, self.places.logs):
            make_private(folder, self.user)

    def start_postgres(self) -> None:
        self.prepare()
        postgres.create_cluster(self.places, self.user, safe=self.safe)
        postgres.end_leftover(self.places)
        settings = {} if self.safe else postgres.FAST_AND_UNSAFE
        self.postgres = postgres.start(self.places, self.user, settings)
        postgres.create_database(self.places)

    def start_redis(self) -> None:
        self.prepare()
        redis_server.end_leftover(self.places)
        self.redis = redis_server.start(self.places, self.user, safe=self.safe)

    def end_leftovers(self) -> None:
        postgres.end_leftover(self.places)
        redis_server.end_leftover(self.places)

    def stop(self) -> None:
        if self.redis:
            stop(self.redis, signal.SIGTERM)
        if self.postgres:
            stop(self.postgres, signal.SIGINT, patience=30)  # "fast": cut the clients, write a checkpoint


@contextmanager
def servers(var: Path, *, safe: bool = True, with_redis: bool = True) -> Iterator[Places]:
    """Both servers for the length of a block: those that run already are joined, and left running."""
    here = Servers(var, safe=safe)
    make_var(var)
    try:
        with (var / "embedded.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # of two that start together the second joins the first
            if not os.environ.get("DATABASE_URL") and not postgres.answers(here.places):
                here.start_postgres()
            if with_redis and not os.environ.get("REDIS_URL") and not redis_server.answers(here.places):
                here.start_redis()
        yield here.places
    finally:
        here.stop()
