"""From answers to suggestions to decisions: nothing twice, nothing again on the same evidence, nobody else touched."""

import itertools
import random
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from mining.models import FairnessLook, Suggestion
from mining.services.follow import follow
from mining.services.look_for_unfair import LEAST, look, workflows_to_look_at
from mining.services.rebuild import rebuild_online
from mining.services.suggestions import act, dismiss, settle_weights
from projects.exceptions import Invalid
from projects.models import Block, Volunteer, Weight
from projects.services import publish_workflow, record_classification
from projects.services.blocks import lift, tend_blocks
from projects.services.rebuild import rebuild_workflow
from projects.services.weights import standing_weight
from tests.mining.helpers import OPEN, Crowd
from tests.projects.factories import ARMS, ARTIFACT, SMOOTH, make_workflow, submission

pytestmark = pytest.mark.django_db
SPAMMER, SCRIPT, HONEST = 0, 1, (2, 3, 4, 5)
SUBJECTS = 21
RULES = {"too_fast": {"least": 20}, "same_answer": {"least": 20}, "alarms": 0.2}


@pytest.fixture
def crowd() -> Crowd:
    """Four honest volunteers, one who always says artifact, and a script that is right and fast."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    workflow = make_workflow(2 * SUBJECTS, definition=OPEN | {"fairness": RULES})
    workflow.refresh_from_db()
    crowd = Crowd(workflow, 6)
    answer_all(crowd, range(SUBJECTS))
    return crowd


def answer_all(crowd: Crowd, subjects: Any, volunteers: Any = range(6)) -> None:
    rng = random.Random(subjects[0])
    for subject, volunteer in itertools.product(subjects, volunteers):
        truth = [SMOOTH, ARMS, ARTIFACT][subject % 3]
        said = truth if rng.random() < 0.85 else rng.choice([SMOOTH, ARMS, ARTIFACT])
        seconds = 0.4 if volunteer == SCRIPT else rng.uniform(4, 9)
        at = timezone.now()
        sent = submission(
            crowd.workflow,
            crowd.subjects[subject],
            ARTIFACT if volunteer == SPAMMER else said,
            started_at=at - timedelta(seconds=seconds),
            finished_at=at,
        )
        record_classification(sent, crowd.passes[volunteer])


@pytest.fixture
def owner() -> Any:
    return get_user_model().objects.create_user("owner")


def named(crowd: Crowd) -> dict[tuple[int, str], str]:
    rows = Suggestion.objects.order_by("pk").values_list("volunteer_id", "rule", "state")
    return {(crowd.ids.index(who), rule): state for who, rule, state in rows}


def weights(crowd: Crowd) -> list[float]:
    return [standing_weight(crowd.workflow.pk, who) for who in crowd.ids]


def of(rule: str) -> Suggestion:
    return Suggestion.objects.filter(rule=rule).latest("pk")


def test_who_does_not_play_fair_is_suggested_once_with_evidence_and_weighs_less(crowd: Crowd) -> None:
    assert crowd.workflow.pk in workflows_to_look_at()
    assert look(crowd.workflow) == 2
    assert named(crowd) == {(SPAMMER, "same_answer"): "open", (SCRIPT, "too_fast"): "open"}
    same, fast = of("same_answer"), of("too_fast")
    assert same.evidence["answers"] == same.evidence["such"] == SUBJECTS
    assert (same.question, same.evidence["answer"]) == ("T0", "artifact")
    assert same.evidence["others"] == pytest.approx(1 / 3, abs=0.15)
    assert set(same.evidence["examples"]) <= set(crowd.subjects)
    assert len(same.evidence["examples"]) == 6
    assert fast.evidence["median"] == pytest.approx(0.4 / 6.3, abs=0.03)
    assert weights(crowd) == [0.25, 0.5, 1, 1, 1, 1]
    rows = list(Suggestion.objects.values_list("pk", "strength")), Weight.objects.count()
    assert look(crowd.workflow) == 0
    assert (list(Suggestion.objects.values_list("pk", "strength")), Weight.objects.count()) == rows
    assert crowd.workflow.pk not in workflows_to_look_at()  # nothing new
    assert LEAST < FairnessLook.objects.get().position
    follow(crowd.workflow.pk)
    assert rebuild_online(crowd.workflow) == []
    assert rebuild_workflow(crowd.workflow) == []


def test_dismissed_it_weighs_in_full_and_comes_back_only_when_it_has_clearly_grown(
    crowd: Crowd, owner: Any
) -> None:
    look(crowd.workflow)
    first = of("same_answer")
    with pytest.raises(Invalid, match="Say why"):
        dismiss(first, by=owner, reason=" ")
    dismiss(first, by=owner, reason="They sort the artifacts for us.")
    first.refresh_from_db()
    assert (first.state, first.decided_by, first.reason) == (
        "dismissed",
        owner,
        "They sort the artifacts for us.",
    )
    assert weights(crowd)[:2] == [1, 0.5]
    with pytest.raises(Invalid, match="has decided this already"):  # the other tab, the second click
        dismiss(first, by=owner, reason="Again.")
    with pytest.raises(Invalid, match="has decided this already"):
        act(first, by=owner, reason="Again.")
    assert look(crowd.workflow) == 0
    answer_all(crowd, range(SUBJECTS, SUBJECTS + 2))
    assert look(crowd.workflow) == 0  # a little more of the same
    answer_all(crowd, range(SUBJECTS + 2, 2 * SUBJECTS))
    assert look(crowd.workflow) == 1
    again = of("same_answer")
    assert again.pk != first.pk
    assert again.evidence["such"] == 2 * SUBJECTS
    assert weights(crowd)[:2] == [0.25, 0.5]


def test_blocked_all_about_them_is_decided_and_lifted_all_is_as_before(crowd: Crowd, owner: Any) -> None:
    look(crowd.workflow)
    counts = rebuild_workflow(crowd.workflow)
    made = act(of("same_answer"), by=owner, reason="Always artifact.")
    assert named(crowd) == {(SPAMMER, "same_answer"): "acted", (SCRIPT, "too_fast"): "open"}
    assert (made.volunteer_id, made.reason) == (crowd.ids[SPAMMER], "Always artifact.")
    assert made.evidence["such"] == SUBJECTS
    assert weights(crowd)[:2] == [1, 0.5]
    assert tend_blocks() == SUBJECTS
    assert look(crowd.workflow) == 0
    lift(block=made, by=owner, reason="Explained.")
    assert tend_blocks() == SUBJECTS
    assert look(crowd.workflow) == 0  # not on the same evidence
    assert weights(crowd) == [1, 0.5, 1, 1, 1, 1]
    assert rebuild_workflow(crowd.workflow) == counts == []
    follow(crowd.workflow.pk)
    assert rebuild_online(crowd.workflow) == []
    assert not Block.objects.filter(lifted_at=None).exists()


def test_a_rule_that_is_turned_off_lets_its_suggestions_lapse(crowd: Crowd) -> None:
    look(crowd.workflow)
    publish_workflow(crowd.workflow, OPEN | {"fairness": RULES | {"same_answer": None}})
    settle_weights(crowd.workflow)
    assert named(crowd)[SPAMMER, "same_answer"] == "lapsed"
    assert weights(crowd)[:2] == [1, 0.5]


def test_joining_an_account_is_no_way_out_and_nothing_is_said_twice(crowd: Crowd, owner: Any) -> None:
    look(crowd.workflow)
    crowd.join(2)
    crowd.join(SPAMMER, account_of=2)
    person = Volunteer.objects.get(pk=crowd.ids[SPAMMER]).person_id
    assert person != crowd.ids[SPAMMER]
    assert standing_weight(crowd.workflow.pk, person) == 0.25
    look(crowd.workflow)
    (row,) = Suggestion.objects.filter(rule="same_answer")
    assert (row.volunteer_id, row.state) == (person, "open")
    assert act(row, by=owner, reason="x").volunteer_id == person


def test_simulated_volunteers_are_never_suggested(crowd: Crowd) -> None:
    Volunteer.objects.filter(pk=crowd.ids[SPAMMER]).update(simulated=True)
    call_command("look_for_unfair", crowd.workflow.pk)
    assert named(crowd) == {(SCRIPT, "too_fast"): "open"}


def test_what_the_team_says_can_not_be_is_counted(crowd: Crowd) -> None:
    never = {"least": 20, "slips": 0.02, "combinations": [{"T0": "features", "T1": "arms"}]}
    off = dict.fromkeys(("too_fast", "same_answer", "copies", "out_of_character"))
    publish_workflow(crowd.workflow, OPEN | {"fairness": {"impossible": never} | off})
    look(crowd.workflow)
    assert set(named(crowd)) <= {(each, "impossible") for each in (SCRIPT, *HONEST)}
    assert len(named(crowd)) >= 4
    assert sorted(weights(crowd))[:4] == [0.5] * 4
    assert weights(crowd)[SPAMMER] == 1
