"""Numbers in the online state, in batch runs and in the evidence."""

import random
from typing import Any

import pytest

from mining.models import Consensus, OnlineSheet
from mining.services.follow import follow
from mining.services.mine import mine
from mining.services.rebuild import forget, rebuild_online
from projects.models import Classification, Evidence
from projects.services import discount, publish_workflow
from projects.services.rebuild import rebuild_workflow
from tests.mining.helpers import Crowd, dump, evidence_of
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db(transaction=True)

SIZES: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "number",
            "question": "How far?",
            "min": 0,
            "max": 100,
            "unit": "mm",
            "required": False,
        }
    },
    "retirement": ["gte", ["votes"], 1000],
}


def far(number: float | None) -> list[dict[str, Any]]:
    return [{"task": "T0", "value": number}]


def test_what_several_measured_becomes_evidence() -> None:
    workflow = make_workflow(2, definition=SIZES)
    crowd = Crowd(workflow, 8)
    for volunteer, number in enumerate([12, 0, 13.5, 11, None, 12, 90]):
        crowd.answer(volunteer, 0, far(number))
    crowd.answer(7, 1, far(None))
    follow(workflow.pk)
    row = Evidence.objects.get(subject=crowd.subjects[0])
    assert row.value == {"value": 12.0, "low": 0.0, "high": 90.0, "spread": 1.25}
    assert row.dispersion == min(1.0, 4 * (0 + 12 + 1.5 + 1 + 0 + 78) / 6 / 100)
    assert (row.probabilities, row.entropy, row.certainty) == (None, None, None)
    assert (row.asked, row.effective_votes) == (7, 6.0)
    assert row.tallies["votes"] == {"number": 6, "none": 1}
    empty = Evidence.objects.get(subject=crowd.subjects[1])
    assert (empty.value, empty.asked, empty.effective_votes, empty.dispersion) == (None, 1, 0.0, 0.0)


def test_it_is_rebuilt_to_the_bit_and_runs_know_who_is_biased() -> None:
    rng = random.Random(7)
    workflow = make_workflow(12, definition=SIZES)
    crowd = Crowd(workflow, 9)
    for person in range(5):
        crowd.join(person)
    truth = [rng.uniform(20, 80) for _ in crowd.subjects]
    for subject, true in enumerate(truth):
        for person in rng.sample(range(9), 6):
            off = 15 if person < 4 else 0  # four of nine measure too much; of each six one to four
            crowd.answer(person, subject, far(round(true + off + rng.gauss(0, 1), 3)))
    discount(Classification.objects.order_by("id")[3], "test")
    crowd.join(7, account_of=3)
    follow(workflow.pk, batch=5)
    state, evidence = dump(workflow), evidence_of(workflow)
    assert rebuild_workflow(workflow) + rebuild_online(workflow, batch=4) == []
    forget(workflow.pk)
    follow(workflow.pk)
    assert (dump(workflow), evidence_of(workflow)) == (state, evidence)
    run = mine(workflow)
    mined = {row.subject_id: row for row in Consensus.objects.filter(run=run)}
    online = {row.subject_id: row for row in Evidence.objects.all()}
    assert run.votes == sum(len(sheet.texts) for sheet in OnlineSheet.objects.all())

    def off_by(rows: Any) -> float:
        """Typical distance from the truth, but for what is the same everywhere: biases are only told apart."""
        away = [
            rows[subject].value["value"] - true for subject, true in zip(crowd.subjects, truth, strict=True)
        ]
        mean = sum(away) / len(away)
        return (sum((each - mean) ** 2 for each in away) / len(away)) ** 0.5

    assert 2 * off_by(mined) < off_by(online)
    inside = [row.value["low"] < row.value["value"] < row.value["high"] for row in mined.values()]
    assert all(inside)
    assert {row.value["spread"] for row in mined.values()} == {row.value["spread"] for row in online.values()}


def test_what_was_written_when_the_task_asked_for_a_text_is_left_out() -> None:
    workflow = make_workflow(1, definition=SIZES)
    crowd = Crowd(workflow, 3)
    asked = {"kind": "text", "question": "How far?"}
    publish_workflow(workflow, SIZES | {"tasks": {"T0": asked}})
    crowd.answer(0, 0, [{"task": "T0", "value": "about 3"}])
    follow(workflow.pk)
    publish_workflow(workflow, SIZES)
    crowd.answer(1, 0, far(5))
    follow(workflow.pk)
    assert Evidence.objects.get().value == {"value": 5.0, "low": None, "high": None, "spread": 0.0}
    assert rebuild_online(workflow) == []
    assert [row.value["value"] for row in Consensus.objects.filter(run=mine(workflow))] == [5.0]
