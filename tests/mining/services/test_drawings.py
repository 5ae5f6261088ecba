"""Drawings in the record, the online state, batch runs and the evidence."""

import random
from typing import Any

import pytest

from mining.models import Consensus
from mining.services.follow import follow
from mining.services.mine import mine
from mining.services.rebuild import forget, rebuild_online
from projects.exceptions import Invalid
from projects.models import Classification, Evidence, Media, SubjectState, Volunteer, Workflow
from projects.services import discount, publish_workflow
from projects.services.glance import glance
from projects.services.rebuild import rebuild_workflow
from tests.mining.helpers import Crowd, dump, evidence_of
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db(transaction=True)

RIM = {
    "kind": "single",
    "question": "Rim?",
    "answers": [{"key": k, "label": k.title()} for k in ("sharp", "worn")],
}
MOON: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "drawing",
            "question": "Where are craters?",
            "required": False,
            "tools": [
                {"key": "crater", "label": "Crater", "shape": "circle", "color": "sky", "details": [RIM]},
                {"key": "boulder", "label": "Boulder", "shape": "point", "color": "orange"},
            ],
        }
    },
    "retirement": [
        "any",
        ["gte", ["votes"], 100],
        ["all", ["gte", ["votes"], 4], ["gte", ["agreement", "T0"], 0.75]],
    ],
}
THINGS = [(60, 70, 20, "sharp"), (200, 90, 12, "worn"), (150, 220, 30, "sharp")]


def moon(subjects: int, **other: Any) -> Workflow:
    """Pictures of 300 by 300 pixels."""
    workflow = make_workflow(subjects, **{"definition": MOON} | other)
    Media.objects.update(width=300, height=300)
    return workflow


def crater(x: float, y: float, r: float, rim: str = "sharp") -> dict[str, Any]:
    return {"tool": "crater", "frame": 0, "x_center": x, "y_center": y, "r": r, "details": [rim]}


def drew(*marks: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"task": "T0", "value": list(marks)}]


def seen(rng: random.Random, things: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [
        crater(
            round(x + rng.gauss(0, 2), 2),
            round(y + rng.gauss(0, 2), 2),
            round(r * rng.uniform(0.9, 1.1), 2),
            rim,
        )
        for x, y, r, rim in things
    ]


def test_what_several_drew_becomes_things_where_they_are() -> None:
    workflow = moon(1, definition=MOON | {"retirement": ["gte", ["votes"], 100]})
    crowd, rng = Crowd(workflow, 8), random.Random(4)
    for person in range(6):
        crowd.answer(person, 0, drew(*seen(rng, THINGS[: 3 if person < 4 else 2])))
    crowd.answer(6, 0, drew(crater(280, 280, 9)))
    crowd.answer(7, 0, drew())
    follow(workflow.pk)
    row = Evidence.objects.get()
    assert row.tallies["votes"] == {"crater=3": 4, "crater=2": 2, "crater=1": 1, "boulder=0": 7, "none": 1}
    value = row.value
    assert (value["asked"], value["counts"], value["left_out"]) == (8, {"crater": 3, "boulder": 0}, 0)
    assert row.effective_votes == 8.0
    assert 0 < row.dispersion < 1
    real, lone = value["marks"][:3], value["marks"][3]
    assert [mark["drew"] for mark in value["marks"]] == [6, 6, 4, 1]
    for (x, y, r, rim), mark in zip(
        THINGS, sorted(real, key=lambda each: each["mark"]["y_center"]), strict=False
    ):
        if r == 30:
            continue
        assert (mark["mark"]["x_center"], mark["mark"]["y_center"]) == pytest.approx((x, y), abs=2)
        assert mark["mark"]["r"] == pytest.approx(r, rel=0.06)
        assert mark["details"] == [{"votes": {rim: 6}}]
        assert mark["error"] == pytest.approx(value["scatter"]["crater"] / 6**0.5, abs=0.006)
    assert lone["p"] < 0.5 < real[-1]["p"]
    assert lone["mark"] == {"x_center": 280.0, "y_center": 280.0, "r": 9.0}


def test_it_is_rebuilt_to_the_bit_and_a_run_says_the_same_of_one_subject() -> None:
    rng = random.Random(7)
    workflow = moon(5)
    crowd = Crowd(workflow, 9)
    for person in range(5):
        crowd.join(person)
    for subject in range(4):
        for person in rng.sample(range(9), 6):
            crowd.answer(person, subject, drew(*seen(rng, rng.sample(THINGS, rng.randrange(4)))))
    discount(Classification.objects.order_by("id")[3], "test")
    crowd.join(7, account_of=3)
    follow(workflow.pk, batch=5)
    state, evidence = dump(workflow), evidence_of(workflow)
    assert rebuild_workflow(workflow) + rebuild_online(workflow, batch=4) == []
    forget(workflow.pk)
    follow(workflow.pk)
    assert (dump(workflow), evidence_of(workflow)) == (state, evidence)
    mined = {row.subject_id: row.value for row in Consensus.objects.filter(run=mine(workflow))}
    assert len(mined) == 4
    assert {len(value["scatter"]) for value in mined.values()} == {1}  # of all subjects together
    assert len({value["scatter"]["crater"] for value in mined.values()}) == 1
    one = moon(1, slug="one")
    alone = Crowd(one, 3)
    for person in range(3):
        alone.answer(person, 0, drew(*seen(rng, THINGS)))
    follow(one.pk)
    assert Consensus.objects.get(run=mine(one)).value == Evidence.objects.get(workflow=one).value


def test_who_agree_on_how_many_retire_a_subject() -> None:
    workflow = moon(1)
    crowd, rng = Crowd(workflow, 5), random.Random(1)
    for person, things in enumerate([THINGS, THINGS[:2], THINGS, THINGS]):
        assert SubjectState.objects.get().retired_at is None
        crowd.answer(person, 0, drew(*seen(rng, things)))
    assert "agreement of T0" in SubjectState.objects.get().retired_reason


def test_a_glance_tells_how_many_from_the_record_alone() -> None:
    workflow = moon(1)
    crowd = Crowd(workflow, 3)
    crowd.answer(0, 0, drew(crater(60, 70, 20), crater(200, 90, 12)))
    crowd.answer(1, 0, drew())
    me = Volunteer.objects.get(public_id=crowd.passes[0].public_id)
    before = glance(workflow_id=workflow.pk, subject_id=crowd.subjects[0], volunteer=me)
    follow(workflow.pk)
    assert glance(workflow_id=workflow.pk, subject_id=crowd.subjects[0], volunteer=me) == before
    (task,) = before["tasks"]
    assert task["tools"][0] == {"key": "crater", "label": "Crater", "drew": 1, "middle": 1}
    assert (task["asked"], task["answers"]) == (2, [])


def test_marks_outside_of_the_picture_are_refused_and_change_nothing() -> None:
    workflow = moon(1)
    crowd = Crowd(workflow, 1)
    Media.objects.update(width=300, height=200)
    with pytest.raises(Invalid, match=r"T0: mark 1 \(Crater\) lies outside of the picture at 60, 200.51"):
        crowd.answer(0, 0, drew(crater(60, 200.51, 9)))
    assert not Classification.objects.exists()
    crowd.answer(0, 0, drew(crater(60, 200.5, 9)))


def test_what_was_drawn_with_another_shape_is_left_out() -> None:
    workflow = moon(1)
    crowd = Crowd(workflow, 2)
    crowd.answer(0, 0, drew(crater(60, 70, 20)))
    body = MOON["tasks"]["T0"]
    points = [{"key": "crater", "label": "Crater", "shape": "point", "color": "sky"}]
    publish_workflow(workflow, MOON | {"tasks": {"T0": body | {"tools": points}}})
    crowd.answer(1, 0, drew({"tool": "crater", "frame": 0, "x": 5, "y": 6, "details": []}))
    follow(workflow.pk)
    (mark,) = Evidence.objects.get().value["marks"]
    assert mark["mark"] == {"x": 5.0, "y": 6.0}
    assert rebuild_online(workflow) == []
