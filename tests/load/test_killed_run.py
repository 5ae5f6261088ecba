"""A batch run whose process is killed with -9 in the middle of a question: it goes on, and its rows are those of a run
that nobody killed, bit for bit; until it is done none of them is shown."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from mining.models import Consensus, Merit, Run
from mining.services import runs
from mining.services.mine import mine
from tests.conftest import ROOT, site_environment
from tests.load.size import size
from tests.mining.helpers import OPEN, Crowd
from tests.projects.factories import make_workflow

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
KILLS = size(1, runs.MOST_RESUMES)
PEOPLE, SUBJECTS = size(4, 12), size(6, 200)
CHOICES = [f"c{number}" for number in range(KILLS + 1)]
DEFINITION = OPEN | {
    "tasks": OPEN["tasks"]
    | {"T1": OPEN["tasks"]["T1"] | {"answers": [{"key": key, "label": key} for key in CHOICES]}}
}


@pytest.fixture
def crowd() -> Crowd:
    made = Crowd(make_workflow(SUBJECTS, definition=DEFINITION), PEOPLE)
    for person in range(PEOPLE):
        for subject in range(SUBJECTS):
            seen = [key for at, key in enumerate(CHOICES) if (subject + person * at) % 3]
            made.answer(person, subject, [{"task": "T0", "value": "features"}, {"task": "T1", "value": seen}])
    return made


@contextmanager
def held(other: BaseDatabaseWrapper, run: Run, question: str, subject: int) -> Iterator[None]:
    """The run can't store the question: a row in its way is neither there nor not there."""
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            "INSERT INTO mining_consensus (run_id, subject_id, task, key, dispersion, effective_votes, votes,"
            " probabilities) VALUES (%s, %s, %s, '', 0, 0, 0, '{}')",
            [run.pk, subject, question],
        )
        yield
        cursor.execute("ROLLBACK")


def rows(run: Run) -> list[list[tuple[object, ...]]]:
    found = []
    for model in (Consensus, Merit):
        names = [field.attname for field in model._meta.fields if field.name not in ("id", "run")]
        listed = model.objects.filter(run=run).order_by("pk").values_list(*names)
        found.append(
            [tuple(value.hex() if isinstance(value, float) else value for value in row) for row in listed]
        )
    return found


def test_it_goes_on_where_it_was(crowd: Crowd) -> None:
    run = runs.ask(crowd.workflow, method="dawid-skene-tuned", seed=5)
    command = [sys.executable, "manage.py", "work_run", str(run.pk)]
    other = connection.copy()
    for kill in range(KILLS):
        with held(other, run, f"T1:c{kill}", crowd.subjects[0]):
            process = subprocess.Popen(command, cwd=ROOT, env=site_environment(), stdout=subprocess.DEVNULL)
            wait_for(run, process, questions=kill + 1)
            process.kill()
            process.wait()
            run.refresh_from_db()
            assert (run.status, run.has_rows, run.consensus.exists()) == ("running", False, True)
            with pytest.raises(ValueError, match="done and has its results"):
                runs.publish(run, crowd.workflow)
        assert taken_back() == [(run.pk, kill + 1)]
    other.close()
    kept = list(run.consensus.values_list("pk", flat=True))
    assert len(kept) == SUBJECTS * KILLS
    subprocess.run(command, cwd=ROOT, env=site_environment(), check=True, stdout=subprocess.DEVNULL)
    run.refresh_from_db()
    assert (run.status, run.resumed, run.questions_done, run.charts.count()) == ("done", KILLS, KILLS + 2, 1)
    assert set(kept) < set(run.consensus.values_list("pk", flat=True))  # what was finished was not done again
    whole = mine(crowd.workflow, method="dawid-skene-tuned", seed=5, position=run.position)
    assert rows(run) == rows(whole)
    assert (run.report, run.votes, run.parameters) == (whole.report, whole.votes, whole.parameters)


def wait_for(run: Run, process: "subprocess.Popen[bytes]", *, questions: int) -> None:
    """Until so many are stored and the next one waits for the row in its way."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'transactionid'"
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            (blocked,) = cursor.fetchone()
        run.refresh_from_db()
        if run.questions_done == questions and blocked:
            return
        time.sleep(0.05)
    raise AssertionError(f"it came to {run.questions_done} questions")


def taken_back() -> list[tuple[int, int]]:
    """The server notices a moment later that the process is gone."""
    until = time.monotonic() + 30
    while not (found := runs.tend()) and time.monotonic() < until:
        time.sleep(0.05)
    return found
