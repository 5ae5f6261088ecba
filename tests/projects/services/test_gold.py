"""Known answers: entered, mixed in, kept out of the count, compared by kind of task."""

import uuid
from collections import Counter

import pytest
from django.db import connection

from projects.exceptions import AlreadyAnswered, Invalid
from projects.models import (
    Classification,
    Evidence,
    GoldAnswer,
    GoldSubject,
    LedgerEntry,
    Look,
    SubjectState,
    Use,
    Workflow,
    WorkflowCounter,
)
from projects.services import (
    Known,
    enter_gold,
    glance,
    next_subjects,
    publish_workflow,
    record_classification,
    redo_classification,
    standing_gold,
    told_truth,
    withdraw_gold,
)
from projects.services.gold import compare, score_of, truth_of
from projects.services.rebuild import rebuild_workflow
from projects.services.redo import HadLooked
from projects.services.retirement import mark_retired
from projects.services.volunteers import make_volunteer
from projects.tasks.definition import parse_definition
from tests.projects.factories import ARMS, ARTIFACT, SMOOTH, TREE, make_pass, make_workflow, submission

pytestmark = pytest.mark.django_db
ALWAYS = TREE | {"checks": {"shares": [], "floor": 0.5}}


@pytest.fixture
def workflow() -> Workflow:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    made = make_workflow(8)
    made.refresh_from_db()
    return made


def ids(workflow: Workflow) -> list[int]:
    return list(workflow.project.subjects.order_by("external_id").values_list("pk", flat=True))


def gold(workflow: Workflow, subject: int, annotations=None, expert="account:1", **known) -> GoldAnswer:
    return enter_gold(
        workflow=workflow, subject_id=subject, annotations=annotations or SMOOTH, expert=expert,
        known=Known(**known) if known else None,
    )  # fmt: skip


def test_a_known_subject_leaves_the_queue_and_is_in_the_ledger(workflow: Workflow):
    subject = ids(workflow)[0]
    made = gold(workflow, subject)
    counter = WorkflowCounter.objects.get(pk=workflow.pk)
    assert (counter.subjects, counter.checks) == (7, 1)
    assert SubjectState.objects.get(workflow=workflow, subject=subject).use == Use.CHECK
    assert GoldSubject.objects.get(workflow=workflow, subject=subject).secret
    entry = LedgerEntry.objects.get(workflow=workflow, kind="gold")
    assert (entry.record_id, entry.position) == (made.pk, counter.position)


def test_answers_on_it_count_nowhere_and_the_volunteer_is_not_told(workflow: Workflow):
    subject = ids(workflow)[0]
    gold(workflow, subject)
    for _ in range(5):  # the condition asks for three
        held = make_pass()
        recorded = record_classification(submission(workflow, subject, ARMS), held)
        assert recorded.told == "yes"
        assert told_truth(recorded, submission(workflow, subject, ARMS), held) == {}
    stored = Classification.objects.filter(subject=subject)
    assert {(c.counted, c.counted_reason) for c in stored} == {("withheld", "check")}
    assert WorkflowCounter.objects.get(pk=workflow.pk).answers == 5  # the shown number tells of no check
    assert not Evidence.objects.filter(subject=subject).exists()
    assert SubjectState.objects.get(workflow=workflow, subject=subject).retired_at is None
    with pytest.raises(AlreadyAnswered):
        record_classification(submission(workflow, subject, SMOOTH), held)
    assert rebuild_workflow(workflow) == []


def test_several_experts_may_disagree_and_all_that_stands_is_kept(workflow: Workflow):
    subject = ids(workflow)[0]
    gold(workflow, subject, SMOOTH, expert="account:1")
    gold(workflow, subject, ARMS, expert="account:2")
    gold(workflow, subject, ARMS, expert="account:1")  # changed their mind
    gold(workflow, subject, SMOOTH, expert="account:3")
    stands = standing_gold(workflow.pk, [subject])[subject]
    assert {a.expert: a.annotations[0]["value"] for a in stands} == {
        "account:1": "features", "account:2": "features", "account:3": "smooth",
    }  # fmt: skip
    truth = truth_of(parse_definition(TREE), [a.annotations for a in stands])
    assert truth == {"T0": "features", "T1": ["arms"]}
    assert GoldAnswer.objects.count() == 4


def test_a_tie_settles_nothing():
    assert truth_of(parse_definition(TREE), [SMOOTH, ARTIFACT]) == {}


def test_compared_task_by_task():
    definition = parse_definition(TREE)
    truth = {"T0": "features", "T1": ["bar", "arms"]}
    assert score_of(compare(definition, ARMS, truth)) == (1 + 0.5) / 2
    assert score_of(compare(definition, SMOOTH, truth)) == 0
    assert score_of(compare(definition, SMOOTH, {})) is None


def test_withdrawn_by_the_last_expert_it_is_worked_on_again(workflow: Workflow):
    subject = ids(workflow)[0]
    gold(workflow, subject, expert="account:1")
    gold(workflow, subject, expert="account:2")
    assert withdraw_gold(workflow=workflow, subject_id=subject, expert="account:1")
    assert SubjectState.objects.get(workflow=workflow, subject=subject).use == Use.CHECK
    assert withdraw_gold(workflow=workflow, subject_id=subject, expert="account:2")
    assert not withdraw_gold(workflow=workflow, subject_id=subject, expert="account:2")
    state = SubjectState.objects.get(workflow=workflow, subject=subject)
    assert (state.use, state.wanted, state.available) == (Use.WORK, 3, True)
    assert (WorkflowCounter.objects.get(pk=workflow.pk).subjects, standing_gold(workflow.pk, [subject])) == (
        8,
        {},
    )
    assert rebuild_workflow(workflow) == []


def test_refused_and_nothing_changed(workflow: Workflow):
    subject, retired = ids(workflow)[:2]
    other = ids(make_workflow(1, slug="other"))[0]
    state = SubjectState.objects.get(workflow=workflow, subject=retired)
    mark_retired(state, "by hand", workflow.project_id)
    state.save()
    for place, annotations, sentence in [
        (other, SMOOTH, "This subject is not one of this workflow: look at its set."),
        (retired, SMOOTH, "This subject is retired: give known answers to subjects that are still open."),
        (subject, [{"task": "T0", "value": "round"}], "T0: choose one of smooth, features, artifact."),
        (subject, [{"task": "T0", "value": "features"}], "T1 is not answered."),
    ]:
        with pytest.raises(Invalid) as error:
            gold(workflow, place, annotations)
        assert str(error.value) == sentence
    assert (GoldAnswer.objects.count(), GoldSubject.objects.count()) == (0, 0)
    assert WorkflowCounter.objects.get(pk=workflow.pk).subjects == 8


def test_mixed_in_until_they_run_out_and_never_twice():
    workflow = make_workflow(60, definition=ALWAYS | {"retirement": ["gte", ["votes"], 50]})
    workflow.refresh_from_db()
    known = set(ids(workflow)[:10])
    for subject in known:
        gold(workflow, subject)
    held = make_pass()
    served: list[int] = []
    for _ in range(61):
        batch = next_subjects(workflow_id=workflow.pk, holder=held.public_id, tab=uuid.uuid4())
        if not batch.subjects:
            break
        served.append(batch.subjects[0].id)
        record_classification(submission(workflow, served[-1]), held)
    assert len(served) == len(set(served))
    checks = [subject in known for subject in served]
    assert sum(checks) == 10  # half of the time while there were any, and the share falls when they run out
    assert sum(checks[:25]) >= 3
    assert batch.state == "finished_for_you"
    assert len(served) == 60


def test_no_work_left_no_checks_either(workflow: Workflow):
    publish_workflow(workflow, ALWAYS)
    held = make_pass()
    gold(workflow, ids(workflow)[0])
    for subject in ids(workflow)[1:]:
        record_classification(submission(workflow, subject), held)
    batch = next_subjects(workflow_id=workflow.pk, holder=held.public_id, tab=uuid.uuid4(), n=5)
    assert (batch.state, batch.subjects) == ("finished_for_you", [])


def test_the_share_falls_with_experience():
    checks = parse_definition(TREE).checks
    assert [checks.share(n) for n in (0, 19, 20, 39, 40, 59, 60, 10**6)] == [
        0.4,
        0.4,
        0.3,
        0.3,
        0.2,
        0.2,
        0.1,
        0.1,
    ]


def test_a_batch_has_its_checks_at_any_place():
    """By order nobody can tell: over many first batches a check is as often first as last."""
    workflow = make_workflow(400, definition=ALWAYS | {"retirement": ["gte", ["votes"], 500]})
    workflow.refresh_from_db()
    known = set(ids(workflow)[::4])
    for subject in known:
        gold(workflow, subject)
    at: Counter[int] = Counter()
    for _ in range(240):  # so many that chance alone makes it red once in some hundred thousand runs
        batch = next_subjects(workflow_id=workflow.pk, holder=uuid.uuid4(), tab=uuid.uuid4(), n=5)
        at.update(place for place, each in enumerate(batch.subjects) if each.id in known)
    assert sum(at.values()) > 400
    assert max(at.values()) < 2 * min(at.values())


def test_a_glance_on_a_check_looks_as_on_any_subject(workflow: Workflow):
    subject = ids(workflow)[0]
    gold(workflow, subject)
    for _ in range(4):
        held = make_pass()
        record_classification(submission(workflow, subject, ARMS), held)
    seen = glance(workflow_id=workflow.pk, subject_id=subject, volunteer=make_volunteer(held))
    assert seen["total"] == 1  # the condition asks for three answers: an open subject has at most two
    assert seen["tasks"][0]["yours"] == "features"
    assert [answer["votes"] for answer in seen["tasks"][0]["answers"]] == [0, 1, 0]


@pytest.mark.parametrize("known", [True, False])
def test_a_glance_on_a_check_has_a_text_as_on_any_subject(known: bool):
    """At once on both, before mining has read any answer."""
    task = {"kind": "text", "question": "What does it say?", "required": False}
    workflow = make_workflow(
        2, definition={"first_task": "T0", "tasks": {"T0": task}, "retirement": ["gte", ["votes"], 8]}
    )
    subject = ids(workflow)[0]
    if known:
        gold(workflow, subject, [{"task": "T0", "value": "arma uirumque"}])
    for text in ("arma virumque", "arma uirumqe", "arma virumque", ""):
        held = make_pass()
        record_classification(submission(workflow, subject, [{"task": "T0", "value": text}]), held)
    seen = glance(workflow_id=workflow.pk, subject_id=subject, volunteer=make_volunteer(held))
    assert (seen["total"], seen["tasks"][0]["text"], seen["tasks"][0]["written"]) == (4, "arma virumque", 3)


def test_training_tells_at_once(workflow: Workflow):
    subject = ids(workflow)[0]
    gold(
        workflow,
        subject,
        ARMS,
        use=Use.TRAINING,
        secret=False,
        right_message="Yes!",
        wrong_message="Look again.",
    )
    held = make_pass()
    sent = submission(workflow, subject, SMOOTH)
    recorded = record_classification(sent, held)
    assert told_truth(recorded, sent, held)["feedback"] == {
        "right": False, "score": 0.0, "message": "Look again.",
        "tasks": [{"task": "T0", "right": False, "truth": "features"}],
    }  # fmt: skip
    again = record_classification(sent, held)
    assert again.replay
    assert told_truth(again, sent, held) == told_truth(recorded, sent, held)
    assert Classification.objects.get().counted_reason == "training"


def test_a_check_that_is_not_secret_tells_once_it_is_answered(workflow: Workflow):
    subject = ids(workflow)[0]
    gold(workflow, subject, ARMS, use=Use.CHECK, secret=False)
    held = make_pass()
    sent = submission(workflow, subject, SMOOTH)
    recorded = record_classification(sent, held)
    told = told_truth(recorded, sent, held)
    assert told["feedback"]["tasks"] == [{"task": "T0", "right": False, "truth": "features"}]
    assert told_truth(record_classification(sent, held), sent, held) == told  # sent again
    assert (recorded.told, Classification.objects.get().counted_reason) == ("withheld", "check")
    with pytest.raises(HadLooked):  # who knows the truth corrects nothing
        redo_classification(submission(workflow, subject, ARMS), held)
    gold(
        workflow, subject, SMOOTH, expert="account:2"
    )  # a tie: nothing is settled, so there is nothing to say
    held, sent = make_pass(), submission(workflow, subject, SMOOTH)
    assert told_truth(record_classification(sent, held), sent, held) == {}
    assert not Look.objects.filter(volunteer__public_id=held.public_id).exists()
