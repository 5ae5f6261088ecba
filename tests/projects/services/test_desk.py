"""The desk's verbs: claims that two people never share, decisions that cite, undo, questions that put aside."""

import threading
import time
import uuid
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from projects.exceptions import Conflict, Invalid
from projects.models import Claim, Decision, DeskNote, Lane, SubjectState, Workflow
from projects.services.claims import claim, claim_next, claims_of, let_go
from projects.services.decisions import Judged
from projects.services.desk import answer, ask_business, decide_here, note, set_group, take_back
from projects.services.lane_moves import Which, put_in
from projects.services.lanes import make_lane
from projects.services.policies import publish_policy, set_triage
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db(transaction=True)
POLICY: dict[str, Any] = {
    "languages": ["en"],
    "categories": [
        {"key": "arms", "titles": {"en": "Arms"}, "holds": [{"verdict": "prohibited"}]},
        {"key": "spirits", "titles": {"en": "Spirits"}, "holds": [{"verdict": "restricted"}]},
    ],
}


def make_desk(subjects: int) -> tuple[Workflow, Lane, list[int]]:
    """All subjects in one lane, s0 first in it, then s1, ..."""
    workflow = make_workflow(subjects)
    workflow.refresh_from_db()
    lane = make_lane(workflow=workflow, title="New", priority=1)
    names = dict(workflow.project.subjects.values_list("external_id", "pk"))
    ordered = [names[f"s{number}"] for number in range(subjects)]
    for place, subject in enumerate(reversed(ordered)):
        put_in(lane, Which(ids=[subject]), priority=place)
    return workflow, lane, ordered


def people(*names: str) -> list[User]:
    return [User.objects.create_user(name) for name in names]


def test_a_claim_is_kept_until_it_is_let_go_or_has_expired() -> None:
    workflow, lane, subjects = make_desk(3)
    ann, ben = people("ann", "ben")
    assert claim_next(workflow, lane, ann) == subjects[0]
    assert claim_next(workflow, lane, ann) == subjects[0]  # loaded again
    assert claim_next(workflow, lane, ben) == subjects[1]
    assert not claim(workflow, subjects[0], ben)
    assert {(each.subject_id, each.by) for each in claims_of(workflow)} == {
        (subjects[0], ann),
        (subjects[1], ben),
    }
    assert let_go(workflow, ann) == 1
    let_go(workflow, ben)
    assert claim_next(workflow, lane, ben) == subjects[0]
    Claim.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert claim_next(workflow, lane, ann) == subjects[0]  # ben went away
    assert claim_next(workflow, None, ben) is None  # the common pool is empty


def test_eight_at_once_are_never_given_the_same() -> None:
    workflow, lane, subjects = make_desk(30)
    team = people(*(f"moderator{number}" for number in range(8)))
    given: list[int] = []
    start = threading.Barrier(len(team))

    def work(user: User) -> None:
        try:
            start.wait(30)
            while (subject := claim_next(workflow, lane, user)) is not None:
                given.append(subject)
                decide_here(workflow=workflow, judged=[Judged(subject, "ok", seen=0)], by=user)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(user,)) for user in team]
    for each in threads:
        each.start()
    for each in threads:
        each.join(120)
    assert sorted(given) == sorted(subjects)
    assert Decision.objects.count() == 30
    assert not SubjectState.objects.filter(retired_at=None).exists()
    assert not Claim.objects.exists()


def test_what_was_claimed_while_one_waited_for_it_is_left_to_the_other() -> None:
    workflow, lane, subjects = make_desk(1)
    ann, ben = people("ann", "ben")
    given: list[int | None] = []

    def work() -> None:
        try:
            given.append(claim_next(workflow, lane, ben))
        finally:
            connection.close()

    waiting = threading.Thread(target=work)
    with transaction.atomic():
        SubjectState.objects.select_for_update().get(workflow=workflow, subject=subjects[0])
        waiting.start()
        with connection.cursor() as cursor:
            for _ in range(600):
                cursor.execute("SELECT FROM pg_locks WHERE NOT granted")
                if cursor.rowcount:
                    break
                time.sleep(0.05)
            assert cursor.rowcount  # ben waits, and looked before ann's claim was there
        now = timezone.now()
        Claim.objects.create(
            workflow=workflow, subject_id=subjects[0], by=ann, at=now, expires_at=now + timedelta(minutes=10)
        )
    waiting.join(60)
    assert given == [None]
    assert Claim.objects.get().by == ann


def test_a_verdict_against_an_item_cites_and_several_give_a_reason() -> None:
    workflow, _lane, subjects = make_desk(4)
    (ann,) = people("ann")
    policy = publish_policy(workflow.project, content=POLICY, title="Market")
    set_triage(workflow, policy=policy.policy, task="T0", verdicts={"smooth": "ok"})
    with pytest.raises(Invalid, match="which category"):
        decide_here(workflow=workflow, judged=[Judged(subjects[0], "prohibited")], by=ann)
    with pytest.raises(Invalid, match="has no category nothing"):
        decide_here(workflow=workflow, judged=[Judged(subjects[0], "prohibited", category="nothing")], by=ann)
    several = [Judged(each, "prohibited", category="arms") for each in subjects[:3]]
    with pytest.raises(Invalid, match="Write a reason"):
        decide_here(workflow=workflow, judged=several, by=ann)
    with pytest.raises(Invalid, match="at least one"):
        decide_here(workflow=workflow, judged=[], by=ann)
    assert not Decision.objects.exists()
    decide_here(workflow=workflow, judged=[Judged(subjects[3], "ok")], by=ann)
    assert Decision.objects.get().category == ""


def test_a_bulk_is_refused_whole_where_a_colleague_holds_one_and_undone_whole() -> None:
    workflow, lane, subjects = make_desk(4)
    ann, ben = people("ann", "ben")
    assert claim_next(workflow, lane, ben) == subjects[0]
    batch = uuid.uuid4()
    several = [Judged(each, "prohibited", reason="All copies.", id=uuid.uuid4()) for each in subjects[:3]]
    with pytest.raises(Conflict, match="ben is working on s0"):
        decide_here(workflow=workflow, judged=several, by=ann, batch=batch)
    assert not Decision.objects.exists()
    let_go(workflow, ben)
    decide_here(workflow=workflow, judged=several, by=ann, batch=batch)
    assert SubjectState.objects.filter(retired_at=None).count() == 1
    with pytest.raises(Invalid, match="no such decision"):
        take_back(workflow, batch, ben)
    assert len(take_back(workflow, batch, ann)) == 3
    assert SubjectState.objects.filter(retired_at=None, lane=lane).count() == 4
    assert Decision.objects.made().count() == 0


def test_a_question_puts_an_item_aside_until_it_is_answered() -> None:
    workflow, lane, subjects = make_desk(2)
    ann, ben = people("ann", "ben")
    assert claim_next(workflow, lane, ann) == subjects[0]
    note(workflow, subjects[0], "Seen last week.", ann)
    note(workflow, subjects[0], "Seen last week.", ann)  # a double click
    question = ask_business(workflow, subjects[0], "May shops sell this?", ann)
    assert ask_business(workflow, subjects[0], "May shops sell this?", ann) == question
    assert claim_next(workflow, lane, ann) == subjects[1]
    assert claim_next(workflow, lane, ben) is None
    with pytest.raises(Invalid, match="1 to 5000"):
        answer(question, "  ", ben)
    answer(question, "Only licensed ones.", ben)
    assert claim_next(workflow, lane, ben) == subjects[0]
    with pytest.raises(Conflict, match="answered it already"):
        answer(question, "No.", ann)
    kinds = DeskNote.objects.filter(subject=subjects[0]).values_list("kind", "text")
    assert list(kinds) == [
        ("note", "Seen last week."), ("question", "May shops sell this?"), ("answer", "Only licensed ones."),
    ]  # fmt: skip
    with pytest.raises(Invalid, match="without #"):
        set_group(workflow, "#secret")


def test_a_decision_and_the_next_claim_are_seven_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    workflow, lane, subjects = make_desk(3)
    (ann,) = people("ann")
    statements: list[str] = []
    execute = psycopg.Cursor.execute

    def counted(cursor: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        statements.append(str(query).split(maxsplit=1)[0])
        return execute(cursor, query, *args, **kwargs)

    monkeypatch.setattr(psycopg.Cursor, "execute", counted)
    for expected in subjects:
        statements.clear()
        assert claim_next(workflow, lane, ann) == expected
        decide_here(workflow=workflow, judged=[Judged(expected, "ok", seen=0)], by=ann)
        assert statements == [
            "WITH",  # the claim
            "SELECT",  # the state locked, with the policy's version and the regions
            "(SELECT",  # what stands, and whether the id is known
            "INSERT",  # the decision
            "INSERT",  # that it is retired
            "UPDATE",  # its state
            "WITH",  # the claim let go, unless a colleague holds it
        ]
