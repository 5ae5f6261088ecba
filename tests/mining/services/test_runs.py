"""Runs that a team asks for: they wait, are done once, can be cancelled, and go on when their worker was killed."""

import csv
import io
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from mining.models import Consensus, Merit, Published, Run
from mining.reports.run_charts import RUN_CHARTS
from mining.science.votes import encode
from mining.services import runs, working
from mining.services.draw_charts import draw_run_charts
from mining.services.follow import follow
from mining.services.mine import _store_consensus, mine, work
from projects.exports.files import pieces
from projects.models import Classification
from projects.services import enter_gold, publish_workflow, record_classification
from tests.mining.helpers import OPEN, Crowd, store_votes
from tests.projects.factories import ARMS, ARTIFACT, SMOOTH, make_workflow, submission

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crowd():
    """4 subjects with 3 votes each on T0."""
    made = Crowd(make_workflow(4, definition=OPEN | {"retirement": ["gte", ["votes"], 3]}), 3)
    for volunteer in range(3):
        for subject in range(4):
            made.answer(volunteer, subject, SMOOTH if subject < 2 or volunteer == 0 else ARMS)
    return made


def test_a_run_waits_and_is_done_once(crowd):
    run = runs.ask(crowd.workflow, method="one-coin", seed=7)
    assert (run.status, run.position, run.started_at) == ("waiting", 16, None)  # 12 answers, 4 retirements
    assert runs.tend() == [(run.pk, 0)]
    work(run)
    run.refresh_from_db()
    assert (run.status, run.method, run.seed, run.votes) == ("done", "one-coin", 7, 12 + 2 * 4)
    assert (run.questions_done, run.questions_total) == (3, 3)
    assert run.started_at < run.finished_at
    assert run.consensus.filter(task="T0").count() == 4
    assert runs.tend() == []
    work(run)  # told twice
    assert run.consensus.filter(task="T0").count() == 4


def test_what_is_unknown_is_refused(crowd):
    with pytest.raises(ValueError, match="no method 'guess'"):
        runs.ask(crowd.workflow, method="guess")
    assert not Run.objects.exists()


def test_cancelled_between_questions_it_keeps_nothing(crowd, monkeypatch):
    run = runs.ask(crowd.workflow, method="majority")
    stored = []

    def store(*args):
        stored.append(args)
        if len(stored) == 2:  # as from a web process, on a connection of its own
            with ThreadPoolExecutor() as pool:
                assert pool.submit(stop_from_elsewhere).result()

    def stop_from_elsewhere():
        try:
            return runs.stop(Run.objects.get())
        finally:
            connection.close()

    monkeypatch.setattr("mining.services.mine._store_consensus", store)
    with pytest.raises(working.Cancelled):
        work(run)
    run.refresh_from_db()
    assert (run.status, len(stored), run.questions_done, run.report) == ("cancelled", 2, 1, {})
    assert not Consensus.objects.exists()
    assert not Merit.objects.exists()
    assert not runs.stop(run)


def test_a_run_that_waits_can_be_cancelled_and_then_is_not_done(crowd):
    run = runs.ask(crowd.workflow, method="majority")
    assert runs.stop(run)
    work(run)
    run.refresh_from_db()
    assert (run.status, run.consensus.count()) == ("cancelled", 0)


def test_a_killed_workers_run_waits_again_and_a_living_ones_is_left(crowd):
    run = runs.ask(crowd.workflow, method="majority")
    Run.objects.update(status="running")
    other = connection.copy()
    assert working._lock(other, run.pk)
    assert runs.tend() == []
    other.close()  # as the end of a process does
    assert runs.tend() == [(run.pk, 1)]
    Run.objects.update(status="running", resumed=runs.MOST_RESUMES)
    assert runs.tend() == []
    run.refresh_from_db()
    assert (run.status, run.message) == (
        "failed",
        "Its process was killed 6 times; perhaps the machine has too little memory. Nothing is kept.",
    )


def broken_off(workflow, monkeypatch, error):
    """A run whose second question met with the error."""
    run = runs.ask(workflow, method="one-coin", seed=2)
    stored = []

    def store(*args):
        stored.append(args)
        if len(stored) == 2:
            raise error
        _store_consensus(*args)

    with monkeypatch.context() as patched:
        patched.setattr("mining.services.mine._store_consensus", store)
        with pytest.raises(type(error)):
            work(run)
    run.refresh_from_db()
    return run


def test_a_run_that_fails_leaves_no_row(crowd, monkeypatch):
    run = broken_off(crowd.workflow, monkeypatch, MemoryError("too much"))
    assert (run.status, run.message, run.report) == ("failed", "MemoryError: too much", {})
    assert not Merit.objects.exists()


def test_where_the_database_went_away_it_goes_on(crowd, monkeypatch):
    run = broken_off(crowd.workflow, monkeypatch, OperationalError("the server closed the connection"))
    assert (run.status, run.questions_done) == ("running", 1)
    first = list(Consensus.objects.values_list("pk", flat=True))
    assert len(first) == 4
    assert runs.tend() == [(run.pk, 1)]
    work(run)
    assert (run.status, run.consensus.count(), run.resumed) == ("done", 8, 1)
    assert set(first) < set(run.consensus.values_list("pk", flat=True))  # not done again


def test_other_code_does_all_of_it_again(crowd, monkeypatch):
    run = broken_off(crowd.workflow, monkeypatch, OperationalError("the server closed the connection"))
    first = set(Consensus.objects.values_list("pk", flat=True))
    Run.objects.update(code_version="0.0.9")
    work(run)
    assert (run.status, run.questions_done, run.consensus.count()) == ("done", 3, 8)
    assert not first & set(run.consensus.values_list("pk", flat=True))


def test_who_lost_the_run_to_another_stores_nothing_more(crowd, monkeypatch):
    run = runs.ask(crowd.workflow, method="one-coin")

    def store(*args):
        Run.objects.update(resumed=1)  # its lock was lost, and another has taken the run up
        _store_consensus(*args)

    with monkeypatch.context() as patched:
        patched.setattr("mining.services.mine._store_consensus", store)
        with pytest.raises(working.Cancelled):
            work(run)
    run.refresh_from_db()
    assert (run.status, run.questions_done, Consensus.objects.exists()) == ("running", 0, False)


def test_what_is_published_meanwhile_changes_nothing_of_a_run(crowd):
    before = mine(crowd.workflow, method="majority")
    publish_workflow(crowd.workflow, OPEN | {"first_task": "T1", "tasks": {"T1": OPEN["tasks"]["T1"]}})
    after = mine(crowd.workflow, method="majority", position=before.position)
    assert after.report == before.report
    assert before.report["questions"]["T0"]["main"]


def catalogue(workflow):
    return list(csv.DictReader(io.StringIO("".join(pieces("catalogue", workflow, team=True)))))


def test_the_published_runs_numbers_are_the_catalogues(crowd):
    follow(crowd.workflow.pk)
    online = catalogue(crowd.workflow)
    assert {row["method"] for row in online} == {"online"}
    run = mine(crowd.workflow, method="majority")
    assert catalogue(crowd.workflow) == online
    runs.publish(run, crowd.workflow)
    rows = catalogue(crowd.workflow)
    assert {(row["method"], row["mined_position"]) for row in rows} == {(f"run {run.pk}", "16")}
    assert [row["T0_label"] for row in rows] == ["smooth", "smooth", "features", "features"]
    assert float(rows[2]["T0_probability"]) == pytest.approx(2 / 3)
    assert (rows[2]["T1_label"], rows[2]["T0_votes_features"], rows[2]["T0_asked"]) == ("arms", "2", "3")
    runs.publish(None, crowd.workflow)
    assert catalogue(crowd.workflow) == online


def test_only_a_run_that_is_done_and_its_own_can_be_published(crowd):
    waiting = runs.ask(crowd.workflow, method="majority")
    with pytest.raises(ValueError, match="not one of this workflow"):
        runs.publish(waiting, crowd.workflow)
    work(waiting)
    with pytest.raises(ValueError, match="not one of this workflow"):
        runs.publish(Run.objects.get(), make_workflow(1, slug="other"))
    Run.objects.update(emptied_at=timezone.now())
    with pytest.raises(ValueError, match="not one of this workflow"):
        runs.publish(Run.objects.get(), crowd.workflow)
    assert not Published.objects.exists()


def with_gold(known: int):
    """A simulated crowd, and on `known` further subjects 4 un-helped answers each, 3 of them right."""
    workflow = make_workflow(known + 20, definition=OPEN)
    crowd, rng = Crowd(workflow, 6), random.Random(5)
    for subject in range(known):
        enter_gold(
            workflow=workflow, subject_id=crowd.subjects[subject], annotations=SMOOTH, expert="account:1"
        )
    for subject in range(known + 20):
        for volunteer in range(4):
            crowd.answer(volunteer, subject, SMOOTH if rng.random() < 0.75 else ARMS)
    return workflow


@pytest.mark.parametrize(("known", "calibrated"), [(49, False), (50, True)])
def test_certainty_comes_with_fifty_known_subjects(known, calibrated):
    workflow = with_gold(known)
    assert Classification.objects.filter(counted_reason="check").count() == 4 * known
    run = mine(workflow, seed=1)
    found = run.report["questions"]["T0"]
    assert (found["known"], found["answers"], found["subjects"]) == (known, 4 * known, 20)
    assert (found["calibration"] is not None) == calibrated
    assert (found["accuracy"] is not None) == calibrated
    rows = list(run.consensus.filter(task="T0"))
    assert len(rows) == 20
    assert all((row.certainty is not None) == calibrated for row in rows)
    told = [(each.known, each.votes) for each in run.merit.filter(task="T0")]
    assert told == [(known, known + 20)] * 4
    if calibrated:
        assert found["calibration"]["known"] == 50
        assert 0 <= found["calibration"]["error"] < 0.2
        assert [mine(workflow, seed=1).report, mine(workflow, seed=2).report != run.report] == [
            run.report,
            True,
        ]


def test_spread_convergence_and_charts_of_a_simulated_crowd():
    rng = random.Random(3)
    rows = [(item, person) for item in range(80) for person in rng.sample(range(20), 7)]
    given = [str(item % 2 if rng.random() < 0.6 + 0.02 * person else 1 - item % 2) for item, person in rows]
    votes = encode([str(i) for i, _ in rows], [f"{v:02}" for _, v in rows], given)
    workflow = store_votes(votes, ["a", "b"])
    run = mine(workflow, seed=3)
    found = run.report["questions"]["T0"]
    assert found["main"]
    assert (found["spread"]["volunteers"], found["spread"]["found"]) == (20, True)
    points = found["convergence"]["points"]
    assert [n for n, *_ in points] == [1, 2, 3, 4, 5, 6, 7]
    assert found["convergence"]["subjects"] == 80
    assert points[-1][1] > points[0][1]  # more votes agree more with the answer in the end
    assert sum(n for _, n, _ in found["over_time"]["rows"]) == len(votes) == 560
    assert draw_run_charts(run) == 1
    run.report["questions"]["T0"]["over_time"]["rows"].append(["2027-01-01 00:00", 5, 0.5])
    assert draw_run_charts(run) == 2
    assert {chart.name for chart in run.charts.all()} == {"convergence", "over-time"} < RUN_CHARTS.keys()
    chart = run.charts.get(name="convergence")
    assert chart.svg_light.startswith("<svg")
    assert chart.table["rows"][0][:2] == [1, points[0][1]]


def test_pace_and_drift_of_a_person():
    """The first volunteer is right at first and wrong in the end, the others are right; they are of known paces."""
    workflow = make_workflow(40, definition=OPEN)
    crowd = Crowd(workflow, 5)
    start = timezone.now()
    for subject in range(40):
        for volunteer in range(5):
            wrong = volunteer == 0 and subject >= 20
            sent = submission(workflow, crowd.subjects[subject], ARTIFACT if wrong else SMOOTH)
            if volunteer < 4:  # the last one's browser told no times; clocks are years wrong
                then = start - timedelta(days=900 * volunteer)
                took = timedelta(seconds=[5, 8, 30, 9][volunteer] + subject % 3 - (60 if subject == 7 else 0))
                sent = replace(sent, started_at=then, finished_at=then + took)
            record_classification(sent, crowd.passes[volunteer])
    run = mine(workflow, method="dawid-skene-pooled")
    rows = [run.merit.get(task="T0", volunteer_id=who) for who in crowd.ids]
    assert [(row.seconds, row.seconds_low, row.seconds_high) for row in rows[:2]] == [(6, 5, 7), (9, 8, 10)]
    assert [row.seconds for row in rows[2:]] == [31, 10, None]
    assert [row.drifts for row in rows] == [True, False, False, False, False]
    assert rows[0].drift < -0.5
    assert [len(row.parts) for row in rows] == [4] * 5
    assert rows[0].parts[0][0] > 0.8 > 0.4 > rows[0].parts[3][0]
    before = mine(workflow, method="dawid-skene-pooled", position=70)  # 14 answers each: too few to tell
    assert {(row.drift, row.drifts, tuple(row.parts)) for row in before.merit.all()} == {(None, False, ())}
