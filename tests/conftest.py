"""Fixtures for every test: the servers, the database, the running site, a browser's page."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.db import connection
from django.test import TransactionTestCase
from playwright.sync_api import expect

from portal.processes import spawn, stop
from tests import chromium, emptying, servers

ROOT = Path(__file__).resolve().parent.parent
expect.set_options(timeout=20_000)  # ms; on a machine that others use too, 5 s pass quickly
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@pytest.fixture(scope="session", autouse=True)
def _passwords_cost_little() -> Iterator[None]:
    """A hash says how often it was stirred, so that a site in another process, which stirs well, understands it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ScryptPasswordHasher, "work_factor", 2)
        yield


@pytest.fixture(scope="session", autouse=True)
def _only_what_holds_rows_is_emptied() -> Iterator[None]:
    """After a test that commits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptying.after_a_test)
        yield


@pytest.fixture(scope="session")
def running_servers() -> None:
    """PostgreSQL and Redis answer from here on."""
    servers.start()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    running_servers: None, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """pytest-django's hook before it makes the test database: there must be a server first."""


@pytest.fixture
def redis_client(running_servers: None) -> Iterator[redis.Redis]:
    """The tests' Redis, empty before and after."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def site_environment() -> dict[str, str]:
    """The environment in which another process sees this test's database, Redis and data folder."""
    database = settings.DATABASES["default"]
    name, host = database["NAME"], database["HOST"]
    login = f"{database['USER']}:{database.get('PASSWORD', '')}@" if database["USER"] else ""
    url = f"postgres://{login}/{name}?host={host}"
    if database["PORT"]:
        url += f"&port={database['PORT']}"
    return {
        **os.environ,
        "DATABASE_URL": url,
        "REDIS_URL": settings.REDIS_URL,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "STATIC_MANIFEST": "0",
        "ALLOWED_HOSTS": "*",
        "PANOPTES": "1",
        "PICTURE_HOSTS": "https://sky.example",
    }


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path, patience: float = 60.0) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5)
            return
        except urllib.error.HTTPError:
            return  # an answer, if an unhappy one
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"The site did not answer at {url}:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def _site_address(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One real ASGI server (uvicorn) for the session, on the test database."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    log = tmp_path_factory.mktemp("site") / "uvicorn.log"
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "portal.asgi:application",
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    process = spawn(command, log=log, env=site_environment(), cwd=ROOT)
    try:
        _wait_for(address + "/static/nothing", process, log)
        yield address
    finally:
        stop(process)


def _wait_for_calm() -> None:
    """Until the site has finished what a closed page had asked: emptying the tables under it would be a deadlock."""
    busy = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    calm, until = 0, time.monotonic() + 10
    while calm < 3 and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(f"{busy} AND state <> 'idle'")
            calm = calm + 1 if cursor.fetchone()[0] == 0 else 0
        time.sleep(0.03)


@pytest.fixture
def live_site(transactional_db: None, redis_client: redis.Redis, _site_address: str) -> Iterator[str]:
    """Address of the real site on the test database: what the test commits, the site sees; emptied after each test."""
    yield _site_address
    _wait_for_calm()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """pytest-playwright's hook: the system's Chromium, else the one that `playwright install chromium` brought."""
    arguments: dict[str, object] = {"args": CHROMIUM_ARGUMENTS, "headless": True}
    if path := chromium.system():
        return {**arguments, "executable_path": path}
    if not chromium.playwrights():
        pytest.skip(chromium.SENTENCE)
    return arguments


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """pytest-playwright's hook: somebody who wants no motion, so that no colour is met on its way to another."""
    return {**browser_context_args, "reduced_motion": "reduce"}


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Browser tests get the mark `browser` (before -m chooses) and come last (after pytest-django's own ordering),
    wherever they lie: once Playwright's event loop runs, it stays in this thread until the session's end, and other
    tests would be refused the database and loops of their own. `make test` runs them apart, since pytest-xdist has
    orders of its own. Files marked `long` come first."""
    for item in items:
        if "playwright" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    yield
    items.sort(
        key=lambda item: (bool(item.get_closest_marker("browser")), not item.get_closest_marker("long"))
    )


@pytest.fixture(autouse=True)
def _synchronous_database_beside_playwright(request: pytest.FixtureRequest) -> Iterator[None]:
    """Playwright's own event loop runs in this thread, at which Django would refuse the test's queries."""
    if "page" not in request.fixturenames and "context" not in request.fixturenames:
        yield
        return
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
