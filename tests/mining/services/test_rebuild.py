"""Each derived table is sabotaged, and seen told and repaired."""

import random
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from mining.models import OnlineAlias, OnlineSubject, OnlineTask, OnlineVolunteer, Reader
from mining.services.follow import follow
from mining.services.rebuild import forget, rebuild_online
from projects.models import Answered, Evidence, SubjectState, WorkflowCounter
from projects.services import next_subjects, publish_workflow
from projects.services.rebuild import rebuild_workflow
from tests.mining.helpers import OPEN, Crowd, dump, evidence_of
from tests.projects.factories import SMOOTH, make_pass, make_workflow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workflow():
    """Answers, discounts, joinings, retired and reopened subjects, leases: all of it read by mining."""
    rng = random.Random(7)
    definition = OPEN | {"retirement": ["any", ["gte", ["votes"], 6], ["first", "T0", "artifact", 2]]}
    made = make_workflow(6, definition=definition)
    crowd = Crowd(made, 8)
    crowd.join(0)
    crowd.join(1)
    for _ in range(60):
        crowd.random_step(rng)
    next_subjects(workflow_id=made.pk, holder=make_pass().public_id, tab=make_pass().public_id, n=2)
    follow(made.pk, batch=9)
    return made


def record_tables(workflow):
    return [
        sorted(map(str, model.objects.filter(workflow=workflow).values_list()))
        for model in (Evidence, Answered, SubjectState, WorkflowCounter)
    ]


def test_nothing_differs_when_all_is_well(workflow):
    assert SubjectState.objects.filter(retired_at__isnull=False).exists()
    assert SubjectState.objects.filter(leased__gt=0).exists()
    assert OnlineAlias.objects.exists()
    tables, state = record_tables(workflow), dump(workflow)
    assert rebuild_workflow(workflow) == []
    assert rebuild_online(workflow, batch=3) == []
    assert (record_tables(workflow), dump(workflow)) == (tables, state)


def nudge(value: float) -> float:
    """The next float: one bit."""
    return float.fromhex(value.hex()) * (1 + 2**-52)


def spoil_tallies(w):
    row = Evidence.objects.filter(task="T0").first()
    row.tallies["votes"]["smooth"] = 99
    row.save()


def spoil_mined(w):
    row = Evidence.objects.filter(task="T0").first()
    row.entropy = nudge(row.entropy)
    row.save()


def spoil_crowd(w):
    row = OnlineTask.objects.get(task="T0")
    row.crowd[0] = nudge(row.crowd[0])
    row.save()


def spoil_subject(w):
    row = OnlineSubject.objects.filter(task="T0", voters__len__gt=0).first()
    row.probabilities[0] = nudge(row.probabilities[0])
    row.save()


SABOTAGE = {
    "tallies": spoil_tallies,
    "evidence gone": lambda w: Evidence.objects.filter(task="T1").delete(),
    "evidence, one bit": spoil_mined,
    "answered": lambda w: Answered.objects.filter(pk=Answered.objects.first().pk).delete(),
    "answers counted": lambda w: SubjectState.objects.update(answered=F("answered") + 1),
    "leased": lambda w: SubjectState.objects.update(leased=0),
    "retired": lambda w: SubjectState.objects.update(retired_at=None, retired_reason=""),
    "counter": lambda w: WorkflowCounter.objects.update(answers=1, retired=0),
    "crowd, one bit": spoil_crowd,
    "subject, one bit": spoil_subject,
    "volunteer": lambda w: OnlineVolunteer.objects.filter(task="T0").delete(),
    "alias": lambda w: OnlineAlias.objects.all().delete(),
    "reader beyond the end": lambda w: Reader.objects.update(position=F("position") + 5),
}


@pytest.mark.parametrize("what", SABOTAGE)
def test_what_was_spoilt_is_told_and_put_right(workflow, what):
    tables, state, evidence = record_tables(workflow), dump(workflow), evidence_of(workflow)
    SABOTAGE[what](workflow)
    assert (record_tables(workflow), dump(workflow)) != (tables, state)
    assert rebuild_workflow(workflow) + rebuild_online(workflow) != []
    assert (dump(workflow), evidence_of(workflow)) == (state, evidence)
    if "evidence" not in what:  # posted again, at today's position
        assert record_tables(workflow) == tables
    assert rebuild_workflow(workflow) + rebuild_online(workflow) == []


def test_forget_and_follow_ends_in_the_same_bits(workflow):
    state = dump(workflow)
    forget(workflow.pk)
    assert not OnlineTask.objects.exists()
    follow(workflow.pk)
    assert dump(workflow) == state


def test_command_prints_what_differed(workflow):
    out = StringIO()
    call_command("rebuild", "zoo", stdout=out)
    assert out.getvalue() == "shapes: nothing differed.\n"
    WorkflowCounter.objects.update(answers=1)
    call_command("rebuild", "zoo", stdout=(out := StringIO()))
    assert "projects.WorkflowCounter (): stored (" in out.getvalue()
    assert "shapes: 1 rows differed and were put right." in out.getvalue()
    with pytest.raises(CommandError, match="There is no project nothing"):
        call_command("rebuild", "nothing")


def test_an_answer_that_a_later_version_adds_leaves_the_rows_of_before_as_they_are():
    """Whatever was in memory when it came: the same bits are stored, read in pieces of any size."""
    workflow = make_workflow(3, definition=OPEN)
    crowd = Crowd(workflow, 3)
    for subject in range(2):
        crowd.answer(0, subject, SMOOTH)
    follow(workflow.pk)
    answers = [*OPEN["tasks"]["T0"]["answers"], {"key": "comet", "label": "Comet", "next": None}]
    tasks = OPEN["tasks"] | {"T0": OPEN["tasks"]["T0"] | {"answers": answers}}
    publish_workflow(workflow, OPEN | {"tasks": tasks})
    crowd.answer(1, 2, [{"task": "T0", "value": "comet"}])
    follow(workflow.pk)
    assert rebuild_online(workflow, batch=1) == []
    assert rebuild_online(workflow, batch=100) == []
