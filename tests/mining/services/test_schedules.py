"""Runs by a schedule: when they are due, that they don't pile up, who is named, what is published, what is kept."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from mining.models import Consensus, Merit, Published, Run, RunChart, Schedule
from mining.services import runs
from mining.services.mine import mine, work
from mining.services.schedules import KEPT, answers_since, ask_for_what_is_due, remove_old_rows, set_schedule
from projects.models import Classification
from projects.services import discount
from tests.mining.helpers import OPEN, Crowd
from tests.projects.factories import SMOOTH, make_workflow

pytestmark = pytest.mark.django_db(transaction=True)
SET = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def crowd():
    return Crowd(make_workflow(30, definition=OPEN), 2)


def scheduled(crowd, **more):
    given = {"on": True, "method": "majority", "seed": 3, "every": 2, "unit": "hours", "publish": False}
    return set_schedule(crowd.workflow, **given | {"now": SET} | more)


def do(made):
    for run in made:
        work(run)
    return made


def test_a_run_is_made_when_it_is_due_and_something_new_came(crowd):
    user = User.objects.create_user("ann")
    scheduled(crowd, user=user)
    crowd.answer(0, 0, SMOOTH)
    assert ask_for_what_is_due(SET + 1.9 * HOUR) == []
    (run,) = do(ask_for_what_is_due(SET + 2 * HOUR))
    assert (run.status, run.method, run.seed, run.scheduled, run.started_by) == (
        "done",
        "majority",
        3,
        True,
        user,
    )
    assert (run.position, run.consensus.count()) == (1, 1)
    schedule = Schedule.objects.get()
    assert (schedule.next_at, schedule.by, schedule.at) == (SET + 4 * HOUR, user, SET)
    assert ask_for_what_is_due(SET + 4 * HOUR) == []  # nothing new: that time passes
    crowd.answer(0, 1, SMOOTH)
    assert ask_for_what_is_due(SET + 5.9 * HOUR) == []
    assert len(ask_for_what_is_due(SET + 6 * HOUR)) == 1


def test_missed_times_are_made_up_once_and_runs_do_not_pile_up(crowd):
    scheduled(crowd)
    crowd.answer(0, 0, SMOOTH)
    late = SET + 9.5 * HOUR  # four times were missed
    (run,) = ask_for_what_is_due(late)
    assert Schedule.objects.get().next_at == SET + 10 * HOUR
    crowd.answer(0, 1, SMOOTH)
    assert ask_for_what_is_due(SET + 10 * HOUR) == []  # the last one still waits
    assert ask_for_what_is_due(SET + 15 * HOUR) == []
    do([run])
    assert [made.position for made in do(ask_for_what_is_due(SET + 15 * HOUR))] == [2]
    assert Schedule.objects.get().next_at == SET + 16 * HOUR


def test_by_the_number_of_new_answers(crowd):
    crowd.answer(1, 0, SMOOTH)
    schedule = scheduled(crowd, every=3, unit="answers")
    assert schedule.next_at is None
    for subject in range(3):
        assert ask_for_what_is_due(SET + 99 * HOUR) == []
        assert answers_since(schedule) == subject
        crowd.answer(0, subject, SMOOTH)
    assert len(do(ask_for_what_is_due(SET))) == 1
    assert ask_for_what_is_due(SET + 99 * HOUR) == []
    for counted in Classification.objects.order_by("pk")[:2]:
        discount(counted, "spam")
    assert ask_for_what_is_due(SET) == []
    assert Schedule.objects.get().answers == 2  # counting goes on from there
    for subject in range(3, 6):
        assert ask_for_what_is_due(SET) == []
        crowd.answer(0, subject, SMOOTH)
    assert len(ask_for_what_is_due(SET)) == 1


def test_a_failed_run_is_tried_again_at_the_next_time_and_an_off_schedule_makes_none(crowd):
    scheduled(crowd)
    crowd.answer(0, 0, SMOOTH)
    (run,) = ask_for_what_is_due(SET + 2 * HOUR)
    runs.stop(run)
    assert len(ask_for_what_is_due(SET + 4 * HOUR)) == 1
    Run.objects.all().delete()
    scheduled(crowd, on=False)
    assert ask_for_what_is_due(SET + 9 * HOUR) == []
    Schedule.objects.update(on=True, method="of an old release")
    assert ask_for_what_is_due(SET + 9 * HOUR) == []
    assert not Schedule.objects.get().on


def test_what_is_refused(crowd):
    for wrong in ({"method": "guess"}, {"unit": "moons"}, {"every": 0}):
        with pytest.raises(ValueError, match=r"write|known:"):
            scheduled(crowd, **wrong)
    assert not Schedule.objects.exists()


def test_a_run_is_published_when_done_where_the_schedule_says_so(crowd):
    user = User.objects.create_user("ann")
    scheduled(crowd, user=user, publish=True)
    crowd.answer(0, 0, SMOOTH)
    (run,) = ask_for_what_is_due(SET + 2 * HOUR)
    assert not Published.objects.exists()
    do([run])
    published = Published.objects.get()
    assert (published.run, published.by) == (run, user)
    crowd.answer(0, 1, SMOOTH)
    (second,) = ask_for_what_is_due(SET + 4 * HOUR)
    crowd.answer(0, 2, SMOOTH)
    newer = mine(crowd.workflow, method="one-coin")  # of a person, published by hand meanwhile
    runs.publish(newer, crowd.workflow)
    do([second])
    assert Published.objects.get().run == newer
    crowd.answer(0, 3, SMOOTH)
    (third,) = ask_for_what_is_due(SET + 6 * HOUR)
    Schedule.objects.update(publish=False)
    do([third])
    assert Published.objects.get().run == newer


def test_rows_are_kept_of_the_newest_the_published_and_those_asked_for(crowd):
    scheduled(crowd)
    by_hand = []
    made = []
    for number in range(KEPT + 3):
        crowd.answer(0, number, SMOOTH)
        (run,) = ask_for_what_is_due(SET + (number + 1) * 2 * HOUR)
        call_command("work_run", str(run.pk))  # which removes what is too old by then
        made.append(run.pk)
        if number == 0:
            runs.publish(Run.objects.get(pk=run.pk), crowd.workflow)
            by_hand.append(mine(crowd.workflow, method="majority").pk)
    assert RunChart.objects.filter(run=made[-1]).exists()
    whole = set(Consensus.objects.values_list("run_id", flat=True))
    assert whole == {made[0], *made[3:], *by_hand}
    assert set(Merit.objects.values_list("run_id", flat=True)) == whole
    assert set(RunChart.objects.values_list("run_id", flat=True)) == whole - set(by_hand)
    old = Run.objects.get(pk=made[1])
    assert (old.has_rows, old.status, old.position, old.report["questions"]["T0"]["votes"]) == (
        False,
        "done",
        2,
        2,
    )
    runs.publish(None, crowd.workflow)
    assert remove_old_rows(crowd.workflow.pk) == 1
    assert remove_old_rows(crowd.workflow.pk) == 0
    again = mine(crowd.workflow, method="majority", seed=3, position=2)
    assert again.report == old.report
