"""The database of each earlier version migrates to the present, holds what it held, and works on."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests.conftest import site_environment

pytestmark = pytest.mark.long
HERE = Path(__file__).parent
ROOT = HERE.parent.parent
DUMPS = sorted(HERE.glob("*.sql"))
GROWS = {"django_migrations", "django_content_type", "auth_permission"}
SCHEMA = """
SELECT 'column', table_name || '.' || column_name,
       concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default, identity_generation)
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
  FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function', proname, prosrc
  FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosrc LIKE '%ledger%'
UNION ALL SELECT 'storage', relname, reloptions::text
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND reloptions IS NOT NULL
ORDER BY 1, 2, 3
"""
MOST = 150_000  # bytes of a dump in the repository


@pytest.fixture(scope="module", params=DUMPS, ids=lambda path: path.stem)
def dump(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture(scope="module")
def migrated(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, dump: Path
) -> Iterator[dict[str, str]]:
    """The environment of a fresh database with the dump in it, brought to the present; once for all tests of a dump."""
    ours = connection.settings_dict["NAME"]
    name = f"{ours}_upgrade"
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    here = site_environment()
    where = {**here, "DATABASE_URL": here["DATABASE_URL"].replace(f"/{ours}?", f"/{name}?")}
    try:
        with psycopg.connect(where["DATABASE_URL"], autocommit=True) as other:
            other.execute(dump.read_text(encoding="utf-8"))
        run(where, "manage.py", "migrate", "--verbosity", "0")
        yield where
    finally:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(where: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**where, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_dump_of_an_earlier_version_works_on(migrated: dict[str, str], dump: Path) -> None:
    held = json.loads(dump.with_suffix(".json").read_text(encoding="utf-8"))
    found = json.loads(run(migrated, "tests/upgrade/work.py").splitlines()[-1])
    kept = {table: number for table, number in found["rows"].items() if table in held["rows"]}
    assert {t: n for t, n in kept.items() if t not in GROWS} == {
        t: n for t, n in held["rows"].items() if t not in GROWS
    }
    assert all(kept[table] >= held["rows"][table] for table in GROWS)
    assert found["counters"] == held["counters"]
    assert found["differences"] == []
    # Four newcomers answer five subjects each; each finds some, and some subjects retire.
    before = {slug: (position, answers, retired) for slug, position, answers, _, retired in held["counters"]}
    after = {slug: (position, answers, retired) for slug, position, answers, _, retired in found["after"]}
    assert found["stored"] == 20
    assert after["bars"] == before["bars"]
    assert after["shapes"][1] == before["shapes"][1] + 20
    assert after["shapes"][2] > before["shapes"][2]
    assert found["positions"] == list(range(1, after["shapes"][0] + 1))
    assert found["differences_after"] == []


@pytest.mark.django_db
def test_a_migrated_database_is_as_a_new_one(migrated: dict[str, str]) -> None:
    """A new one is made by the squashed migrations, an old one by each of them."""
    with psycopg.connect(migrated["DATABASE_URL"]) as other:
        old = other.execute(SCHEMA).fetchall()
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA)
        new = cursor.fetchall()
    assert len(new) > 800
    assert [*map(tuple, old)] == [*map(tuple, new)]


def test_dumps_are_small() -> None:
    assert DUMPS
    assert [path.name for path in DUMPS if path.stat().st_size > MOST] == []
