"""Appeals: never by who decided first, upheld or overturned by a further decision, rates by who had decided."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from projects.exceptions import Conflict, Invalid
from projects.models import Appeal, Decision, ProjectMember
from projects.services.appeals import appealed, claim_appeal, enter_appeal, overturn, uphold
from projects.services.decisions import Judged
from projects.services.desk import decide_here, take_back
from projects.services.lanes import alter_lane
from tests.projects.api.test_tokens import program
from tests.projects.services.test_desk import make_desk, people

pytestmark = pytest.mark.django_db


def test_an_appeal_is_judged_by_somebody_else_and_overturned_by_a_further_decision() -> None:
    workflow, _lane, subjects = make_desk(3)
    ann, ben = people("ann", "ben")
    with pytest.raises(Invalid, match="No decision stands"):
        enter_appeal(workflow, subjects[0], "It is a toy.", ann)
    for subject, by in ((subjects[0], ann), (subjects[1], ann), (subjects[2], ben)):
        decide_here(workflow=workflow, judged=[Judged(subject, "prohibited")], by=by)
    first = enter_appeal(workflow, subjects[0], "It is a toy.", ben)
    assert enter_appeal(workflow, subjects[0], "It is a toy.", ann) == first  # a double click
    with pytest.raises(Conflict, match="waits already"):
        enter_appeal(workflow, subjects[0], "It really is.", ann)
    second = enter_appeal(workflow, subjects[1], "So is this.", ann)
    third = enter_appeal(workflow, subjects[2], "And this.", ann)
    assert claim_appeal(workflow, ann) == third  # the others are against her own
    assert claim_appeal(workflow, ben) == first
    with pytest.raises(Conflict, match="your own decision"):
        uphold(first, "No.", ann)
    with pytest.raises(Invalid, match="Write a reason"):
        uphold(first, "  ", ben)
    with pytest.raises(Invalid, match="what was decided"):
        overturn(first, "No.", ben, verdict="prohibited")
    overturn(first, "A toy indeed.", ben, verdict="ok")
    uphold(claim_appeal(workflow, ben) or first, "No toy.", ben)
    assert claim_appeal(workflow, ben) is None
    uphold(third, "A sword.", ann)
    stands = Decision.objects.standing().values_list("subject", "verdict")
    assert dict(stands) == {subjects[0]: "ok", subjects[1]: "prohibited", subjects[2]: "prohibited"}
    first.refresh_from_db()
    assert first.result is not None
    assert (first.result.reason, first.result.evidence) == ("A toy indeed.", {"appeal": first.pk})
    assert [(each.by, each.judged, each.overturned) for each in appealed(workflow)] == [
        (ann.pk, 2, 1), (ben.pk, 1, 0),
    ]  # fmt: skip
    with pytest.raises(Conflict, match="judged this appeal already"):
        uphold(second, "Again.", ben)
    take_back(workflow, first.result.uuid, ben)
    assert claim_appeal(workflow, ben) == first  # it waits again


def test_what_is_decided_anew_or_in_a_second_look_is_not_judged() -> None:
    workflow, lane, subjects = make_desk(2)
    ann, ben = people("ann", "ben")
    decide_here(workflow=workflow, judged=[Judged(subjects[0], "fraud")], by=ann)
    appeal = enter_appeal(workflow, subjects[0], "No.", ben)
    decide_here(workflow=workflow, judged=[Judged(subjects[0], "ok")], by=ann)
    assert claim_appeal(workflow, ben) is None
    with pytest.raises(Conflict, match="Another decision stands"):
        overturn(appeal, "No.", ben, verdict="ok")
    alter_lane(lane, second_share=100)
    decide_here(workflow=workflow, judged=[Judged(subjects[1], "fraud")], by=ann)
    with pytest.raises(Invalid, match="No decision stands"):
        enter_appeal(workflow, subjects[1], "No.", ben)


def test_a_program_appeals_and_reads_what_became_of_it() -> None:
    workflow, _lane, subjects = make_desk(1)
    (ann,) = people("ann")
    portal = User.objects.create_user("portal")
    ProjectMember.objects.create(project=workflow.project, user=portal, role="moderator")
    caller = program(portal, "write")
    address = f"/api/v1/workflows/{workflow.pk}/appeals"
    decide_here(workflow=workflow, judged=[Judged(subjects[0], "adult")], by=ann)
    body = {"subject": subjects[0], "text": "Art."}
    answer = caller.client.post(address, body, content_type="application/json", headers=caller.headers)
    assert (answer.status_code, answer.json()["verdict"], answer.json()["outcome"]) == (201, "adult", "")
    assert caller.client.get(address, headers=caller.headers).json()["items"] == []
    uphold(Appeal.objects.get(), "No art.", portal)
    (shown,) = caller.client.get(address, headers=caller.headers).json()["items"]
    assert (shown["subject"], shown["outcome"], shown["reason"]) == (subjects[0], "upheld", "No art.")
    assert Appeal.objects.get().closed_at > timezone.now() - timedelta(minutes=1)
