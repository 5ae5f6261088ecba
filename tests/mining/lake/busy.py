"""A workflow in which everything happens that a ledger can hold, in a random order."""

import random
from typing import Any

from django.contrib.auth import get_user_model

from mining.frames import checks_frame, sheets, votes_frame
from mining.lake.read import Frames
from projects.exceptions import VoorwerpError
from projects.models import Block, Classification, Discount, Volunteer, Workflow
from projects.services import discount, enter_gold, redo_classification, restore, withdraw_gold
from projects.services.blocks import block, lift, tend_blocks
from tests.mining.helpers import OPEN, Crowd
from tests.projects.factories import make_workflow, submission

TREE: dict[str, Any] = OPEN | {
    "tasks": OPEN["tasks"] | {"T2": {"kind": "text", "question": "What is odd?", "required": False}}
}
TREE["tasks"]["T1"] = TREE["tasks"]["T1"] | {"next": "T2"}


def answers(rng: random.Random) -> list[dict[str, Any]]:
    given = rng.choice(["smooth", "features", "artifact"])
    if given != "features":
        return [{"task": "T0", "value": given}]
    seen = rng.choice([[], ["bar"], ["arms"], ["bar", "arms"]])
    words = rng.choice(["", "a ring", "a rign", "two tails"])
    return [
        {"task": "T0", "value": given},
        {"task": "T1", "value": seen},
        {"task": "T2", "value": words},
    ]


def busy(steps: int, seed: int) -> tuple[Crowd, random.Random]:
    workflow = make_workflow(6, definition=TREE)
    workflow.refresh_from_db()
    crowd, rng = Crowd(workflow, 7), random.Random(seed)
    crowd.join(0)
    crowd.join(1)
    get_user_model().objects.get_or_create(username="owner")
    for _ in range(steps):
        step(crowd, rng)
    return crowd, rng


def step(crowd: Crowd, rng: random.Random) -> None:
    """An answer, a correction, a discount, a restoration, a joining, a block, its lifting, or a known answer."""
    dice, workflow = rng.random(), crowd.workflow
    subject, volunteer = rng.choice(crowd.subjects), rng.randrange(len(crowd.passes))
    try:
        if dice < 0.1:
            enter_gold(
                workflow=workflow,
                subject_id=subject,
                annotations=answers(rng),
                expert=f"account:{rng.randrange(3)}",
            )
        elif dice < 0.14:
            withdraw_gold(workflow=workflow, subject_id=subject, expert=f"account:{rng.randrange(3)}")
        elif dice < 0.24:
            redo_classification(submission(workflow, subject, answers(rng)), crowd.passes[volunteer])
        elif dice < 0.29:
            crowd.join(rng.randrange(2, len(crowd.passes)), account_of=rng.choice(sorted(crowd.accounts)))
        elif dice < 0.35:
            discount(rng.choice(list(Classification.objects.standing().order_by("id"))), "test")
        elif dice < 0.4:
            lifted = Discount.objects.filter(lifted_at=None, reason="test").order_by("id")
            restore(rng.choice([each.classification for each in lifted]))
        elif dice < 0.44:
            _block_or_lift(workflow, rng)
        else:
            crowd.answer(volunteer, crowd.subjects.index(subject), answers(rng))
    except (VoorwerpError, IndexError):
        pass  # answered already, nothing to correct: as it happens on a site


def _block_or_lift(workflow: Workflow, rng: random.Random) -> None:
    owner = get_user_model().objects.get(username="owner")
    standing = Block.objects.filter(lifted_at=None).order_by("id").first()
    if standing is not None:
        lift(block=standing, by=owner, reason="test")
    else:
        who = rng.choice(list(Volunteer.objects.exclude(classifications=None).order_by("id")))
        block(project=workflow.project, volunteer=who, by=owner, reason="test")
    tend_blocks()


def assert_same(found: Frames, workflow_id: int, position: int) -> None:
    """To the row what the database says."""
    votes, checks = votes_frame(workflow_id, position), checks_frame(workflow_id, position)
    assert found.votes.schema == votes.schema
    assert found.votes.rows() == votes.rows()
    assert found.checks.schema == checks.schema
    assert found.checks.rows() == checks.rows()
    assert found.sheets == sheets(workflow_id, position)
