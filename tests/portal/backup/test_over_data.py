"""A restore over data: it asks, and it is all or nothing. Never beside a running site."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from portal.supervisor.record import Record
from tests.portal.backup.conftest import ROOT, asked, backup, changed, embedded

ANSWERS = "SELECT count(*) FROM projects_classification"


@pytest.fixture
def filled(archive: Path, elsewhere: dict[str, str]) -> dict[str, str]:
    """A place with the site in it, and one answer more noted by hand: a project that the backup does not have."""
    done = backup("restore", archive, where=elsewhere)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(elsewhere["DATABASE_URL"]) as other:
        other.execute(
            "INSERT INTO projects_project (slug, title, tagline, description, accent, state, is_public, data_public,"
            " source, pseudonym_key, created_at)"
            " VALUES ('later', 'Later', '', '', '#123456', 'live', true, true, '', '00', now())"
        )
    (Path(elsewhere["VOORWERP_VAR"]) / "media" / "zoo" / "s0.png").write_bytes(b"another picture")
    return elsewhere


def projects(where: dict[str, str]) -> list[str]:
    return [row[0] for row in asked(where, "SELECT slug FROM projects_project ORDER BY slug")]


def picture(where: dict[str, str]) -> bytes:
    return (Path(where["VOORWERP_VAR"]) / "media" / "zoo" / "s0.png").read_bytes()[:9]


def test_into_a_database_of_the_operators(archive: Path, elsewhere: dict[str, str]) -> None:
    done = backup("restore", archive, where=elsewhere)
    assert done.returncode == 0, done.stderr
    assert "1 projects, 40 subjects, 3 classifications, 41 files" in done.stdout
    assert asked(elsewhere, ANSWERS) == [(3,)]
    assert picture(elsewhere) == b"picture 0"


def test_what_stops_a_restore_leaves_the_data_as_they_were(
    archive: Path, filled: dict[str, str], tmp_path: Path
) -> None:
    """Nobody there to be asked, rows that are not as many as the archive says, sessions of others."""
    forced = {**filled, "FORCE": "1"}
    done = backup("restore", archive, where=filled)
    assert done.returncode == 1
    assert "2 projects, 40 subjects, 3 volunteers, 3 classifications, 0 accounts" in done.stdout
    assert "1 files under" in done.stdout
    assert "zoo/s0.png" in done.stdout
    assert "FORCE=1" in done.stderr
    assert "Nothing was restored" in done.stderr
    assert (projects(filled), picture(filled)) == (["later", "zoo"], b"another p")

    wrong = changed(archive, tmp_path / "wrong.tar", rows={"projects_classification": 4})
    done = backup("restore", wrong, where=forced)
    assert done.returncode == 1
    assert 'table "projects_classification" does not hold 4 rows' in done.stderr
    assert (projects(filled), asked(filled, ANSWERS)) == (["later", "zoo"], [(3,)])

    with psycopg.connect(filled["DATABASE_URL"]):
        done = backup("restore", archive, where=forced)
    assert done.returncode == 1
    assert "1 other sessions use this database. Stop web, worker and beat" in done.stderr
    assert projects(filled) == ["later", "zoo"]


def test_at_a_terminal_it_asks(archive: Path, filled: dict[str, str]) -> None:
    def answered(answer: bytes) -> int:
        ours, theirs = pty.openpty()
        os.write(ours, answer)
        command = [sys.executable, "-m", "portal.backup", "restore", archive]
        done = subprocess.run(
            command, cwd=ROOT, env=filled, stdin=theirs, capture_output=True, text=True, check=False
        )
        os.close(ours)
        os.close(theirs)
        assert "Write yes to go on" in done.stdout, done.stderr
        return done.returncode

    for no in (b"no\n", b"\n"):
        assert answered(no) == 1
        assert (projects(filled), picture(filled)) == (["later", "zoo"], b"another p")
    assert answered(b"yes\n") == 0
    assert (projects(filled), picture(filled)) == (["zoo"], b"picture 0")


def test_force_replaces_and_other_files_stay(archive: Path, filled: dict[str, str]) -> None:
    other = Path(filled["VOORWERP_VAR"]) / "media" / "later.png"
    other.write_bytes(b"of another project")
    done = backup("restore", archive, where={**filled, "FORCE": "1"})
    assert done.returncode == 0, done.stderr
    assert (projects(filled), picture(filled)) == (["zoo"], b"picture 0")
    assert other.read_bytes() == b"of another project"


def test_a_running_site_stops_it(archive: Path, empty_place: Path) -> None:
    running = Record(empty_place)
    running.take()
    try:
        done = backup("restore", archive, where=embedded(empty_place))
    finally:
        running.give_up()
    assert done.returncode == 1
    assert "Nothing was restored: the site is running." in done.stderr
    assert not (empty_place / "postgres").exists()


def test_a_migrated_place_is_still_empty(archive: Path, elsewhere: dict[str, str]) -> None:
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=elsewhere, check=True)
    done = backup("restore", archive, where=elsewhere)
    assert done.returncode == 0, done.stderr
    assert asked(elsewhere, ANSWERS) == [(3,)]
