"""Qualifications: said of oneself, had by a role; granted and revoked as dated records that stay."""

import pytest
from django.contrib.auth.models import User

from projects.exceptions import Invalid, Unqualified
from projects.models import Grant, ProjectMember, Qualification, Volunteer, Workflow
from projects.services import next_subjects
from projects.services.qualifications import declare, follow_roles, take_back
from projects.services.volunteers import make_volunteer
from tests.projects.factories import make_pass, make_workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def workflow() -> Workflow:
    return make_workflow()


def ask_for(workflow: Workflow, kind: str, **rule: str) -> Qualification:
    workflow.requires = ["it"]
    workflow.save()
    return Qualification.objects.create(project=workflow.project, slug="it", title="It", kind=kind, rule=rule)


@pytest.mark.parametrize("kind", ["language", "region", "adult"])
def test_what_one_says_of_oneself_opens_the_gate_until_it_is_taken_back(
    workflow: Workflow, kind: str
) -> None:
    qualification = ask_for(workflow, kind)
    held = make_pass()
    volunteer = make_volunteer(held)
    ask = {"workflow_id": workflow.pk, "holder": held.public_id, "tab": held.public_id}
    with pytest.raises(Unqualified):
        next_subjects(**ask)
    declare(qualification, volunteer)
    declare(qualification, volunteer)
    assert next_subjects(**ask).state == "open"
    assert take_back(qualification, volunteer)
    assert not take_back(qualification, volunteer)
    with pytest.raises(Unqualified):
        next_subjects(**ask)
    declare(qualification, volunteer)
    revoked, stands = Grant.objects.order_by("pk")
    assert revoked.revoked_at is not None
    assert (stands.revoked_at, stands.evidence) == (None, {"declared": True})


@pytest.mark.parametrize("kind", ["exam", "skill", "role"])
def test_what_is_earned_can_not_be_said(workflow: Workflow, kind: str) -> None:
    qualification = ask_for(workflow, kind)
    volunteer = make_volunteer(make_pass())
    with pytest.raises(Invalid, match="can't be had by saying so"):
        declare(qualification, volunteer)
    Grant.objects.create(qualification=qualification, volunteer=volunteer, at="2026-11-22T10:00Z")
    with pytest.raises(Invalid, match="not given back so"):
        take_back(qualification, volunteer)
    assert Grant.objects.get().revoked_at is None


def test_a_role_gives_and_its_end_takes(workflow: Workflow) -> None:
    ask_for(workflow, "role", role="moderator")
    user = User.objects.create_user("mo")
    volunteer = Volunteer.objects.create(account=user)
    member = ProjectMember.objects.create(project=workflow.project, user=user, role="moderator")
    ProjectMember.objects.create(project=workflow.project, user=User.objects.create_user("eve"), role="owner")
    assert follow_roles(workflow.project_id) == 1
    assert follow_roles(workflow.project_id) == 0
    grant = Grant.objects.get()
    assert (grant.volunteer, grant.evidence) == (volunteer, {"role": "moderator"})
    member.delete()
    assert follow_roles(workflow.project_id) == 1
    grant.refresh_from_db()
    assert grant.revoked_at is not None
