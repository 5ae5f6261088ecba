"""Training and exams: drawn unseen, scored on the server, tried again after a while, passed into a qualification."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from projects.exceptions import AlreadyAnswered, NotFound, Unqualified
from projects.models import Classification, Grant, Qualification, Sitting, Use, Volunteer, Workflow
from projects.services import Known, enter_gold, next_subjects, record_classification
from projects.services.exams import (
    NoExamNow,
    begin_exam,
    exam_standing,
    exam_subjects,
    training_standing,
    training_subjects,
)
from projects.services.volunteers import Pass, make_volunteer
from tests.projects.factories import ARMS, SMOOTH, TREE, make_pass, make_workflow, submission

pytestmark = pytest.mark.django_db
EXAM = {"subjects": 3, "pass_mark": 0.6, "tries": 2, "retry_after_hours": 1, "grants": "shapes-exam"}
DEFINITION: dict[str, Any] = TREE | {"training": {"subjects": 2}, "exam": EXAM}


@pytest.fixture
def workflow() -> Workflow:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    made = make_workflow(16, definition=DEFINITION)
    made.refresh_from_db()
    Qualification.objects.create(project=made.project, slug="shapes-exam", title="Shapes", kind="exam")
    return made


def known(workflow: Workflow, use: Use, n: int) -> list[int]:
    subjects = list(
        workflow.project.subjects.exclude(pk__in=Classification.objects.values("subject_id"))
        .order_by("external_id").values_list("pk", flat=True)
    )  # fmt: skip
    taken = 0 if use == Use.TRAINING else 8
    for subject in subjects[taken : taken + n]:
        enter_gold(
            workflow=workflow, subject_id=subject, annotations=SMOOTH, expert="account:1",
            known=Known(use=use, secret=False),
        )  # fmt: skip
    return subjects[taken : taken + n]


def sit(workflow: Workflow, held: Pass, volunteer: Volunteer, answers: list[Any]) -> Sitting:
    sitting = begin_exam(workflow, volunteer)
    for annotations in answers:
        subject = exam_subjects(workflow, volunteer, 1).subjects[0].id
        record_classification(submission(workflow, subject, annotations), held)
    return sitting


@pytest.fixture
def held() -> Pass:
    return make_pass()


@pytest.fixture
def volunteer(held: Pass) -> Volunteer:
    return make_volunteer(held)


def test_fail_wait_try_again_pass_and_the_gate_opens(workflow: Workflow, held: Pass, volunteer: Volunteer):
    known(workflow, Use.EXAM, 6)
    workflow.requires = ["shapes-exam"]
    workflow.save()
    with pytest.raises(Unqualified) as closed:
        next_subjects(workflow_id=workflow.pk, holder=held.public_id, tab=held.public_id)
    assert (
        str(closed.value) == "This work is for those who have: Shapes. The project's page says how to get it."
    )
    assert exam_standing(workflow, volunteer).state == "ready"
    first = sit(workflow, held, volunteer, [SMOOTH, ARMS, ARMS])
    at = exam_standing(workflow, volunteer)
    assert (at.state, at.tries_left, at.score) == ("wait", 1, 1 / 3)
    with pytest.raises(NoExamNow, match="You can try this exam again at"):
        begin_exam(workflow, volunteer)
    assert not Grant.objects.exists()
    Sitting.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    second = sit(workflow, held, volunteer, [SMOOTH, SMOOTH, ARMS])
    assert set(first.subjects).isdisjoint(second.subjects)
    assert exam_standing(workflow, volunteer).state == "passed"
    grant = Grant.objects.get()
    assert (grant.volunteer, grant.evidence["score"]) == (volunteer, 2 / 3)
    assert next_subjects(workflow_id=workflow.pk, holder=held.public_id, tab=held.public_id).subjects
    with pytest.raises(NoExamNow, match="You have passed this exam"):
        begin_exam(workflow, volunteer)


def test_all_tries_used(workflow: Workflow, held: Pass, volunteer: Volunteer):
    known(workflow, Use.EXAM, 7)
    for _ in range(2):
        sit(workflow, held, volunteer, [ARMS] * 3)
        assert exam_standing(workflow, volunteer).state in ("wait", "spent")
        Sitting.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    with pytest.raises(NoExamNow, match="You have used all 2 tries at this exam"):
        begin_exam(workflow, volunteer)


def test_too_few_known_subjects(workflow: Workflow, held: Pass, volunteer: Volunteer):
    known(workflow, Use.EXAM, 4)
    assert exam_standing(workflow, None).state == "ready"
    sit(workflow, held, volunteer, [ARMS] * 3)
    Sitting.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    with pytest.raises(
        NoExamNow, match="not enough known subjects that you have not seen: the team has to add"
    ):
        begin_exam(workflow, volunteer)
    assert Sitting.objects.count() == 1


def test_two_tabs_sit_one_exam(workflow: Workflow, held: Pass, volunteer: Volunteer):
    known(workflow, Use.EXAM, 6)
    assert begin_exam(workflow, volunteer).pk == begin_exam(workflow, volunteer).pk
    subject = exam_subjects(workflow, volunteer, 1).subjects[0].id
    recorded = record_classification(submission(workflow, subject, SMOOTH), held)
    assert recorded.counted == "withheld"
    with pytest.raises(AlreadyAnswered, match="already answered this subject"):  # the other tab showed it too
        record_classification(submission(workflow, subject, ARMS), held)
    at = exam_standing(workflow, volunteer)
    assert (at.state, at.answered, at.subjects) == ("open", 1, 3)
    assert (Classification.objects.get().annotations, Sitting.objects.count()) == (SMOOTH, 1)


def test_an_exam_subject_is_not_to_be_had_outside(workflow: Workflow, held: Pass, volunteer: Volunteer):
    subject = known(workflow, Use.EXAM, 3)[0]
    with pytest.raises(NotFound, match="begin the exam"):
        record_classification(submission(workflow, subject, SMOOTH), held)
    with pytest.raises(NoExamNow):
        exam_subjects(workflow, volunteer, 1)
    assert not Classification.objects.exists()


def test_a_training_ends(workflow: Workflow, held: Pass, volunteer: Volunteer):
    known(workflow, Use.TRAINING, 5)
    for done in range(2):
        assert training_standing(workflow, volunteer) == (done, 2)
        (subject,) = training_subjects(workflow, volunteer, 1).subjects
        record_classification(submission(workflow, subject.id, SMOOTH), held)
    batch = training_subjects(workflow, volunteer, 5)
    assert (batch.state, batch.subjects) == ("finished_for_you", [])


def test_a_training_with_fewer_known_subjects_is_as_long_as_they_last(
    workflow: Workflow, held: Pass, volunteer: Volunteer
):
    assert training_standing(workflow, volunteer) == (0, 0)
    assert training_subjects(workflow, volunteer, 1).message.startswith("This training is not open yet")
    (subject,) = known(workflow, Use.TRAINING, 1)
    assert training_standing(workflow, volunteer) == training_standing(workflow, None) == (0, 1)
    record_classification(submission(workflow, subject, SMOOTH), held)
    assert training_standing(workflow, volunteer) == (1, 1)
    assert training_subjects(workflow, volunteer, 1).message == "You have been through the training."
