"""Texts in the online state, in batch runs and in the evidence."""

import random
from typing import Any

import pytest

from mining.models import Consensus, OnlineAlias, OnlineSheet
from mining.services.follow import follow
from mining.services.mine import mine
from mining.services.rebuild import forget, rebuild_online
from projects.exceptions import AlreadyAnswered
from projects.models import Classification, Evidence, SubjectState
from projects.services import discount, publish_workflow
from projects.services.rebuild import rebuild_workflow
from tests.mining.helpers import Crowd, dump, evidence_of
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db(transaction=True)

LINES: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "single",
            "question": "Is there writing?",
            "answers": [
                {"key": "yes", "label": "Yes", "next": "T1"},
                {"key": "no", "label": "No", "next": None},
            ],
        },
        "T1": {"kind": "text", "question": "What does it say?", "keyboard": "polytonic_greek", "next": "T2"},
        "T2": {"kind": "text", "question": "Anything in the margin?", "required": False, "lines": 3},
    },
    "retirement": ["gte", ["votes"], 1000],
}


def line(text: str, margin: str = "") -> list[dict[str, Any]]:
    return [
        {"task": "T0", "value": "yes"},
        {"task": "T1", "value": text},
        {"task": "T2", "value": margin},
    ]


NO = [{"task": "T0", "value": "no"}]


def step(crowd: Crowd, rng: random.Random) -> None:
    """Mostly a text, at times a discount or a joining."""
    dice = rng.random()
    if dice < 0.06:
        counted = Classification.objects.filter(counted="yes", discount__isnull=True).order_by("id")
        if counted:
            discount(rng.choice(list(counted)), "test")
    elif dice < 0.14:
        crowd.join(rng.randrange(2, len(crowd.passes)), account_of=rng.choice(sorted(crowd.accounts)))
    else:
        answer = (
            NO
            if rng.random() < 0.1
            else line(
                "".join(rng.choice(" αά?") if rng.random() < 0.2 else letter for letter in "μῆνιν ἄειδε θεά"),
                rng.choice(["", "β", "βʹ"]),
            )
        )
        try:
            crowd.answer(rng.randrange(len(crowd.passes)), rng.randrange(len(crowd.subjects)), answer)
        except AlreadyAnswered:
            pass


def busy(steps: int = 90, seed: int = 11, **definition: Any):
    rng = random.Random(seed)
    workflow = make_workflow(5, definition=LINES | definition)
    crowd = Crowd(workflow, 10)
    crowd.join(0)
    crowd.join(1)
    for _ in range(steps):
        step(crowd, rng)
    return workflow


def test_what_several_read_becomes_evidence() -> None:
    workflow = make_workflow(1, definition=LINES)
    crowd = Crowd(workflow, 4)
    for volunteer, text in enumerate(["μῆνιν", "μηνιν", "μῆνι?"]):
        crowd.answer(volunteer, 0, line(text))
    crowd.answer(3, 0, NO)
    follow(workflow.pk)
    row = Evidence.objects.get(task="T1")
    assert row.value == {
        "text": "μῆνιν",
        "letters": [["μ", 1.0], ["ῆ", 0.6667], ["ν", 1.0], ["ι", 1.0], ["ν", 0.6667]],
    }
    assert (row.probabilities, row.entropy, row.certainty) == (None, None, None)
    assert (row.asked, row.effective_votes) == (3, 3.0)
    assert row.dispersion == pytest.approx(0.9182958340544896 / 1.584962500721156 / 5)
    assert row.tallies == {"asked": 3, "votes": {"text": 3}, "first": ["text"] * 3}
    empty = Evidence.objects.get(task="T2")
    assert (empty.value, empty.asked, empty.effective_votes) == ({"text": "", "letters": []}, 3, 0.0)
    assert Evidence.objects.get(task="T0").value is None


@pytest.mark.parametrize("batch", [1, 7])
def test_online_is_the_same_however_it_is_read_and_when_it_is_rebuilt(batch: int) -> None:
    workflow = busy()
    follow(workflow.pk, batch=batch)
    assert OnlineAlias.objects.exists()
    assert sum(len(sheet.texts) for sheet in OnlineSheet.objects.filter(task="T1")) > 15
    state, evidence = dump(workflow), evidence_of(workflow)
    assert rebuild_workflow(workflow) + rebuild_online(workflow, batch=4) == []
    assert (dump(workflow), evidence_of(workflow)) == (state, evidence)
    forget(workflow.pk)
    follow(workflow.pk)
    assert (dump(workflow), evidence_of(workflow)) == (state, evidence)


def test_what_was_spoilt_is_told_and_put_right() -> None:
    workflow = busy(40)
    follow(workflow.pk)
    state, evidence = dump(workflow), evidence_of(workflow)
    sheet = OnlineSheet.objects.filter(texts__len__gt=1).first()
    assert sheet is not None
    sheet.texts[0] += "ν"
    sheet.save()
    row = Evidence.objects.exclude(value=None).exclude(value__text="").first()
    assert row is not None
    row.value["letters"][0][1] += 0.0001
    row.save()
    told = {difference.table for difference in rebuild_online(workflow)}
    assert told == {"mining.OnlineSheet", "projects.Evidence"}
    assert (dump(workflow), evidence_of(workflow)) == (state, evidence)


def test_the_batch_comes_to_the_same_texts() -> None:
    workflow = busy()
    follow(workflow.pk)
    run = mine(workflow)
    online = {
        (row.subject_id, row.task): (row.value, row.dispersion, row.effective_votes)
        for row in Evidence.objects.exclude(value=None)
        if row.effective_votes
    }
    batch = {
        (row.subject_id, row.task): (row.value, row.dispersion, row.effective_votes)
        for row in Consensus.objects.filter(run=run).exclude(value=None)
    }
    assert batch == online
    assert len(batch) > 5
    texts = sum(len(sheet.texts) for sheet in OnlineSheet.objects.all())
    votes = sum(Consensus.objects.filter(run=run).values_list("votes", flat=True))
    assert run.votes == votes
    assert 0 < texts < votes


def test_a_joined_alias_and_a_discount_leave_one_text_a_person() -> None:
    workflow = make_workflow(2, definition=LINES)
    crowd = Crowd(workflow, 3)
    crowd.join(0)
    crowd.answer(1, 1, line("δ"))
    crowd.answer(0, 0, line("α"))
    crowd.answer(1, 0, line("β"))
    crowd.answer(2, 0, line("γ"))
    follow(workflow.pk)
    crowd.join(1, account_of=0)  # the record discounts one of the two
    follow(workflow.pk)
    person, _, other = (crowd.ids[at] for at in (0, 1, 2))
    sheet = OnlineSheet.objects.get(task="T1", subject=crowd.subjects[0])
    assert (sheet.asked, max(sheet.texts), len(sheet.texts)) == (2, "γ", 2)
    assert set(sheet.writers) == {person, other}
    assert OnlineSheet.objects.get(task="T1", subject=crowd.subjects[1]).writers == [person]
    assert Evidence.objects.get(task="T1", subject=crowd.subjects[0]).asked == 2
    assert rebuild_online(workflow) == []


def test_texts_retire_by_votes_and_by_what_they_are_worth() -> None:
    workflow = make_workflow(2, definition=LINES | {"retirement": ["gte", ["votes"], 2]})
    crowd = Crowd(workflow, 3)
    for volunteer in range(2):
        crowd.answer(volunteer, 0, line("α"))
    assert SubjectState.objects.get(subject=crowd.subjects[0]).retired_at is not None
    publish_workflow(workflow, LINES | {"retirement": ["gte", ["effective_votes", "T1"], 3]})
    for volunteer in range(3):
        crowd.answer(volunteer, 1, line("α"))
    state = SubjectState.objects.get(subject=crowd.subjects[1])
    assert state.retired_at is None
    follow(workflow.pk)
    state.refresh_from_db()
    assert state.retired_reason == "effective votes of T1 ≥ 3"
