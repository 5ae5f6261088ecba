"""Blocks: a dated decision, withheld from then on, discounted before; lifted as if nothing had been."""

import random
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from mining.models import OnlineSubject, OnlineVolunteer
from mining.services.follow import follow
from mining.services.rebuild import rebuild_online
from projects.exceptions import Invalid
from projects.models import (
    Block,
    Classification,
    Discount,
    Evidence,
    GoldSubject,
    Retirement,
    SubjectState,
    Volunteer,
    Workflow,
    WorkflowCounter,
)
from projects.services import enter_gold, record_classification, redo_classification
from projects.services.blocks import CHUNK, appeal, block, lift, tend_blocks
from projects.services.rebuild import rebuild_workflow
from projects.services.redo import Blocked
from tests.load.size import size
from tests.mining.helpers import BAR, NOTHING, Crowd
from tests.projects.factories import ARMS, ARTIFACT, SMOOTH, TREE, make_workflow, submission

pytestmark = pytest.mark.django_db
THREE: dict[str, Any] = TREE | {"retirement": ["gte", ["votes"], 3]}


@pytest.fixture
def crowd() -> Crowd:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    workflow = make_workflow(8, definition=THREE)
    workflow.refresh_from_db()
    return Crowd(workflow, 5)


@pytest.fixture
def owner() -> Any:
    return get_user_model().objects.create_user("owner")


def person(crowd: Crowd, number: int) -> Volunteer:
    found = Volunteer.objects.get(public_id=crowd.passes[number].public_id)
    return found.joined_to or found


def stands(workflow: Workflow) -> dict[str, Any]:
    """All that answers move, but for dates."""
    counter = WorkflowCounter.objects.get(pk=workflow.pk)
    return {
        "tallies": {
            (e.subject_id, e.task): e.tallies
            for e in Evidence.objects.filter(workflow=workflow)
            if e.tallies.get("asked")
        },
        "states": list(
            SubjectState.objects.filter(workflow=workflow)
            .order_by("subject_id")
            .values_list("subject_id", "answered", "retired_reason")
        ),
        "counter": (counter.answers, counter.subjects, counter.retired),
        "standing": set(Classification.objects.standing().values_list("pk", flat=True)),
    }


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(size(2, 12)))
def test_a_block_that_is_lifted_leaves_all_as_if_it_had_not_been(crowd: Crowd, owner: Any, seed: int) -> None:
    rng = random.Random(seed)
    crowd.join(0)
    for subject in rng.sample(range(8), 8):
        for volunteer in rng.sample(range(5), rng.randrange(1, 4)):
            crowd.answer(volunteer, subject, rng.choice([SMOOTH, ARTIFACT, ARMS, BAR, NOTHING]))
    crowd.join(1, account_of=0)  # an alias: its answers are meant too
    follow(crowd.workflow.pk)
    both = Volunteer.objects.filter(public_id__in=[held.public_id for held in crowd.passes[:2]])
    before, matrices = stands(crowd.workflow), votes(crowd.workflow)
    made = block(
        project=crowd.workflow.project, volunteer=person(crowd, 1), by=owner, reason="Always the same."
    )
    given = Classification.objects.standing().filter(volunteer__in=both).count()
    assert tend_blocks() == given
    follow(crowd.workflow.pk)
    assert set(Discount.objects.filter(lifted_at=None, reason="block").values_list("reason")) <= {("block",)}
    assert not Classification.objects.standing().filter(volunteer__in=both).exists()
    assert given == 0 or stands(crowd.workflow) != before
    assert rebuild_workflow(crowd.workflow) == []
    lift(block=made, by=owner, reason="They have explained it.")
    assert tend_blocks() == given
    assert tend_blocks() == 0
    follow(crowd.workflow.pk)
    assert stands(crowd.workflow) == before
    assert rebuild_workflow(crowd.workflow) == []
    assert rebuild_online(crowd.workflow) == []  # to the bit
    assert votes(crowd.workflow) == matrices


def votes(workflow: Workflow) -> Any:
    """Who has which vote on what in the online state, and how many. What it concludes from them depends on their order
    in the record, which a block changes: that is compared by reading the record again."""
    subjects = {
        (row.subject_id, row.task): (row.asked, sorted(zip(row.voters, row.labels, strict=True)))
        for row in OnlineSubject.objects.filter(workflow=workflow)
    }
    people = OnlineVolunteer.objects.filter(workflow=workflow, votes__gt=0)
    return subjects, sorted(people.values_list("volunteer_id", "task", "votes"))


def test_reopened_and_retired_again_as_dated_records(crowd: Crowd, owner: Any) -> None:
    for volunteer in range(3):
        crowd.answer(volunteer, 0, SMOOTH)
    subject = crowd.subjects[0]
    assert SubjectState.objects.get(subject=subject).retired_at
    made = block(project=crowd.workflow.project, volunteer=person(crowd, 0), by=owner, reason="Too fast.")
    tend_blocks()
    assert SubjectState.objects.get(subject=subject).retired_at is None
    lift(block=made, by=owner, reason="A mistake.")
    tend_blocks()
    assert SubjectState.objects.get(subject=subject).retired_at
    events = list(Retirement.objects.filter(subject=subject).order_by("pk").values_list("retired", flat=True))
    assert events == [True, False, True]
    assert rebuild_workflow(crowd.workflow) == []


def test_in_chunks_and_resumable(crowd: Crowd, owner: Any) -> None:
    workflow = make_workflow(2 * CHUNK + 20, slug="many", definition=THREE)
    workflow.refresh_from_db()
    many = Crowd(workflow, passes=crowd.passes)
    for subject in range(len(many.subjects)):
        many.answer(0, subject, SMOOTH)
    block(project=workflow.project, volunteer=person(many, 0), by=owner, reason="A script.")
    assert tend_blocks(seconds=0) == 0  # killed before it began
    assert Classification.objects.standing().count() == 2 * CHUNK + 20
    assert tend_blocks() == 2 * CHUNK + 20
    assert not Classification.objects.standing().exists()
    assert WorkflowCounter.objects.get(pk=workflow.pk).answers == 0


def test_while_it_stands_answers_are_withheld_and_a_check_is_not_told(crowd: Crowd, owner: Any) -> None:
    enter_gold(workflow=crowd.workflow, subject_id=crowd.subjects[5], annotations=SMOOTH, expert="account:1")
    crowd.answer(0, 0, SMOOTH)
    made = block(project=crowd.workflow.project, volunteer=person(crowd, 0), by=owner, reason="Too fast.")
    told = {
        record_classification(
            submission(crowd.workflow, crowd.subjects[subject], SMOOTH), crowd.passes[0]
        ).told
        for subject in (1, 5)
    }
    assert told == {"withheld"}
    reasons = Classification.objects.exclude(subject=crowd.subjects[0]).values_list(
        "counted_reason", flat=True
    )
    assert set(reasons) == {"blocked"}
    assert GoldSubject.objects.count() == 1
    with pytest.raises(Blocked):
        redo_classification(submission(crowd.workflow, crowd.subjects[0], ARMS), crowd.passes[0])
    tend_blocks()
    lift(block=made, by=owner, reason="Explained.")
    tend_blocks()
    standing = Classification.objects.standing().values_list("subject_id", flat=True)
    assert list(standing) == [crowd.subjects[0]]  # what came in meanwhile stays withheld
    crowd.answer(0, 2, SMOOTH)
    assert Classification.objects.standing().count() == 2


def test_joining_an_account_is_no_way_out(crowd: Crowd, owner: Any) -> None:
    crowd.join(0)
    crowd.answer(0, 0, SMOOTH)
    crowd.answer(1, 0, ARMS)
    crowd.answer(1, 1, ARMS)
    made = block(project=crowd.workflow.project, volunteer=person(crowd, 1), by=owner, reason="Copies.")
    tend_blocks()
    crowd.join(1, account_of=0)
    assert Block.objects.get(pk=made.pk).volunteer == person(crowd, 0)
    recorded = record_classification(submission(crowd.workflow, crowd.subjects[3], SMOOTH), crowd.passes[0])
    assert recorded.counted == "withheld"
    tend_blocks()
    assert not Classification.objects.standing().exists()
    lift(block=made, by=owner, reason="Explained.")
    tend_blocks()
    counted = Classification.objects.standing().order_by("subject_id").values_list("subject_id", flat=True)
    assert list(counted) == crowd.subjects[:2]  # one answer a person and subject, though both aliases had one
    assert rebuild_workflow(crowd.workflow) == []


def test_refused_with_a_sentence(crowd: Crowd, owner: Any) -> None:
    crowd.answer(0, 0, SMOOTH)
    project, volunteer = crowd.workflow.project, person(crowd, 0)
    with pytest.raises(Invalid, match="Say why: the volunteer will read it"):
        block(project=project, volunteer=volunteer, by=owner, reason=" ")
    made = block(project=project, volunteer=volunteer, by=owner, reason="Too fast.")
    with pytest.raises(Invalid, match="blocked already"):
        block(project=project, volunteer=volunteer, by=owner, reason="Again.")
    with pytest.raises(Invalid, match="Write why"):
        appeal(block=made, text=" ")
    appeal(block=made, text="It was my cat.")
    made.refresh_from_db()
    assert (made.appeal, made.appealed_at is not None) == ("It was my cat.", True)
    lift(block=made, by=owner, reason="A cat.")
    with pytest.raises(Invalid, match="lifted already"):
        lift(block=made, by=owner, reason="Again.")
    with pytest.raises(Invalid, match="lifted already"):
        appeal(block=made, text="Once more")
    crowd.join(1)
    own = person(crowd, 1)
    with pytest.raises(Invalid, match="yourself"):
        block(project=project, volunteer=own, by=own.account, reason="x")
