"""Imports as they run: seen from outside, cancelled, killed, one after another."""

import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection

from projects.imports import runs
from projects.imports.classifications import Options, import_classifications
from projects.imports.csvfile import File
from projects.imports.runs import Cancelled, begin, cancel
from projects.imports.waiting import TRIES, accept, path_of, run_waiting, stop, tend
from projects.models import Classification, Import, Project, Subject
from tests.conftest import ROOT, site_environment
from tests.projects.imports.rows import row, text

pytestmark = pytest.mark.django_db(transaction=True)
KIND = Import.Kind.CLASSIFICATIONS
OPTIONS: dict[str, Any] = {"strict": False, "encoding": "utf-8", "written": []}


@pytest.fixture
def project() -> Project:
    """In a place where no other test has left a file."""
    shutil.rmtree(storages["private"].path("imports"), ignore_errors=True)
    return Project.objects.create(slug="birds", title="Birds")


@pytest.fixture
def waiting(project: Project, django_user_model: Any) -> Import:
    """An uploaded file of three rows."""
    ann = django_user_model.objects.create_user("ann")
    upload = ContentFile(text(row(1), row(2), row(3)).encode(), name="export.csv")
    return accept(project, upload, source="zooniverse", options=OPTIONS, user=ann)


def kept() -> list[str]:
    try:
        return storages["private"].listdir("imports")[1]
    except FileNotFoundError:
        return []


def test_progress_is_seen_while_nothing_is_stored(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "REST", 0.0)
    seen: list[tuple[Any, ...]] = []

    def look(said: object) -> None:
        watcher = connection.copy()
        with watcher.cursor() as cursor:
            cursor.execute("SELECT state, rows_done, rows_total FROM projects_import")
            state = cursor.fetchone()
            cursor.execute("SELECT count(*) FROM projects_classification")
            seen.append((*state, cursor.fetchone()[0]))
        watcher.close()

    with begin(project, kind=KIND, source="x", file_name="a.csv") as run:
        tell = run._tell
        monkeypatch.setattr(run, "_tell", lambda rows, total: (tell(rows, total), look(rows))[0])
        data = text(*(row(n) for n in range(450))).encode()
        import_classifications(run, _file(data), Options())
    assert seen == [
        ("running", 200, None, 0),
        ("running", 400, None, 0),
        ("running", 450, 450, 0),
    ]
    record = Import.objects.get()
    assert (record.state, record.rows_done, Classification.objects.count()) == ("done", 450, 450)


def test_a_cancelled_import_stores_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "REST", 0.0)

    def stopped() -> None:
        with begin(project, kind=KIND, source="x", file_name="a.csv") as run:
            storing = run.storing
            monkeypatch.setattr(run, "storing", lambda *numbers: (_elsewhere(), storing(*numbers)))
            import_classifications(run, _file(text(row(1)).encode()), Options())

    with pytest.raises(Cancelled):
        stopped()
    record = Import.objects.get()
    assert (record.state, record.finished_at is not None) == ("cancelled", True)
    assert (Classification.objects.count(), Subject.objects.count(), project.workflows.count()) == (0, 0, 0)
    assert cancel(record) is False


def test_what_breaks_off_stores_nothing_and_says_so(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("projects.imports.classifications.recount", broken)
    with pytest.raises(ZeroDivisionError), begin(project, kind=KIND, source="x", file_name="a.csv") as run:
        import_classifications(run, _file(text(row(1)).encode()), Options())
    record = Import.objects.get()
    assert (record.state, record.report["error"]) == (
        "failed",
        "It broke off (ZeroDivisionError). Nothing was stored.",
    )
    assert Classification.objects.count() == Subject.objects.count() == 0


def test_an_upload_is_taken_in_and_its_file_deleted(waiting: Import) -> None:
    assert len(kept()) == 1
    assert tend() == waiting.pk
    run_waiting(waiting)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.report["counts"]["added"]) == ("done", 3)
    assert (kept(), tend()) == ([], None)


def test_a_refused_upload_says_why(waiting: Import) -> None:
    storages["private"].delete(path_of(waiting))
    storages["private"].save(path_of(waiting), ContentFile(b"a,b\n1,2\n"))
    run_waiting(waiting)
    waiting.refresh_from_db()
    assert waiting.state == "failed"
    assert waiting.report["error"].startswith("Line 1 lacks classification_id, user_name,")
    assert kept() == []


def test_a_waiting_one_can_be_cancelled(waiting: Import) -> None:
    assert stop(waiting) is True
    assert (kept(), tend(), stop(waiting)) == ([], None, False)


def test_a_killed_worker_harms_nothing(waiting: Import) -> None:
    """kill -9 in the middle: nothing is stored, and the next one does it again from the beginning."""
    data = text(*(row(n, user_id=str(n)) for n in range(4_000))).encode()
    storages["private"].delete(path_of(waiting))
    storages["private"].save(path_of(waiting), ContentFile(data))
    command = [sys.executable, "manage.py", "run_import", str(waiting.pk)]
    process = subprocess.Popen(command, cwd=ROOT, env=site_environment())
    until = time.monotonic() + 60
    while time.monotonic() < until:
        waiting.refresh_from_db()
        if waiting.rows_total and waiting.rows_done:
            break
        time.sleep(0.02)
    assert (waiting.state, waiting.rows_total) == ("running", 4_000)
    assert tend() is None, "somebody works on it"
    process.kill()
    process.wait()
    until = time.monotonic() + 30
    while (again := tend()) is None and time.monotonic() < until:
        time.sleep(0.1)  # until PostgreSQL has noticed
    assert again == waiting.pk
    assert Classification.objects.count() == Subject.objects.count() == 0
    run_waiting(Import.objects.get(pk=waiting.pk))
    assert (Import.objects.get().state, Classification.objects.count()) == ("done", 4_000)


def test_one_that_kills_its_worker_again_and_again_is_given_up(waiting: Import) -> None:
    Import.objects.update(state="running", report={"tries": TRIES})
    assert tend() is None
    waiting.refresh_from_db()
    assert (waiting.state, waiting.report["error"]) == ("failed", "It broke off 3 times. Nothing was stored.")
    assert kept() == []


def test_a_commands_import_ends_with_its_process(project: Project) -> None:
    record = Import.objects.create(project=project, kind=KIND, source="x", file_name="a.csv", state="running")
    assert tend() is None
    record.refresh_from_db()
    assert (record.state, "start it again" in record.report["error"]) == ("failed", True)


def test_two_store_one_after_the_other(project: Project, waiting: Import) -> None:
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [runs.TURN])
    done = threading.Thread(target=_in_a_thread, args=(waiting.pk,))
    done.start()
    time.sleep(2)
    assert Import.objects.get(pk=waiting.pk).state == "running"
    other.close()
    done.join(30)
    assert Import.objects.get(pk=waiting.pk).state == "done"


def _in_a_thread(pk: int) -> None:
    try:
        run_waiting(Import.objects.get(pk=pk))
    finally:
        connection.close()


def _elsewhere() -> None:
    """Somebody else cancels it, over their own connection."""
    watcher = connection.copy()
    with watcher.cursor() as cursor:
        cursor.execute("UPDATE projects_import SET state = 'cancelled', finished_at = now()")
    watcher.close()


def _file(data: bytes) -> File:
    return File("a.csv", lambda: ContentFile(data).open("rb"))  # type: ignore[arg-type, return-value]


def test_files_lie_where_nobody_guesses(waiting: Import) -> None:
    assert path_of(waiting).startswith(f"imports/{waiting.pk}-")
    assert len(Path(path_of(waiting)).name) > 24
