"""What somebody's votes weigh: set, changed, joined, read again; the same to the bit, and as the batch has it."""

import random
from typing import Any

import numpy as np
import pytest

from mining.frames import position_of, standing_weights
from mining.models import Consensus, OnlineTask, OnlineVolunteer, OnlineWeight
from mining.reports.matrices import square
from mining.services.follow import follow
from mining.services.mine import mine
from mining.services.rebuild import forget, rebuild_online
from projects.exceptions import Invalid, VoorwerpError
from projects.models import Evidence, SubjectState, Volunteer, Weight, WorkflowCounter
from projects.services import enter_gold, redo_classification
from projects.services.rebuild import rebuild_workflow
from projects.services.weights import CHUNK, set_weight, standing_weight
from tests.mining.helpers import BAR, NOTHING, OPEN, Crowd, dump, evidence_of
from tests.projects.factories import ARMS, ARTIFACT, SMOOTH, make_workflow, submission

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


def make(subjects: int, volunteers: int) -> Crowd:
    workflow = make_workflow(subjects, definition=OPEN)
    workflow.refresh_from_db()
    return Crowd(workflow, volunteers)


def weigh(crowd: Crowd, volunteer: int, factor: float) -> list[Weight]:
    who = Volunteer.objects.get(public_id=crowd.passes[volunteer].public_id)
    return set_weight(workflow=crowd.workflow, volunteer=who, factor=factor, reason="test")


def posterior(crowd: Crowd, subject: int, task: str = "T0") -> dict[str, float]:
    found = Evidence.objects.get(subject=crowd.subjects[subject], task=task).probabilities
    assert found is not None
    return found


def counted(crowd: Crowd) -> Any:
    """What a weight may not touch."""
    tallies = {(e.subject_id, e.task): e.tallies for e in Evidence.objects.filter(workflow=crowd.workflow)}
    states = SubjectState.objects.filter(workflow=crowd.workflow).order_by("subject_id")
    counter = WorkflowCounter.objects.get(pk=crowd.workflow.pk)
    return tallies, list(states.values_list("subject_id", "answered", "retired_at")), counter.answers


def crowd_is_sum_of(crowd: Crowd, volunteers: list[int]) -> None:
    people = [crowd.ids[each] for each in volunteers]
    rows = OnlineVolunteer.objects.filter(workflow=crowd.workflow, task="T0", volunteer__in=people)
    stored = OnlineTask.objects.get(workflow=crowd.workflow, task="T0").crowd
    np.testing.assert_allclose(square(stored, 3), sum(square(row.counts, 3) for row in rows), atol=1e-9)


def test_it_lessens_what_the_votes_say_at_once_and_touches_no_count():
    crowd = make(3, 3)
    for subject in range(3):
        for volunteer in range(3):
            crowd.answer(volunteer, subject, ARTIFACT if volunteer == 2 else SMOOTH)
    follow(crowd.workflow.pk)
    before, plain = posterior(crowd, 0), counted(crowd)
    assert len(weigh(crowd, 2, 0.1)) == 1
    assert weigh(crowd, 2, 0.1) == []  # they weigh so much already
    follow(crowd.workflow.pk)
    assert posterior(crowd, 0)["artifact"] < before["artifact"] / 3
    assert counted(crowd) == plain
    crowd_is_sum_of(crowd, [0, 1])  # it teaches nobody else's matrix
    weigh(crowd, 2, 1.0)
    follow(crowd.workflow.pk)
    crowd_is_sum_of(crowd, [0, 1, 2])
    assert counted(crowd) == plain
    assert standing_weights(crowd.workflow.pk, position_of(crowd.workflow.pk)) == {}
    with pytest.raises(Invalid, match="above 0 and is at most 1, not 0"):
        weigh(crowd, 2, 0.0)


def test_whoever_weighs_in_full_says_the_same_bits_as_if_nobody_were_weighed():
    """Lessened in another workflow is no change at all in this one."""
    crowd = make(4, 4)
    for subject in range(4):
        for volunteer in range(4):
            crowd.answer(volunteer, subject, [SMOOTH, ARMS, ARTIFACT, BAR][(subject + volunteer) % 3])
    follow(crowd.workflow.pk)
    state = dump(crowd.workflow)
    other = make_workflow(2, slug="other", definition=OPEN)
    there = Crowd(other, passes=crowd.passes)
    there.answer(1, 0, SMOOTH)
    weigh(there, 1, 0.1)
    follow(other.pk)
    follow(crowd.workflow.pk)
    assert dump(crowd.workflow) == state
    assert standing_weight(crowd.workflow.pk, crowd.ids[1]) == 1.0
    assert standing_weight(other.pk, crowd.ids[1]) == 0.1


def test_many_answers_are_weighed_again_in_records_of_few():
    crowd = make(CHUNK + 7, 3)
    for subject in range(CHUNK + 7):
        for volunteer in range(3):
            crowd.answer(volunteer, subject, SMOOTH if volunteer else ARTIFACT)
    follow(crowd.workflow.pk)
    before = [posterior(crowd, subject)["artifact"] for subject in range(CHUNK + 7)]
    assert [len(record.again) for record in weigh(crowd, 0, 0.25)] == [CHUNK, 7]
    assert follow(crowd.workflow.pk, batch=30) == 2  # each in a transaction of its own
    after = [posterior(crowd, subject)["artifact"] for subject in range(CHUNK + 7)]
    assert all(new < old for new, old in zip(after, before, strict=True))
    assert rebuild_online(crowd.workflow, batch=1000) == []


def step(crowd: Crowd, rng: random.Random) -> None:
    """Answers, corrections, known answers, joinings, and weights of one and then another."""
    dice, annotations = rng.random(), rng.choice([SMOOTH, ARTIFACT, ARMS, BAR, NOTHING])
    subject, volunteer = rng.randrange(len(crowd.subjects)), rng.randrange(len(crowd.passes))
    sent = submission(crowd.workflow, crowd.subjects[subject], annotations)
    try:
        if dice < 0.2:
            weigh(crowd, volunteer, rng.choice([0.05, 0.25, 0.5, 1.0]))
        elif dice < 0.26:
            crowd.join(rng.randrange(2, len(crowd.passes)), account_of=rng.choice(sorted(crowd.accounts)))
        elif dice < 0.31:
            enter_gold(
                workflow=crowd.workflow,
                subject_id=sent.subject_id,
                annotations=annotations,
                expert="account:1",
            )
        elif dice < 0.39:
            redo_classification(sent, crowd.passes[volunteer])
        else:
            crowd.answer(volunteer, subject, annotations)
    except (VoorwerpError, Volunteer.DoesNotExist):
        pass  # answered already, nothing to correct: as it happens on a site


@pytest.mark.parametrize("seed", range(2))
def test_all_of_it_read_again_is_the_same_to_the_bit(seed: int):
    crowd = make(6, 7)
    crowd.join(0)
    crowd.join(1)
    rng = random.Random(seed)
    for number in range(120):
        step(crowd, rng)
        if number % 40 == 39:
            follow(crowd.workflow.pk, batch=rng.choice([1, 7, 200]))
    follow(crowd.workflow.pk, batch=5)
    assert rebuild_workflow(crowd.workflow) == []
    state, evidence = dump(crowd.workflow), evidence_of(crowd.workflow)
    assert state["OnlineWeight"]
    assert rebuild_online(crowd.workflow, batch=11) == []
    forget(crowd.workflow.pk)
    follow(crowd.workflow.pk)
    assert dump(crowd.workflow) == state
    assert evidence_of(crowd.workflow) == evidence
    # The crowd's matrix is the sum over those who weigh in full, whatever came before and after.
    lessened = OnlineWeight.objects.filter(weight__lt=1).values_list("volunteer_id", "weight")
    assert standing_weights(crowd.workflow.pk, position_of(crowd.workflow.pk)) == dict(lessened)
    for task in OnlineTask.objects.all():
        k = len(task.keys)
        rows = OnlineVolunteer.objects.filter(task=task.task).exclude(volunteer__in=dict(lessened))
        full = sum(
            (padded(square(row.counts, int(len(row.counts) ** 0.5)), k) for row in rows), np.zeros((k, k))
        )
        np.testing.assert_allclose(square(task.crowd, k), full, atol=1e-9)


def padded(matrix: np.ndarray, k: int) -> np.ndarray:
    found = np.zeros((k, k))
    found[: len(matrix), : len(matrix)] = matrix
    return found


def test_the_batch_reads_the_weight_of_its_position_and_follows_a_joining():
    crowd = make(12, 5)
    for subject in range(12):
        for volunteer in range(4):
            crowd.answer(volunteer, subject, ARTIFACT if volunteer == 3 else SMOOTH)
    crowd.answer(4, 0, ARTIFACT)
    first = position_of(crowd.workflow.pk)
    weigh(crowd, 4, 0.05)
    crowd.join(3)
    crowd.join(4, account_of=3)  # the lesser weight is the person's
    assert standing_weights(crowd.workflow.pk, first) == {}
    person = Volunteer.objects.get(pk=crowd.ids[4]).person_id
    assert standing_weights(crowd.workflow.pk, position_of(crowd.workflow.pk)) == {person: 0.05}
    shares = []
    for position in (first, position_of(crowd.workflow.pk)):
        for method in ("dawid-skene-pooled", "one-coin", "weighted", "majority"):
            run = mine(crowd.workflow, method=method, position=position)
            row = Consensus.objects.get(run=run, task="T0", subject=crowd.subjects[5])
            shares.append(row.probabilities["artifact"])
    full, lessened = shares[:4], shares[4:]
    assert all(low < high for low, high in zip(lessened[:3], full[:3], strict=True))
    assert lessened[3] == full[3] == 0.25  # a majority counts
