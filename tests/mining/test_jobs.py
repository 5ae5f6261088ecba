"""Jobs: the tick finds work that no message told of; drawing happens in a process of its own."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.core.cache import cache

from mining import jobs
from mining.models import Chart, Reader
from mining.services.lag import lag, lag_of, workflows_behind
from mining.services.runs import ask
from tests.conftest import site_environment
from tests.mining.helpers import OPEN, Crowd
from tests.projects.factories import SMOOTH, make_workflow

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def told(monkeypatch) -> list[tuple[str, int]]:
    sent: list[tuple[str, int]] = []
    monkeypatch.setattr(jobs.follow_workflow, "delay", lambda id_: sent.append(("follow", id_)))
    monkeypatch.setattr(jobs.draw_charts, "apply_async", lambda args, **more: sent.append(("draw", *args)))
    monkeypatch.setattr(jobs.catch_up, "apply_async", lambda args, **more: sent.append(("catch up", *args)))
    cache.clear()
    return sent


def test_tick_follows_what_is_behind_and_draws_what_is_stale(told):
    still = make_workflow(1, slug="still")
    busy = make_workflow(1, slug="busy", definition=OPEN)
    Crowd(busy, 1).answer(0, 0, SMOOTH)
    jobs.tick()
    assert told == [("follow", busy.pk)]
    assert jobs.follow_workflow(busy.pk) == 1
    told.clear()
    jobs.tick()
    jobs.tick()
    assert told == [("draw", busy.pk)]
    assert not Reader.objects.filter(pk=still.pk).exists()


def test_what_is_far_behind_is_left_to_a_process_of_its_own_and_told_of_once(told, monkeypatch):
    workflow = make_workflow(2, definition=OPEN)
    crowd = Crowd(workflow, 2)
    for volunteer in range(2):
        for subject in range(2):
            crowd.answer(volunteer, subject, SMOOTH)
    monkeypatch.setattr("mining.services.catch_up.FAR", 3)
    jobs.tick()
    jobs.tick()
    assert told == [("catch up", workflow.pk)]
    assert jobs.follow_workflow(workflow.pk) == 0
    for name, value in site_environment().items():
        monkeypatch.setenv(name, value)
    jobs.catch_up(workflow.pk)
    assert lag_of(workflow.pk) == 0
    assert Reader.objects.get(pk=workflow.pk).position == 4


def test_lag_counts_entries_and_the_age_of_the_oldest_answer():
    assert (lag().entries, lag().seconds) == (0, 0.0)
    workflow = make_workflow(2, definition=OPEN)
    crowd = Crowd(workflow, 2)
    crowd.answer(0, 0, SMOOTH)
    crowd.answer(1, 0, SMOOTH)
    behind = lag()
    assert (behind.most, behind.entries, lag_of(workflow.pk)) == (2, 2, 2)
    assert 0 < behind.seconds < 30
    assert workflows_behind() == {workflow.pk: 2}
    jobs.follow_workflow(workflow.pk)
    assert (lag().entries, lag().seconds, workflows_behind()) == (0, 0.0, {})


def test_draw_charts_runs_as_a_process_of_its_own(monkeypatch):
    workflow = make_workflow(1, definition=OPEN)
    Crowd(workflow, 1).answer(0, 0, SMOOTH)
    jobs.follow_workflow(workflow.pk)
    for name, value in site_environment().items():
        monkeypatch.setenv(name, value)
    jobs.draw_charts(workflow.pk)
    assert list(Chart.objects.values_list("name", flat=True)) == ["progress"]


def test_what_the_web_loads_is_light():
    """A process that sets Django up and knows all pages and jobs has neither the arrays nor the charts in it."""
    code = (
        "import sys, django; django.setup(); import portal.urls, mining.jobs, projects.jobs;"
        "print([m for m in ('polars', 'pandas', 'scipy', 'sklearn', 'torch', 'altair', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        env=site_environment(),
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr


def test_a_run_that_waits_is_sent_once_and_done_by_a_process_of_its_own(told, monkeypatch):
    workflow = make_workflow(1, definition=OPEN)
    Crowd(workflow, 1).answer(0, 0, SMOOTH)
    run = ask(workflow, method="majority")
    sent = []
    monkeypatch.setattr(
        jobs.work_run, "apply_async", lambda args, **more: sent.append((*args, more["queue"]))
    )
    jobs.tick()
    jobs.tick()
    assert sent == [(run.pk, "heavy")]
    for name, value in site_environment().items():
        monkeypatch.setenv(name, value)
    jobs.work_run(run.pk)
    run.refresh_from_db()
    assert (run.status, run.votes, run.consensus.get().key) == ("done", 1, "smooth")
    assert run.charts.get().name == "convergence"
