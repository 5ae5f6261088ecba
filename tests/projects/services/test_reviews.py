"""Second looks: never the first again, blind, to a third where two differ; lanes that require something."""

import uuid

import pytest

from mining.science.agreement import alpha
from projects.exceptions import Conflict, Unqualified
from projects.models import Claim, Decision, Qualification, Review, Workflow
from projects.services.claims import claim_next
from projects.services.decisions import Judged
from projects.services.desk import decide_here, take_back
from projects.services.lanes import alter_lane, make_lane
from projects.services.qualifications import grant
from projects.services.reviews import claim_review, is_drawn, judge_again, pairs_of
from projects.services.volunteers import join_account
from tests.projects.services.test_desk import make_desk, people

pytestmark = pytest.mark.django_db


def decided(workflow: Workflow, subject: int, verdict: str, by: object) -> uuid.UUID:
    number = uuid.uuid4()
    decide_here(workflow=workflow, judged=[Judged(subject, verdict, id=number)], by=by)  # type: ignore[arg-type]
    return number


def test_a_share_is_drawn_by_the_decision_and_nothing_of_none() -> None:
    ids = [uuid.UUID(int=number) for number in range(4000)]
    drawn = [is_drawn(25, 7, each) for each in ids]
    assert 900 < sum(drawn) < 1100  # the ids are fixed: it is 985
    assert drawn == [is_drawn(25, 7, each) for each in ids]
    assert not any(is_drawn(0, 7, each) for each in ids)
    assert all(is_drawn(100, 7, each) for each in ids)


def test_a_second_look_goes_to_another_who_agrees_or_on_to_a_third_in_the_named_lane() -> None:
    workflow, lane, subjects = make_desk(3)
    seniors = make_lane(workflow=workflow, title="Seniors")
    alter_lane(lane, second_share=100, third="seniors")
    ann, ben, eve = people("ann", "ben", "eve")
    decided(workflow, subjects[0], "ok", ann)
    decided(workflow, subjects[1], "ok", ann)
    assert claim_review(workflow, lane, ann) is None  # never who decided first
    first = claim_review(workflow, lane, ben)
    assert first is not None
    assert first.subject_id == subjects[0]
    assert claim_review(workflow, lane, ben) == first  # loaded again
    other = claim_review(workflow, lane, eve)
    assert other is not None
    assert other.subject_id == subjects[1]
    assert not Decision.objects.shown().exists()
    assert judge_again(first, Judged(subjects[0], "ok"), ben).state == Review.State.AGREED
    assert Decision.objects.shown().get().subject_id == subjects[0]
    judge_again(other, Judged(subjects[1], "fraud"), eve)
    assert claim_review(workflow, lane, ben) is None
    assert claim_review(workflow, seniors, eve) is None
    third = claim_review(workflow, seniors, ben)
    assert third == other
    with pytest.raises(Conflict, match="judged this item already"):
        judge_again(other, Judged(subjects[1], "ok"), eve)
    judge_again(other, Judged(subjects[1], "fraud"), ben)
    stands = Decision.objects.of(workflow.pk, [subjects[1]]).standing().get()
    assert (stands.verdict, stands.by, stands.evidence) == ("fraud", ben, {"review": other.pk})
    assert not Claim.objects.exists()
    (pairs,) = pairs_of(workflow)
    assert (pairs.lane, pairs.counts, pairs.waiting) == (lane, {("ok", "ok"): 1, ("ok", "fraud"): 1}, 0)


def test_a_decision_that_is_sent_twice_keeps_its_second_look() -> None:
    workflow, lane, subjects = make_desk(1)
    alter_lane(lane, second_share=100)
    ann, ben = people("ann", "ben")
    judged = [Judged(subjects[0], "ok", id=uuid.uuid4())]
    for _ in range(2):
        decide_here(workflow=workflow, judged=judged, by=ann)
    assert Review.objects.get().state == Review.State.WAITING
    assert claim_review(workflow, lane, ben) == Review.objects.get()


def test_what_is_taken_back_or_decided_anew_is_looked_at_no_more() -> None:
    workflow, lane, subjects = make_desk(2)
    alter_lane(lane, second_share=100)
    ann, ben = people("ann", "ben")
    number = decided(workflow, subjects[0], "ok", ann)
    decided(workflow, subjects[1], "ok", ann)
    held = claim_review(workflow, lane, ben)
    assert held is not None
    take_back(workflow, number, ann)
    with pytest.raises(Conflict, match="taken back"):
        judge_again(held, Judged(subjects[0], "ok"), ben)
    decided(workflow, subjects[1], "adult", ben)
    states = Review.objects.order_by("pk").values_list("subject", "state")
    assert list(states) == [(subjects[0], "dropped"), (subjects[1], "dropped"), (subjects[1], "waiting")]
    assert claim_next(workflow, lane, ann) == subjects[0]


def test_a_lane_that_requires_something_is_decided_by_those_who_have_it() -> None:
    workflow, lane, subjects = make_desk(1)
    greek = Qualification.objects.create(
        project=workflow.project, slug="greek", title="Greek", kind="language"
    )
    alter_lane(lane, requires=["greek"])
    (ann,) = people("ann")
    with pytest.raises(Unqualified, match="those who have: Greek"):
        decided(workflow, subjects[0], "ok", ann)
    grant(greek, join_account(None, ann), {})
    decided(workflow, subjects[0], "ok", ann)
    assert Decision.objects.get().by == ann


def test_alpha_by_hand_and_where_there_is_none() -> None:
    # ten units: 4 both ok, 3 both fraud, 3 differ. n = 20, n_ok = 11, n_fraud = 9: D_o = 0.3, D_e = 198 / 380
    pairs = {("ok", "ok"): 4, ("fraud", "fraud"): 3, ("ok", "fraud"): 2, ("fraud", "ok"): 1}
    assert alpha(pairs) == pytest.approx(1 - 0.3 * 380 / 198)
    assert alpha({("ok", "ok"): 5}) is None
    assert alpha({}) is None
