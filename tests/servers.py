"""A real PostgreSQL and Redis for the tests, from the wheels, in a folder of their own.

Loaded by `-p tests.servers` before Django's settings are, since those read the addresses. With pytest-xdist the
controller starts the servers and the workers find them through the environment, each with a database and a folder for
files of its own; alone, they start when the first test asks for the database or Redis, so the tests of pure code start
nothing.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from portal.embedded import Servers

OWN_POSTGRES = not os.environ.get("DATABASE_URL")
OWN_REDIS = not os.environ.get("REDIS_URL")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def _choose_var() -> Path:
    """A short folder that any system user can enter; the workers get the controller's."""
    if WORKER:
        return Path(os.environ["VOORWERP_VAR"])
    var = Path(tempfile.mkdtemp(prefix="voorwerp-tests-", dir="/tmp"))
    var.chmod(0o755)
    atexit.register(shutil.rmtree, var, ignore_errors=True)
    os.environ["VOORWERP_VAR"] = str(var)
    return var


VAR = _choose_var()
SERVERS = Servers(VAR, safe=False)
if WORKER:  # its rows have the numbers of another's, and files are named by them
    os.environ["VOORWERP_VAR"] = str(VAR / WORKER)
    Path(os.environ["VOORWERP_VAR"]).mkdir(exist_ok=True)
if OWN_POSTGRES and WORKER:
    os.environ["DATABASE_URL"] = f"postgres://voorwerp@/voorwerp?host={SERVERS.places.run}"
if OWN_REDIS and WORKER:  # a database number of its own for each worker (Redis has 16)
    os.environ["REDIS_URL"] = (
        f"unix://{SERVERS.places.redis_socket}?db={int(WORKER.removeprefix('gw')) % 15 + 1}"
    )
os.environ["RATE_LIMITS"] = "0"  # the tests of portal.limits turn them on


def start() -> None:
    """Start what isn't given by the environment; again is a no-op, and so it is in a worker."""
    if WORKER:
        return
    if OWN_POSTGRES and SERVERS.postgres is None:
        SERVERS.start_postgres()
    if OWN_REDIS and SERVERS.redis is None:
        SERVERS.start_redis()


def pytest_sessionstart(session: pytest.Session) -> None:
    if session.config.getoption("numprocesses", None):
        start()


def pytest_unconfigure(config: pytest.Config) -> None:
    SERVERS.stop()
