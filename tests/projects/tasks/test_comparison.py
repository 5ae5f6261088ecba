"""A task of kind comparison: what it may be, how right an answer is, pairs, and the ranking that a run makes."""

from typing import Any

import pytest
from django.db import connection
from pydantic import ValidationError

from mining.ballots import ballots
from mining.services.mine import mine
from mining.tables import ranking, rankings_of
from projects.exceptions import Invalid
from projects.exports.platform_tasks import of_task
from projects.models import PairMember, Subject, SubjectState, Workflow
from projects.pairing import all_pairs
from projects.services import publish_workflow
from projects.services.make_pairs import make_pairs
from projects.tasks.comparison import ComparisonTask, with_all
from projects.tasks.definition import parse_definition
from tests.mining.helpers import Crowd
from tests.projects.factories import make_workflow

MORE = [
    {"key": "left", "label": "Left"},
    {"key": "tie", "label": "Neither"},
    {"key": "right", "label": "Right"},
]
DEFINITION: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {"T0": {"kind": "comparison", "ask": "more", "question": "Which is rounder?", "answers": MORE}},
    "retirement": ["gte", ["votes"], 3],
    "viewer": {"kind": "pair"},
}


def task(ask: str = "more", keys: tuple[str, ...] = ("left", "tie", "right")) -> ComparisonTask:
    answers = [{"key": key, "label": key} for key in keys]
    return ComparisonTask.model_validate(
        {"kind": "comparison", "ask": ask, "question": "?", "answers": answers}
    )


@pytest.mark.parametrize(
    ("ask", "keys", "why"),
    [
        ("more", ("left", "middle"), "answers to more have the keys left, tie, right"),
        ("more", ("left", "tie"), "have the keys"),
        ("more", ("right", "left"), "stand in the order left, tie, right"),
        ("match", ("0", "1", "2", "3"), "have the keys 0, 1, 2, 3, 4"),
        ("most", ("left", "right"), "Input should be"),
    ],
)
def test_a_definition_that_cannot_be_is_refused(ask: str, keys: tuple[str, ...], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        task(ask, keys)


def test_it_counts_as_one_answer_and_is_shown_as_a_pair() -> None:
    definition = parse_definition(DEFINITION)
    stored = definition.walk([{"task": "T0", "value": "tie"}])
    assert definition.votes(stored) == [("T0", [("tie", 1.0)])]
    assert [(b.path, b.keys, b.key) for b in ballots(definition, stored)] == [
        ("T0", ["left", "tie", "right"], "tie")
    ]
    with pytest.raises(Invalid, match="what is compared is shown as a pair"):
        parse_definition(DEFINITION | {"viewer": {"kind": "image"}})
    assert of_task(task())["type"] == "single"
    assert with_all([{"key": "right", "label": "R"}]) == {
        "ask": "more",
        "answers": [{"key": "left", "label": "left"}, {"key": "right", "label": "R"}],
    }
    assert with_all([{"key": "right", "label": "R"}, {"key": "same", "label": "S"}]) == {"kind": "single"}


def test_how_right_an_answer_is() -> None:
    more, match = task(), task("match", ("0", "1", "2", "3", "4"))
    assert [more.score(value, "left") for value in ("left", "tie", "right", None)] == [1.0, 0.5, 0.0, 0.0]
    assert [match.score(value, "3") for value in ("3", "2", "0")] == [1.0, 0.75, 0.25]
    assert task("same", ("same", "different", "unsure")).score("unsure", "same") == 0.0
    assert more.truth(["left", "left", "right", None]) == "left"


def paired(n: int) -> tuple[Workflow, list[str]]:
    """A workflow about all pairs of n subjects, and the names of those in the order of the alphabet."""
    workflow = make_workflow(n)
    names = sorted(Subject.objects.values_list("external_id", flat=True))
    target = workflow.project.subject_sets.create(slug="pairs", title="Pairs")
    assert make_pairs(target, all_pairs(names, seed=2)) == n * (n - 1) // 2
    assert make_pairs(target, all_pairs(names, seed=2)) == 0
    workflow.subject_set = target
    workflow.save()
    publish_workflow(workflow, DEFINITION)
    SubjectState.objects.filter(workflow=workflow).exclude(subject__subject_set=target).delete()
    return workflow, names


@pytest.mark.django_db
def test_pairs_have_their_members_pictures_in_order_and_what_cannot_be_is_told() -> None:
    workflow, names = paired(4)
    pair = Subject.objects.filter(subject_set=workflow.subject_set).order_by("external_id")[0]
    members = [each.member for each in pair.members.all()]
    assert pair.external_id == " ~ ".join(member.external_id for member in members)
    assert [media.path for media in pair.media.all()] == [member.media.get().path for member in members]
    assert PairMember.objects.count() == 12
    target = workflow.subject_set
    for given, why in (
        ((names[0], names[0]), "s0 is paired with itself"),
        ((names[0], "nobody"), "no subject nobody"),
        ((names[0], pair.external_id), "is a pair itself"),
    ):
        with pytest.raises(Invalid, match=why):
            make_pairs(target, [given])
    assert Subject.objects.filter(subject_set=target).count() == 6


@pytest.mark.django_db
def test_a_run_ranks_the_members_by_the_pairs_that_are_finished() -> None:
    """Everybody says that the later name is more, whichever side it stands on; between neighbours one sees none."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    workflow, names = paired(5)
    crowd = Crowd(workflow, 3)
    for at, pair in enumerate(crowd.subjects):
        left, right = (
            names.index(each.member.external_id)
            for each in PairMember.objects.filter(pair=pair).select_related("member")
        )
        for person in range(3):
            said = "tie" if person == 0 and abs(left - right) == 1 else "left" if left > right else "right"
            crowd.answer(person, at, [{"task": "T0", "value": said}])
    run = mine(workflow)
    told = rankings_of(run)["T0"]
    rows = list(ranking(workflow, team=True))
    assert [row.member.external_id for row in rows] == names[::-1]
    assert [row.place for row in rows] == [1, 2, 3, 4, 5]
    assert [row.votes for row in rows] == [12] * 5
    assert all(row.low < row.strength < row.high for row in rows)
    assert sum(row.strength for row in rows) == pytest.approx(0, abs=1e-3)
    assert abs(told["side"]) < 2 * told["side_error"]
    SubjectState.objects.filter(subject_id=crowd.subjects[0]).update(retired_at=None)
    mine(workflow)
    again = {row.member.pk: row.votes for row in ranking(workflow, team=False)}
    members = PairMember.objects.filter(pair=crowd.subjects[0]).values_list("member_id", flat=True)
    assert again == {row.member.pk: 9 if row.member.pk in members else 12 for row in rows}
