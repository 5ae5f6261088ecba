"""Exactly once, in one transaction."""

import uuid

import pytest

from projects.exceptions import (
    AlreadyAnswered,
    Invalid,
    NotFound,
    Paused,
    Private,
    UuidConflict,
    WorkflowFinished,
)
from projects.models import (
    Answered,
    Classification,
    Evidence,
    Lease,
    LedgerEntry,
    Look,
    Retirement,
    SubjectState,
    Volunteer,
    WorkflowCounter,
)
from projects.services import next_subjects, record_classification
from tests.projects.factories import ARMS, ARTIFACT, SMOOTH, make_pass, make_workflow, submission

pytestmark = pytest.mark.django_db(transaction=True)


def first_subject(workflow):
    return SubjectState.objects.filter(workflow=workflow).order_by("subject_id").first().subject_id


def everything(workflow):
    """All that an answer may change, as plain values."""
    return {
        "classifications": Classification.objects.count(),
        "ledger": list(LedgerEntry.objects.values_list("position", "kind")),
        "counter": WorkflowCounter.objects.values("position", "answers", "subjects", "retired").get(
            workflow=workflow
        ),
        "answered": Answered.objects.count(),
        "evidence": list(Evidence.objects.order_by("subject_id", "task").values_list("task", "tallies")),
        "states": list(
            SubjectState.objects.order_by("subject_id").values_list("answered", "leased", "retired_at")
        ),
        "volunteers": Volunteer.objects.count(),
    }


def test_the_first_answer_makes_the_volunteer_and_moves_everything_once():
    workflow = make_workflow()
    held, subject = make_pass(), first_subject(workflow)
    recorded = record_classification(submission(workflow, subject, ARMS), held)
    assert (recorded.counted, recorded.replay) == ("yes", False)
    assert everything(workflow) == {
        "classifications": 1,
        "ledger": [(1, "classification")],
        "counter": {"position": 1, "answers": 1, "subjects": 4, "retired": 0},
        "answered": 1,
        "evidence": [
            ("T0", {"asked": 1, "votes": {"features": 1}, "first": ["features"]}),
            ("T1", {"asked": 1, "votes": {"arms": 1}, "first": ["arms"]}),
        ],
        "states": [(1, 0, None), (0, 0, None), (0, 0, None), (0, 0, None)],
        "volunteers": 1,
    }
    volunteer = Volunteer.objects.get()
    assert volunteer.public_id == held.public_id
    assert volunteer.consents.get().version == held.consent_version


def test_a_replay_answers_as_the_first_time_and_changes_nothing():
    workflow = make_workflow()
    held = make_pass()
    sent = submission(workflow, first_subject(workflow))
    first = record_classification(sent, held)
    before = everything(workflow)
    again = record_classification(sent, held)
    assert (again.received_at, again.counted, again.replay) == (first.received_at, "yes", True)
    assert everything(workflow) == before


def test_a_replay_is_answered_even_when_the_workflow_has_been_paused():
    workflow = make_workflow()
    held = make_pass()
    sent = submission(workflow, first_subject(workflow))
    record_classification(sent, held)
    workflow.state = "paused"
    workflow.save()
    assert record_classification(sent, held).replay is True


@pytest.mark.parametrize("other_body", [True, False])
def test_the_same_uuid_with_another_body_or_person_is_a_conflict(other_body):
    workflow = make_workflow()
    held = make_pass()
    sent = submission(workflow, first_subject(workflow))
    record_classification(sent, held)
    before = everything(workflow)
    other = submission(workflow, sent.subject_id, ARMS, id=sent.uuid) if other_body else sent
    sender = held if other_body else make_pass()
    with pytest.raises(UuidConflict):
        record_classification(other, sender)
    assert everything(workflow) == before


def test_a_second_answer_on_the_subject_is_refused():
    workflow = make_workflow()
    held, subject = make_pass(), first_subject(workflow)
    record_classification(submission(workflow, subject), held)
    before = everything(workflow)
    with pytest.raises(AlreadyAnswered):
        record_classification(submission(workflow, subject, ARMS), held)
    assert everything(workflow) == before


def test_a_vote_limit_retires_and_later_answers_are_late():
    workflow = make_workflow()
    subject = first_subject(workflow)
    for _ in range(3):
        record_classification(submission(workflow, subject), make_pass())
    state = SubjectState.objects.get(workflow=workflow, subject_id=subject)
    assert (state.answered, state.retired_reason) == (3, "votes ≥ 3")
    late = record_classification(submission(workflow, subject, ARMS), make_pass())
    assert late.counted == "late"
    state.refresh_from_db()
    assert (state.answered, state.retired_reason) == (3, "votes ≥ 3")
    after = everything(workflow)
    assert after["counter"] == {"position": 5, "answers": 3, "subjects": 4, "retired": 1}
    assert [kind for _, kind in after["ledger"]].count("retirement") == 1
    assert after["evidence"] == [("T0", {"asked": 3, "votes": {"smooth": 3}, "first": ["smooth"] * 3})]


def test_first_answers_retire_early_and_say_why():
    workflow = make_workflow()
    subject = first_subject(workflow)
    for _ in range(2):
        record_classification(submission(workflow, subject, ARTIFACT), make_pass())
    assert Retirement.objects.get().reason == "first 2 answers of T0 all artifact"


def test_two_late_artifacts_do_not_retire():
    workflow = make_workflow()
    subject = first_subject(workflow)
    for annotations in (SMOOTH, ARTIFACT):
        record_classification(submission(workflow, subject, annotations), make_pass())
    assert Retirement.objects.count() == 0


def test_an_answer_frees_the_lease_and_needs_none():
    workflow = make_workflow(1)
    held = make_pass()
    batch = next_subjects(workflow_id=workflow.pk, holder=held.public_id, tab=uuid.uuid4())
    assert SubjectState.objects.get(workflow=workflow).leased == 1
    record_classification(submission(workflow, batch.subjects[0].id), held)
    assert (SubjectState.objects.get(workflow=workflow).leased, Lease.objects.count()) == (0, 0)
    record_classification(submission(workflow, batch.subjects[0].id), make_pass())
    assert SubjectState.objects.get(workflow=workflow).answered == 2


def test_who_has_looked_is_stored_but_withheld():
    workflow = make_workflow()
    held, (one, two, *_) = make_pass(), SubjectState.objects.values_list("subject_id", flat=True)
    record_classification(submission(workflow, one), held)
    Look.objects.create(volunteer=Volunteer.objects.get(), workflow=workflow, subject_id=two)
    assert record_classification(submission(workflow, two), held).counted == "withheld"
    assert WorkflowCounter.objects.get(workflow=workflow).answers == 1


@pytest.mark.parametrize(
    ("annotations", "sentence"),
    [
        ([{"task": "T9", "value": "smooth"}], "The next task is T0, not T9."),
        ([{"task": "T0", "value": "round"}], "T0: choose one of smooth, features, artifact."),
        ([{"task": "T0", "value": None}], "T0: an answer is required."),
        ([{"task": "T0", "value": "features"}], "T1 is not answered."),
        ([*SMOOTH, {"task": "T1", "value": []}], "The way through the tasks ends before T1."),
        ([{"task": "T0", "value": ["smooth"]}], "T0: choose one of smooth, features, artifact."),
        ([{"task": "T0"}], "Each annotation is {task, value}."),
    ],
)
def test_a_wrong_answer_is_refused_with_a_sentence(annotations, sentence):
    workflow = make_workflow()
    before = everything(workflow)
    with pytest.raises(Invalid) as refusal:
        record_classification(submission(workflow, first_subject(workflow), annotations), make_pass())
    assert str(refusal.value.message) == sentence
    assert everything(workflow) == before


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"state": "paused"}, Paused),
        ({"state": "finished"}, WorkflowFinished),
        ({"project__is_public": False}, Private),
        ({"project__state": "draft"}, Private),
        ({"project__state": "paused"}, Paused),
    ],
)
def test_a_closed_workflow_takes_nothing(change, error):
    workflow = make_workflow()
    before = everything(workflow)
    ((field, value),) = change.items()
    target = workflow.project if field.startswith("project__") else workflow
    setattr(target, field.removeprefix("project__"), value)
    target.save()
    with pytest.raises(error):
        record_classification(submission(workflow, first_subject(workflow)), make_pass())
    assert everything(workflow) == before


def test_a_subject_of_another_workflow_is_not_found():
    workflow, other = make_workflow(), make_workflow(slug="other")
    with pytest.raises(NotFound):
        record_classification(submission(workflow, first_subject(other)), make_pass())
    assert Classification.objects.count() == 0
