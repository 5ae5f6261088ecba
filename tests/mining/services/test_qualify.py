"""Qualifications by skill: had from `least` on with enough votes, lost below it, and dated."""

import pytest

from mining.jobs import qualify
from mining.services.follow import follow
from mining.services.qualify import skills
from projects.models import Grant, ProjectMember, Qualification, Subject, Volunteer
from projects.services import NewMedia, NewSubject, enter_gold, import_subjects, next_subjects
from projects.services.lane_moves import Which, put_in
from projects.services.lanes import make_lane
from projects.services.volunteers import Pass
from tests.mining.helpers import OPEN, Crowd
from tests.projects.factories import ARTIFACT, SMOOTH, make_workflow

pytestmark = pytest.mark.django_db(transaction=True)
SUBJECTS = 24


@pytest.fixture
def crowd() -> Crowd:
    """Known subjects: volunteer 0 is always right, volunteer 1 never, volunteer 2 has few votes."""
    workflow = make_workflow(SUBJECTS, definition=OPEN)
    workflow.refresh_from_db()
    made = Crowd(workflow, 3)
    for at, subject in enumerate(made.subjects):
        truth, other = (SMOOTH, ARTIFACT) if at % 2 else (ARTIFACT, SMOOTH)
        enter_gold(workflow=workflow, subject_id=subject, annotations=truth, expert="account:1")
        if at < 20:
            made.answer(0, at, truth)
            made.answer(1, at, other)
        if at < 4:
            made.answer(2, at, truth)
    follow(workflow.pk)
    return made


def ask_for(crowd: Crowd, **rule: object) -> Qualification:
    return Qualification.objects.create(
        project=crowd.workflow.project, slug="sharp", title="Sharp", kind="skill", rule=rule
    )


def test_the_skilled_get_it_once_and_lose_it_when_they_are_so_no_more(crowd: Crowd) -> None:
    right, wrong, few = crowd.ids
    found = skills(crowd.workflow.pk)
    assert found[right][0] > 0.8 > 0.3 > found[wrong][0]
    assert (found[right][1], found[few][1]) == (20, 4)
    qualification = ask_for(crowd, workflow="shapes", least=0.8, votes=10)
    assert qualify() == 1
    assert qualify() == 0
    grant = Grant.objects.get()
    assert (grant.volunteer_id, grant.evidence["votes"]) == (right, 20)
    assert grant.evidence["skill"] == round(found[right][0], 3)
    qualification.rule["least"] = found[right][0] + 0.04  # a little below: kept
    qualification.save()
    assert qualify() == 0
    qualification.rule["least"] = found[right][0] + 0.06
    qualification.save()
    assert qualify() == 1
    grant.refresh_from_db()
    assert grant.revoked_at is not None


def test_a_lane_that_asks_for_skill_is_for_the_skilled(crowd: Crowd) -> None:
    ask_for(crowd, workflow="shapes", least=0.8, votes=10)
    lane = make_lane(workflow=crowd.workflow, title="Hard", requires=["sharp"])
    new = NewSubject("hard", [NewMedia("n.png", "image/png")])
    import_subjects(crowd.workflow.subject_set, [new])
    put_in(lane, Which(names=["hard"]))
    assert qualify() == 1

    def names(held: Pass) -> list[str]:
        batch = next_subjects(workflow_id=crowd.workflow.pk, holder=held.public_id, tab=held.public_id, n=9)
        found = Subject.objects.filter(pk__in=[each.id for each in batch.subjects])
        return list(found.values_list("external_id", flat=True))

    assert ["hard" in names(held) for held in crowd.passes] == [True, False, False]


@pytest.mark.parametrize("rule", [{}, {"workflow": "none", "least": 0.1}, {"workflow": "shapes"}])
def test_a_rule_without_its_parts_gives_nothing(crowd: Crowd, rule: dict[str, object]) -> None:
    ask_for(crowd, **rule)
    assert qualify() == 0


def test_fifty_votes_are_asked_for_where_the_rule_says_nothing(crowd: Crowd) -> None:
    ask_for(crowd, workflow="shapes", least=0.1)
    assert qualify() == 0


def test_simulated_volunteers_get_none(crowd: Crowd) -> None:
    Volunteer.objects.update(simulated=True)
    ask_for(crowd, workflow="shapes", least=0.8, votes=10)
    assert qualify() == 0
    assert not Grant.objects.exists()


def test_roles_are_followed_by_the_same_job(crowd: Crowd, django_user_model) -> None:
    user = django_user_model.objects.create_user("mo")
    Volunteer.objects.filter(pk=crowd.ids[2]).update(account=user)
    ProjectMember.objects.create(project=crowd.workflow.project, user=user, role="moderator")
    Qualification.objects.create(
        project=crowd.workflow.project, slug="mods", title="M", kind="role", rule={"role": "moderator"}
    )
    assert qualify() == 1
    assert Grant.objects.get().volunteer_id == crowd.ids[2]
