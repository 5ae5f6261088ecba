"""Known answers in the online state: they teach, they change, and all of it can be read again to the bit."""

import random

import pytest

from mining.frames import checks_frame
from mining.models import Consensus, Merit, OnlineKnown, OnlineTask, OnlineVolunteer
from mining.reports.matrices import square
from mining.services.follow import follow
from mining.services.mine import mine
from mining.services.rebuild import forget, rebuild_online
from projects.exceptions import VoorwerpError
from projects.models import Classification, Discount, Evidence, Look, Use, WorkflowCounter
from projects.services import Known, discount, enter_gold, redo_classification, restore, withdraw_gold
from projects.services.rebuild import rebuild_workflow
from tests.load.size import size
from tests.mining.helpers import BAR, NOTHING, OPEN, Crowd, dump, evidence_of
from tests.projects.factories import ARMS, ARTIFACT, SMOOTH, make_workflow, submission

pytestmark = pytest.mark.django_db(transaction=True)


def make(subjects: int, volunteers: int) -> Crowd:
    workflow = make_workflow(subjects, definition=OPEN)
    workflow.refresh_from_db()
    return Crowd(workflow, volunteers)


def gold(
    crowd: Crowd, subject: int, annotations, expert: str = "account:1", known: Known | None = None
) -> None:
    enter_gold(
        workflow=crowd.workflow,
        subject_id=crowd.subjects[subject],
        annotations=annotations,
        expert=expert,
        known=known,
    )


def counts(crowd: Crowd, volunteer: int, path: str = "T0") -> list[float]:
    """Row by row: truth smooth, features, artifact."""
    row = OnlineVolunteer.objects.get(workflow=crowd.workflow, task=path, volunteer=crowd.ids[volunteer])
    task = OnlineTask.objects.get(workflow=crowd.workflow, task=path)
    return list(square(row.counts, len(task.keys)).flat)


def test_a_check_teaches_and_moves_no_subject():
    crowd = make(3, 2)
    gold(crowd, 0, SMOOTH)
    crowd.answer(0, 0, SMOOTH)
    crowd.answer(1, 0, ARMS)
    follow(crowd.workflow.pk)
    assert counts(crowd, 0) == [1, 0, 0, 0, 0, 0, 0, 0, 0]
    assert counts(crowd, 1) == [0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert not Evidence.objects.exists()
    assert not OnlineVolunteer.objects.filter(task="T1:arms").exists()  # of that nothing is known


def test_only_the_first_answer_without_help_teaches():
    """A training's answers never do, nor does the correction of a check; nor with batch runs."""
    crowd = make(3, 1)
    gold(crowd, 0, SMOOTH, known=Known(use=Use.TRAINING, secret=False))
    gold(crowd, 1, SMOOTH)
    crowd.answer(0, 0, ARTIFACT)
    crowd.answer(0, 1, ARMS)
    redo_classification(submission(crowd.workflow, crowd.subjects[1], SMOOTH), crowd.passes[0])
    follow(crowd.workflow.pk)
    assert counts(crowd, 0) == [0, 1, 0, 0, 0, 0, 0, 0, 0]
    frame = checks_frame(crowd.workflow.pk, WorkflowCounter.objects.get().position)
    assert frame["subject"].unique().to_list() == [crowd.subjects[1]]


def test_when_the_experts_change_their_minds_what_was_taught_is_taught_anew():
    crowd = make(3, 1)
    gold(crowd, 0, SMOOTH)
    crowd.answer(0, 0, SMOOTH)
    gold(crowd, 0, ARTIFACT)
    follow(crowd.workflow.pk)
    assert counts(crowd, 0) == [0, 0, 0, 0, 0, 0, 1, 0, 0]
    gold(crowd, 0, SMOOTH, expert="account:2")  # a tie: nothing is known
    follow(crowd.workflow.pk)
    assert counts(crowd, 0) == [0] * 9
    assert OnlineKnown.objects.get(task="T0").truth == ""
    withdraw_gold(workflow=crowd.workflow, subject_id=crowd.subjects[0], expert="account:1")
    follow(crowd.workflow.pk)
    assert counts(crowd, 0) == [1, 0, 0, 0, 0, 0, 0, 0, 0]


def test_helped_and_corrected_answers_say_nothing_of_the_volunteer():
    crowd = make(3, 2)
    gold(crowd, 0, SMOOTH)
    held = crowd.passes[0]
    crowd.answer(0, 1, SMOOTH)
    redo_classification(submission(crowd.workflow, crowd.subjects[1], ARTIFACT), held)
    crowd.answer(1, 0, SMOOTH)
    Look.objects.create(volunteer_id=crowd.ids[0], workflow=crowd.workflow, subject_id=crowd.subjects[0])
    crowd.answer(0, 0, ARTIFACT)  # has seen others' answers
    follow(crowd.workflow.pk)
    assert counts(crowd, 0) == pytest.approx([0] * 9, abs=1e-12)
    told = Evidence.objects.get(subject=crowd.subjects[1], task="T0")
    assert max(told.probabilities, key=told.probabilities.get) == "artifact"


def test_a_shared_error_is_put_right_by_twenty_known_answers():
    """Everybody takes features for smooth; agreement alone can't tell, known answers can."""
    crowd = make(60, 5)
    known, work = range(20), range(20, 60)
    for subject in known:
        gold(crowd, subject, NOTHING if subject % 2 else SMOOTH)
    for volunteer in range(5):
        for subject in known:
            crowd.answer(volunteer, subject, ARTIFACT if subject % 2 else SMOOTH)
        for subject in work:
            crowd.answer(volunteer, subject, ARTIFACT if subject % 2 else SMOOTH)
    follow(crowd.workflow.pk)
    for subject in work:
        told = Evidence.objects.get(subject=crowd.subjects[subject], task="T0").probabilities
        assert max(told, key=told.get) == ("features" if subject % 2 else "smooth")
    run = mine(crowd.workflow)
    rows = Consensus.objects.filter(run=run, task="T0")
    assert {r.subject_id: r.key for r in rows} == {
        crowd.subjects[subject]: "features" if subject % 2 else "smooth" for subject in work
    }
    assert Merit.objects.filter(run=run, task="T0").count() == 5


def step(crowd: Crowd, rng: random.Random) -> None:
    """Answers, corrections, discounts, restorations, joinings, known answers given, changed and withdrawn."""
    dice, annotations = rng.random(), rng.choice([SMOOTH, ARTIFACT, ARMS, BAR, NOTHING])
    subject, volunteer = rng.randrange(len(crowd.subjects)), rng.randrange(len(crowd.passes))
    try:
        if dice < 0.12:
            gold(crowd, subject, annotations, expert=f"account:{rng.randrange(3)}")
        elif dice < 0.16:
            expert = f"account:{rng.randrange(3)}"
            withdraw_gold(workflow=crowd.workflow, subject_id=crowd.subjects[subject], expert=expert)
        elif dice < 0.26:
            sent = submission(crowd.workflow, crowd.subjects[subject], annotations)
            redo_classification(sent, crowd.passes[volunteer])
        elif dice < 0.31:
            crowd.join(rng.randrange(2, len(crowd.passes)), account_of=rng.choice(sorted(crowd.accounts)))
        elif dice < 0.38:
            discount(rng.choice(list(Classification.objects.standing().order_by("id"))), "test")
        elif dice < 0.43:
            lifted = Discount.objects.filter(lifted_at=None, reason="test").order_by("id")
            restore(rng.choice([each.classification for each in lifted]))
        else:
            crowd.answer(volunteer, subject, annotations)
    except (VoorwerpError, IndexError):
        pass  # answered already, nothing to correct: as it happens on a site


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(size(2, 8)))
def test_all_of_it_read_again_is_the_same_to_the_bit(seed: int):
    crowd = make(6, 7)
    crowd.join(0)
    crowd.join(1)
    rng = random.Random(seed)
    for number in range(150):
        step(crowd, rng)
        if number % 40 == 39:
            follow(crowd.workflow.pk, batch=rng.choice([1, 7, 200]))
    follow(crowd.workflow.pk, batch=5)
    assert OnlineKnown.objects.exists()
    assert Classification.objects.filter(supersedes__isnull=False).exists()
    assert Discount.objects.filter(lifted_at__isnull=False).exists()
    assert rebuild_workflow(crowd.workflow) == []
    state, evidence = dump(crowd.workflow), evidence_of(crowd.workflow)
    assert rebuild_online(crowd.workflow, batch=11) == []
    forget(crowd.workflow.pk)
    follow(crowd.workflow.pk)
    assert dump(crowd.workflow) == state
    assert evidence_of(crowd.workflow) == evidence
