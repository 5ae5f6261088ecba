"""Options of long lists in the online state, in batch runs, in the catalogue, in a glance."""

import random
from typing import Any

import pytest

from mining.kinds import KINDS
from mining.models import Consensus, Published
from mining.services.follow import follow
from mining.services.mine import mine
from mining.services.rebuild import forget, rebuild_online
from mining.sheet import Sheet
from projects.models import Classification, Evidence, SubjectState
from projects.services import discount
from projects.services.glance import glance
from projects.services.rebuild import rebuild_workflow
from projects.tasks.definition import parse_definition
from tests.mining.helpers import Crowd, dump, evidence_of
from tests.projects.exports.reading import table
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db(transaction=True)

LIST: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "dropdown",
            "question": "Which one?",
            "required": False,
            "answers": [
                {"key": f"k{n}", "label": f"Kind {n}", "next": "T1" if n == 7 else None} for n in range(300)
            ],
        },
        "T1": {"kind": "dropdown", "question": "Sure?", "answers": [{"key": "yes", "label": "Yes"}]},
    },
    "retirement": [
        "any",
        ["all", ["gte", ["votes"], 4], ["gte", ["agreement", "T0"], 0.7]],
        ["gte", ["votes"], 9],
    ],
}


def one(key: str | None) -> list[dict[str, Any]]:
    said = [{"task": "T0", "value": key}]
    return [*said, {"task": "T1", "value": "yes"}] if key == "k7" else said


def test_what_several_chose_becomes_evidence_and_retires() -> None:
    workflow = make_workflow(2, definition=LIST)
    crowd = Crowd(workflow, 5)
    for volunteer, key in enumerate(["k250", "k7", "k7", None, "k7"]):
        crowd.answer(volunteer, 0, one(key))
    crowd.answer(0, 1, one(None))
    follow(workflow.pk)
    row = Evidence.objects.get(subject=crowd.subjects[0], task="T0")
    assert row.value == {"key": "k7", "shares": [["k7", 0.75], ["k250", 0.25]]}
    assert row.dispersion == pytest.approx(0.5623351446188083 / 1.3862943611198906)
    assert (row.probabilities, row.entropy, row.effective_votes, row.asked) == (None, None, 4.0, 5)
    assert row.tallies["votes"] == {"k250": 1, "k7": 3, "none": 1}
    assert Evidence.objects.get(subject=crowd.subjects[1], task="T0").value is None
    assert Evidence.objects.get(subject=crowd.subjects[0], task="T1").tallies["votes"] == {"yes": 3}
    assert SubjectState.objects.get(subject=crowd.subjects[0]).retired_at is None
    for volunteer in range(4):
        crowd.answer(volunteer, 1, one("k7")) if volunteer else None
    assert "0.7" in SubjectState.objects.get(subject=crowd.subjects[1]).retired_reason
    (found,) = (row for row in table("catalogue", workflow) if int(row["subject_id"]) == crowd.subjects[1])
    assert (found["T0_label"], found["T0_text"], found["T0_votes"], found["T0_asked"]) == (
        "k7",
        "Kind 7",
        "3",
        "4",
    )
    assert (found["T0_probability"], found["path"]) == ("", "T0.k7>T1.yes")
    seen = glance(
        workflow_id=workflow.pk,
        subject_id=crowd.subjects[0],
        volunteer=Classification.objects.first().volunteer,
    )  # type: ignore[union-attr]
    assert [(a["key"], a["votes"]) for a in seen["tasks"][0]["answers"]] == [("k7", 3), ("k250", 1)]


def test_it_is_rebuilt_to_the_bit_and_runs_know_who_knows() -> None:
    rng = random.Random(3)
    workflow = make_workflow(20, definition=LIST | {"retirement": ["gte", ["votes"], 1000]})
    crowd = Crowd(workflow, 9)
    for person in range(5):
        crowd.join(person)
    truth = [f"k{rng.randrange(100, 300)}" for _ in crowd.subjects]
    for subject, true in enumerate(truth):
        for person in rng.sample(range(9), 6):
            knows = rng.random() < (0.9 if person < 3 else 0.1)  # the others take k1 or k2
            crowd.answer(person, subject, one(true if knows else rng.choice(["k1", "k2"])))
    discount(Classification.objects.order_by("id")[3], "test")
    crowd.join(7, account_of=6 if 6 in crowd.accounts else 4)
    follow(workflow.pk, batch=5)
    state, evidence = dump(workflow), evidence_of(workflow)
    assert rebuild_workflow(workflow) + rebuild_online(workflow, batch=4) == []
    forget(workflow.pk)
    follow(workflow.pk)
    assert (dump(workflow), evidence_of(workflow)) == (state, evidence)
    run = mine(workflow)
    mined = {row.subject_id: row for row in Consensus.objects.filter(run=run, task="T0")}
    online = {row.subject_id: row for row in Evidence.objects.filter(task="T0")}
    pairs = list(zip(crowd.subjects, truth, strict=True))
    right = sum(mined[subject].key == true for subject, true in pairs)
    plain = sum(online[subject].value["key"] == true for subject, true in pairs)
    assert right >= plain + 4
    for row in mined.values():
        assert sum(row.probabilities.values()) == pytest.approx(1)
        assert row.probability == row.probabilities[row.key] == max(row.probabilities.values())
        assert row.dispersion == online[row.subject_id].dispersion
    Published.objects.create(workflow=workflow, run=run)
    SubjectState.objects.update(retired_at=run.finished_at, retired_reason="test")
    rows = {int(row["subject_id"]): row for row in table("catalogue", workflow)}
    assert {subject: row["T0_label"] for subject, row in rows.items()} == {s: r.key for s, r in mined.items()}
    assert {row["method"] for row in rows.values()} == {f"run {run.pk}"}


def test_an_option_that_does_not_stand_out_is_undecided() -> None:
    task = parse_definition(LIST).tasks["T0"]

    def sheet(*keys: str) -> tuple[Sheet, Any]:
        return Sheet(len(keys), list(range(len(keys))), list(range(len(keys))), list(keys)), task

    given = {
        1: sheet(*["k7"] * 6),
        2: sheet("k7", "k7", "k9", "k9"),
        3: sheet("k8"),
        4: sheet("k5", "k5", "k5", "k6"),
    }
    found = KINDS["dropdown"].batch(given)
    assert {at: each.undecided for at, each in found.items()} == {1: False, 2: True, 3: True, 4: True}
    assert KINDS["dropdown"].online(*given[1]).undecided is None
