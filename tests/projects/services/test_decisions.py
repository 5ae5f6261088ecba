"""Decisions: appended and never overwritten, once for each id, in one transaction with the subject's retirement."""

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from projects.exceptions import Conflict, Invalid, NotFound, UuidConflict
from projects.models import Classification, Decision, LedgerEntry, Retirement, SubjectState, Use, Workflow
from projects.services import decisions as module
from projects.services import discount, enter_gold, next_subjects, record_classification
from projects.services.decisions import Decided, Decider, Judged, decide, decide_all, undo
from projects.services.policies import current_version, publish_policy, put_region, set_triage
from projects.services.rebuild import rebuild_workflow
from projects.services.remove_simulated import remove_simulated
from tests.projects.factories import ARTIFACT, SMOOTH, make_pass, make_workflow, submission

VERDICTS = {"smooth": "ok", "features": "prohibited"}
CONTENT = {
    "languages": ["en", "de"],
    "categories": [{"key": "knives", "titles": {"en": "Knives", "de": "Messer"}}],
}


def policed(subjects: int = 4) -> tuple[Workflow, User]:
    """A workflow that decides by a policy, and somebody who may."""
    workflow = make_workflow(subjects)
    version = publish_policy(workflow.project, title="Policy", content=CONTENT)
    set_triage(workflow, policy=version.policy, task="T0", verdicts=VERDICTS)
    return workflow, User.objects.create_user("mod")


def subject_of(workflow: Workflow, at: int = 0) -> int:
    return list(workflow.project.subjects.order_by("external_id").values_list("pk", flat=True))[at]


def state_of(workflow: Workflow, subject: int) -> SubjectState:
    return SubjectState.objects.get(workflow=workflow, subject=subject)


def by(user: User, workflow: Workflow, subject: int, verdict: str = "ok", **more: Any) -> Decided:
    return decide(
        workflow=workflow, subject_id=subject, verdict=verdict, decider=Decider.person(user), **more
    )


def standing(workflow: Workflow, subject: int) -> dict[str, str]:
    rows = Decision.objects.of(workflow.pk, [subject]).standing()
    return {d.region.slug if d.region else "": d.verdict for d in rows}


@pytest.mark.django_db(transaction=True)
def test_a_decision_is_kept_once_with_its_retirement_and_its_position() -> None:
    workflow, mod = policed()
    subject, given = subject_of(workflow), uuid.uuid4()
    made = by(mod, workflow, subject, "adult", category="knives", reason="A blade.", id=given)
    assert (made.replay, made.retired) == (False, True)
    assert made.decision.policy == current_version(workflow.pk)
    again = by(mod, workflow, subject, "adult", category="knives", reason="A blade.", id=given)
    assert (again.decision, again.replay, again.retired) == (made.decision, True, False)
    with pytest.raises(UuidConflict):
        by(mod, workflow, subject, "ok", id=given)
    assert state_of(workflow, subject).retired_reason == "decided"
    entries = LedgerEntry.objects.filter(workflow=workflow, kind__in=("decision", "retirement"))
    assert sorted(entries.values_list("kind", "record_id")) == [
        ("decision", made.decision.pk),
        ("retirement", Retirement.objects.get().pk),
    ]
    assert rebuild_workflow(workflow) == []
    batch = next_subjects(workflow_id=workflow.pk, holder=uuid.uuid4(), tab=uuid.uuid4(), n=9)
    assert subject not in [each.id for each in batch.subjects]
    assert len(batch.subjects) == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_windows_at_once_one_decides_and_the_other_is_told() -> None:
    workflow, mod = policed()
    subject, outcomes, start = subject_of(workflow), [], threading.Barrier(2)

    def window(verdict: str) -> None:
        start.wait()
        try:
            by(mod, workflow, subject, verdict, seen=0)
            outcomes.append("decided")
        except Conflict:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=window, args=(verdict,)) for verdict in ("ok", "fraud")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["decided", "told"]
    assert Decision.objects.count() == Retirement.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_stays_of_a_decision_whose_retirement_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    workflow, mod = policed()

    def killed(*anything: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "mark_all_retired", killed)
        with pytest.raises(KeyboardInterrupt):
            by(mod, workflow, subject_of(workflow))
    assert not Decision.objects.exists()
    assert state_of(workflow, subject_of(workflow)).retired_at is None


@pytest.mark.django_db
def test_the_newest_stands_by_region_and_all_are_kept() -> None:
    workflow, mod = policed()
    subject = subject_of(workflow)
    for slug in ("eu", "gulf"):
        put_region(workflow.project, slug=slug, title=slug)
    by(mod, workflow, subject, "restricted", region="eu")
    assert state_of(workflow, subject).retired_at is None
    assert by(mod, workflow, subject, "prohibited", region="gulf").retired
    by(mod, workflow, subject, "ok", region="eu")
    by(mod, workflow, subject, "fraud")
    assert standing(workflow, subject) == {"": "fraud", "eu": "ok", "gulf": "prohibited"}
    assert Decision.objects.count() == 4
    assert Retirement.objects.count() == 1
    with pytest.raises(Invalid, match="no region mars; it has: eu, gulf"):
        by(mod, workflow, subject, region="mars")
    with pytest.raises(Invalid, match="no category spoons"):
        by(mod, workflow, subject, category="spoons")
    with pytest.raises(Invalid, match="fine is no verdict: choose one of ok, restricted"):
        by(mod, workflow, subject, "fine")
    with pytest.raises(NotFound):
        by(mod, workflow, 1)
    assert Decision.objects.count() == 4


@pytest.mark.django_db
def test_undone_within_a_minute_the_former_stands_again() -> None:
    workflow, mod = policed()
    first, second = subject_of(workflow), subject_of(workflow, 1)
    judged = [Judged(first, "ok"), Judged(second, "ok")]
    done = decide_all(workflow=workflow, judged=judged, decider=Decider.person(mod), batch=uuid.uuid4())
    better = by(mod, workflow, first, "fraud").decision
    with pytest.raises(Conflict):
        undo([done[0].decision], by=mod)
    assert len(undo([better], by=mod)) == 1
    assert undo([better], by=mod) == []
    assert standing(workflow, first) == {"": "ok"}
    assert state_of(workflow, first).retired_at is not None
    undo([each.decision for each in done], by=mod)
    assert standing(workflow, first) == standing(workflow, second) == {}
    assert state_of(workflow, first).retired_at is state_of(workflow, second).retired_at is None
    assert Decision.objects.count() == 6
    late = by(mod, workflow, second).decision
    late.at = timezone.now() - timedelta(seconds=61)
    with pytest.raises(Invalid, match="Too late to undo"):
        undo([late], by=mod)


@pytest.mark.django_db
def test_what_people_agree_on_is_their_decision_and_a_tie_is_none() -> None:
    workflow, _mod = policed()
    agreed, tied, other = (subject_of(workflow, at) for at in range(3))
    features = [{"task": "T0", "value": "features"}, {"task": "T1", "value": []}]
    for answers, subject in (
        ([SMOOTH, SMOOTH, features], agreed),
        ([SMOOTH, features, ARTIFACT], tied),
        ([ARTIFACT, ARTIFACT], other),
    ):
        for each in answers:
            record_classification(submission(workflow, subject, each), make_pass())
    assert [state_of(workflow, s).retired_at is None for s in (agreed, tied, other)] == [False] * 3
    decision = Decision.objects.get()
    assert (decision.subject_id, decision.verdict, decision.kind) == (agreed, "ok", "people")
    assert decision.evidence["votes"] == {"smooth": 2, "features": 1}
    assert decision.policy == current_version(workflow.pk)


@pytest.mark.django_db
def test_an_answer_taken_away_reopens_nothing_that_was_decided_and_known_subjects_stay_in_use() -> None:
    workflow, mod = policed()
    subject, known = subject_of(workflow), subject_of(workflow, 1)
    record_classification(submission(workflow, subject, SMOOTH), make_pass())
    by(mod, workflow, subject)
    discount(Classification.objects.get(), "block")
    assert state_of(workflow, subject).retired_reason == "decided"
    enter_gold(workflow=workflow, subject_id=known, annotations=SMOOTH, expert="ann")
    assert not by(mod, workflow, known).retired
    assert state_of(workflow, known).use == Use.CHECK


@pytest.mark.django_db
def test_what_a_simulated_crowd_decided_goes_with_it() -> None:
    workflow, mod = policed()
    subject, kept = subject_of(workflow), subject_of(workflow, 1)
    for _ in range(3):
        record_classification(submission(workflow, subject, SMOOTH), make_pass())
    by(mod, workflow, kept)
    assert Decision.objects.filter(kind="people").count() == 1
    for answer in Classification.objects.all():
        answer.volunteer.simulated = True
        answer.volunteer.save()
    remove_simulated(workflow.project)
    assert list(Decision.objects.values_list("subject_id", flat=True)) == [kept]
    assert state_of(workflow, subject).retired_at is None
