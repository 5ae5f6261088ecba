"""A corrected answer is a record of its own; it counts for the consensus, and both events are kept."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from projects.exceptions import Invalid, NotFound
from projects.models import (
    Answered,
    Classification,
    Discount,
    Evidence,
    LedgerEntry,
    Look,
    Retirement,
    SubjectState,
    Workflow,
    WorkflowCounter,
)
from projects.services import enter_gold, record_classification, redo_classification
from projects.services.rebuild import rebuild_workflow
from projects.services.redo import HadLooked, TooLate
from tests.projects.factories import ARMS, ARTIFACT, SMOOTH, make_pass, make_workflow, submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def workflow() -> Workflow:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return make_workflow(2)


@pytest.fixture
def subject(workflow: Workflow) -> int:
    return workflow.project.subjects.get(external_id="s0").pk


def tallies(subject: int) -> dict[str, int]:
    return Evidence.objects.get(subject=subject, task="T0").tallies["votes"]


def test_the_correction_counts_and_the_earlier_answer_no_more(workflow: Workflow, subject: int):
    held = make_pass()
    first = record_classification(submission(workflow, subject, SMOOTH), held)
    sent = submission(workflow, subject, ARMS)
    second = redo_classification(sent, held)
    assert (second.counted, tallies(subject)) == ("yes", {"features": 1})
    made = Classification.objects.get(uuid=second.uuid)
    assert made.supersedes.uuid == first.uuid
    assert Discount.objects.get().reason == "superseded"
    assert Answered.objects.get().classification_id == made.pk
    kinds = list(LedgerEntry.objects.order_by("position").values_list("kind", flat=True))
    assert kinds == ["classification", "discount", "classification"]  # out before in
    assert WorkflowCounter.objects.get(pk=workflow.pk).answers == 1
    assert rebuild_workflow(workflow) == []
    again = redo_classification(sent, held)
    assert (again.uuid, again.replay, Classification.objects.count()) == (second.uuid, True, 2)
    third = redo_classification(submission(workflow, subject, SMOOTH), held)
    assert Classification.objects.get(uuid=third.uuid).supersedes_id == made.pk
    assert (tallies(subject), rebuild_workflow(workflow)) == ({"smooth": 1}, [])


def test_a_subject_whose_condition_holds_no_longer_is_reopened(workflow: Workflow, subject: int):
    people = [make_pass(), make_pass()]
    for held in people:
        record_classification(submission(workflow, subject, ARTIFACT), held)
    assert SubjectState.objects.get(subject=subject).retired_at
    redo_classification(submission(workflow, subject, SMOOTH), people[1])
    assert SubjectState.objects.get(subject=subject).retired_at is None
    assert [r.retired for r in Retirement.objects.order_by("id")] == [True, False]
    assert WorkflowCounter.objects.get(pk=workflow.pk).retired == 0
    assert rebuild_workflow(workflow) == []


def test_refused_and_nothing_changed(workflow: Workflow, subject: int):
    held = make_pass()
    with pytest.raises(NotFound, match="You have not answered this subject yet: answer it first"):
        redo_classification(submission(workflow, subject, ARMS), held)
    recorded = record_classification(submission(workflow, subject, SMOOTH), held)
    with pytest.raises(NotFound):
        redo_classification(submission(workflow, subject, ARMS), make_pass())
    with pytest.raises(Invalid, match="T0: choose one of smooth, features, artifact"):
        redo_classification(submission(workflow, subject, [{"task": "T0", "value": "x"}]), held)
    Look.objects.create(
        volunteer=Classification.objects.get().volunteer, workflow=workflow, subject_id=subject
    )
    with pytest.raises(HadLooked, match="You have seen how others answered this subject"):
        redo_classification(submission(workflow, subject, ARMS), held)
    Look.objects.all().delete()
    Classification.objects.filter(uuid=recorded.uuid).update(
        received_at=timezone.now() - timedelta(minutes=16)
    )
    with pytest.raises(TooLate, match="The time to correct this answer is over: it stays as it is"):
        redo_classification(submission(workflow, subject, ARMS), held)
    assert (Classification.objects.count(), Discount.objects.count(), tallies(subject)) == (
        1,
        0,
        {"smooth": 1},
    )


def test_a_chain_of_corrections_does_not_stretch_the_time(workflow: Workflow, subject: int):
    held = make_pass()
    first = record_classification(submission(workflow, subject, SMOOTH), held)
    redo_classification(submission(workflow, subject, ARMS), held)
    Classification.objects.filter(uuid=first.uuid).update(received_at=timezone.now() - timedelta(minutes=16))
    with pytest.raises(TooLate):
        redo_classification(submission(workflow, subject, SMOOTH), held)


def test_a_clock_that_is_wrong_changes_nothing(workflow: Workflow, subject: int):
    """Times of the browser are kept as it told them; what is allowed goes by the server's."""
    held = make_pass()
    wrong = {
        "started_at": timezone.now() + timedelta(days=900),
        "finished_at": timezone.now() - timedelta(days=900),
    }
    record_classification(submission(workflow, subject, SMOOTH, **wrong), held)
    second = redo_classification(submission(workflow, subject, ARMS, **wrong), held)
    assert (second.counted, tallies(subject)) == ("yes", {"features": 1})
    made = Classification.objects.get(uuid=second.uuid)
    assert (made.started_at, made.finished_at) == tuple(wrong.values())
    Classification.objects.filter(supersedes=None).update(received_at=timezone.now() - timedelta(minutes=16))
    ahead = {"started_at": timezone.now() - timedelta(minutes=30), "finished_at": timezone.now()}
    with pytest.raises(TooLate):
        redo_classification(submission(workflow, subject, SMOOTH, **ahead), held)
    assert (Classification.objects.count(), tallies(subject)) == (2, {"features": 1})


def test_a_hidden_check_is_corrected_like_any_other(workflow: Workflow, subject: int):
    workflow.refresh_from_db()
    enter_gold(workflow=workflow, subject_id=subject, annotations=SMOOTH, expert="account:1")
    held = make_pass()
    record_classification(submission(workflow, subject, ARMS), held)
    again = redo_classification(submission(workflow, subject, SMOOTH), held)
    assert again.told == "yes"
    reasons = list(Classification.objects.order_by("id").values_list("counted", "counted_reason"))
    assert reasons == [("withheld", "check"), ("withheld", "correction")]
    # as many positions as discount and correction take; and nothing is left of the count that was tried
    kinds = list(LedgerEntry.objects.order_by("position").values_list("kind", flat=True))
    assert kinds == ["gold", "classification", "superseded", "classification"]
    assert (Discount.objects.count(), Evidence.objects.count()) == (0, 0)
    assert SubjectState.objects.get(subject=subject).answered == 0
    assert WorkflowCounter.objects.get(pk=workflow.pk).answers == 1  # as after a correction of any other
    assert rebuild_workflow(workflow) == []
