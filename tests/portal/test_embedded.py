"""The embedded servers: where they live, and what they refuse."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from portal.embedded import EmbeddedError, Servers, folders, postgres
from portal.embedded.places import Places
from portal.processes import SystemUser
from tests.supervised import data_folder

STRANGER = SystemUser("stranger", 54321, 54321)


def test_socket_path_is_short_however_long_the_data_folder(tmp_path: Path) -> None:
    near = Places(tmp_path)
    far = Places(tmp_path / ("x" * 120))
    assert near.run == tmp_path / "run"
    assert len(os.fsencode(far.postgres_socket)) < 103
    assert far.run.parent == Path("/tmp")
    assert far.run != Places(tmp_path / ("y" * 120)).run


def test_folder_that_the_servers_cannot_reach_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    with pytest.raises(EmbeddedError, match=r"can't enter .*VOORWERP_VAR="):
        folders.check_reachable(home / "var", STRANGER, "the embedded PostgreSQL")
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@pytest.mark.parametrize(("mode", "may"), [(0o701, True), (0o711, True), (0o700, False), (0o710, False)])
def test_who_may_enter(tmp_path: Path, mode: int, may: bool) -> None:
    tmp_path.chmod(mode)
    assert folders.may_enter(tmp_path, STRANGER) is may


def test_private_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(EmbeddedError, match="belongs to somebody else"):
        folders.make_private(tmp_path / "link", None)


def test_data_of_another_postgresql_is_refused(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.postgres.mkdir()
    (places.postgres / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedError, match="was made by PostgreSQL 9"):
        postgres.start(places, None, {})


def test_stale_lock_of_a_process_that_is_no_postgres_is_removed(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.postgres.mkdir()
    lock = places.postgres / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n")  # the pid has been used again, by us
    assert postgres.server_pid(places) is None
    assert not lock.exists()


var = pytest.fixture(name="var")(data_folder)


@pytest.fixture
def killed(var: Path) -> Iterator[Servers]:
    """A PostgreSQL that was killed while one of its sessions was too busy to notice."""
    servers = Servers(var)
    servers.start_postgres()
    assert servers.postgres is not None
    started = threading.Event()

    def work() -> None:
        with psycopg.connect(postgres.dsn(servers.places), autocommit=True) as session:
            session.execute("CREATE TABLE kept AS SELECT 42 AS answer")
            started.set()
            session.execute(
                "SELECT count(*) FROM generate_series(1, 1e6::int) a, generate_series(1, 1e6::int) b"
            )

    def work_until_cut_off() -> None:
        with pytest.raises(psycopg.OperationalError):
            work()

    thread = threading.Thread(target=work_until_cut_off)
    thread.start()
    assert started.wait(10)
    time.sleep(0.3)
    servers.postgres.kill()
    servers.postgres.wait()
    time.sleep(0.3)
    yield servers
    servers.stop()
    postgres.end_orphans(servers.places, patience=0)
    thread.join(10)


def test_killed_postgresql_starts_again_beside_a_session_that_did_not_notice(killed: Servers) -> None:
    before = postgres.orphans(killed.places)
    assert len(before) == 1
    killed.start_postgres()
    assert not before[0].is_running()
    with psycopg.connect(postgres.dsn(killed.places)) as session:
        assert session.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_servers_for_the_length_of_a_command_are_shared_and_end_with_the_first() -> None:
    var = Path(tempfile.mkdtemp(prefix="voorwerp-run-", dir="/tmp"))
    var.chmod(0o755)
    environment = {
        key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")
    }
    environment["VOORWERP_VAR"] = str(var)
    run = [sys.executable, "-m", "portal.embedded", "run", "--"]
    show = (
        "import psycopg, redis; from portal.embedded import Places, default_var, postgres\n"
        "places = Places(default_var())\n"
        "with psycopg.connect(postgres.dsn(places)) as connection:\n"
        "    began = connection.execute('SELECT pg_postmaster_start_time()').fetchone()[0]\n"
        "print(began, redis.Redis(unix_socket_path=str(places.redis_socket)).ping())\n"
    )
    inner = [*run, sys.executable, "-c", show]
    twice = (
        f"import subprocess; [subprocess.run({inner!r}, check=True) for _ in range(2)]; raise SystemExit(7)"
    )
    try:
        done = subprocess.run(
            [*run, sys.executable, "-c", twice], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 7, done.stderr
        first, second = done.stdout.splitlines()
        assert first == second  # the second command joined, and neither stopped what it had not started
        assert first.endswith(" True")
        assert not postgres.answers(Places(var))
    finally:
        shutil.rmtree(var)
