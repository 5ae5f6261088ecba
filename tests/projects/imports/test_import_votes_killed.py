"""kill -9 in the middle of an import leaves nothing; and the import that may not pass over the checks does the same."""

import signal
import subprocess
import sys
import time

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection

from benchmarks.import_votes import write_votes
from projects.models import Classification, Import, Project, Subject, Volunteer, Workflow
from projects.services.rebuild import rebuild_workflow
from tests.conftest import site_environment

pytestmark = pytest.mark.django_db(transaction=True)

VOTES = 60_000
PATIENCE = 90  # seconds
BUSY = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE %s
   AND pid <> pg_backend_pid()
"""


def start(path, *more):
    command = [sys.executable, "manage.py", "import_votes", str(path), "--project", "crowd", *more]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=site_environment(), stdout=subprocess.DEVNULL)


def wait_until(check, process):
    until = time.monotonic() + PATIENCE
    while not check():
        assert time.monotonic() < until
        assert process.poll() is None, "the import ended before it could be killed"
        time.sleep(0.002)


def busy_with(what):
    with connection.cursor() as cursor:
        cursor.execute(BUSY, [f"%{what}%"])
        return cursor.fetchone()[0] > 0


def backends():
    """Who is in the database: this test, perhaps the site of other tests, and a process that we start."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return {pid for (pid,) in cursor.fetchall()}


@pytest.mark.parametrize(
    ("moment", "table"),
    [
        ("COPY projects_classification", "projects_classification"),
        ("INSERT INTO projects_evidence", "projects_evidence"),
    ],
)
def test_a_killed_import_leaves_nothing_and_can_be_done_again(tmp_path, moment, table):
    path = tmp_path / "labels.csv"
    write_votes(path, VOTES)
    with psycopg.connect(site_environment()["DATABASE_URL"]) as other:
        other.execute(f"LOCK TABLE {table} IN SHARE MODE")  # the import comes to the moment, and waits there
        before = backends()
        process = start(path)
        wait_until(lambda: busy_with(moment), process)
        its_own = backends() - before
        process.send_signal(signal.SIGKILL)
        process.wait()
    until = time.monotonic() + PATIENCE
    while its_own & backends():  # until what it had begun is rolled back
        assert time.monotonic() < until
        time.sleep(0.01)
    for model in (Project, Workflow, Subject, Volunteer, Classification, Import):
        assert not model.objects.exists(), model
    assert start(path).wait() == 0
    assert Classification.objects.count() == VOTES


def test_without_the_right_to_pass_over_checks_the_same_comes_in(tmp_path):
    """As on a hosted database, whose users may not set session_replication_role."""
    path = tmp_path / "labels.csv"
    write_votes(path, 2000)
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain_importer LOGIN")
        cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO plain_importer")
        cursor.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO plain_importer")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE plain_importer")
            with pytest.raises(ProgrammingError, match="permission denied"):
                cursor.execute("SET session_replication_role = 'replica'")
        call_command("import_votes", path, "--project", "crowd", verbosity=0)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP OWNED BY plain_importer")
            cursor.execute("DROP ROLE plain_importer")
    assert Classification.objects.count() == 2000
    assert rebuild_workflow(Workflow.objects.get()) == []
