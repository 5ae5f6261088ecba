"""The glance at others' answers, and favourites."""

import pytest

from projects.models import Favourite, Look, Subject, Volunteer, Workflow
from projects.services import publish_workflow
from tests.projects.api.caller import Caller, refusal
from tests.projects.factories import ARMS, SMOOTH, TREE, make_workflow

pytestmark = pytest.mark.django_db
REFUSED = (
    403,
    "independence",
    "Others' answers on this subject are shown after you have answered it yourself.",
)


@pytest.fixture
def zoo() -> Workflow:
    return make_workflow()


def glance(caller: Caller, workflow: Workflow, subject: int):
    return caller.get("glance", {"workflow": workflow.pk}, subject_id=subject)


def test_nobody_sees_answers_before_their_own(zoo: Workflow):
    one, two, *_ = Subject.objects.order_by("pk").values_list("pk", flat=True)
    other = Caller()
    other.answer(zoo, one, SMOOTH)
    caller = Caller()
    caller.answer(zoo, two, SMOOTH)
    for who in (caller, Caller(agreed=False)):
        assert refusal(glance(who, zoo, one)) == REFUSED
    assert Look.objects.count() == 0


def test_after_their_own_they_see_the_tasks_they_were_asked(zoo: Workflow):
    subject = Subject.objects.order_by("pk").first().pk
    Caller().answer(zoo, subject, ARMS)
    caller = Caller()
    caller.answer(zoo, subject, SMOOTH)
    assert glance(caller, zoo, subject).json() == {
        "subject": subject,
        "total": 2,
        "tasks": [
            {
                "task": "T0",
                "question": "What is it?",
                "asked": 2,
                "yours": "smooth",
                "answers": [
                    {"key": "smooth", "label": "Smooth", "votes": 1, "share": 0.5},
                    {"key": "features", "label": "Features", "votes": 1, "share": 0.5},
                    {"key": "artifact", "label": "Star or artifact", "votes": 0, "share": 0.0},
                ],
            }
        ],
    }
    assert Look.objects.get().subject_id == subject


@pytest.mark.parametrize("workflow", ["", "x", "²", "9" * 5000])
def test_a_glance_needs_its_workflow(zoo: Workflow, workflow: str):
    response = Caller().get("glance", {"workflow": workflow}, subject_id=1)
    assert refusal(response) == (400, "invalid", "Say which workflow: ?workflow=ID.")


def test_a_workflow_may_show_no_glance(zoo: Workflow):
    subject = Subject.objects.order_by("pk").first().pk
    caller = Caller()
    caller.answer(zoo, subject, SMOOTH)
    publish_workflow(zoo, TREE | {"glance": False})
    assert refusal(glance(caller, zoo, subject)) == (
        404, "not_found", "This workflow does not show others' answers.",
    )  # fmt: skip
    assert Look.objects.count() == 0


def test_a_favourite_is_kept_once_and_let_go(zoo: Workflow):
    subject = Subject.objects.order_by("pk").first().pk
    caller, other = Caller(), Caller()
    assert [caller.put("favourite", subject_id=subject).status_code for _ in range(2)] == [204, 204]
    assert other.put("favourite", subject_id=subject).status_code == 204
    assert Favourite.objects.count() == 2
    assert [caller.delete("favourite", subject_id=subject).status_code for _ in range(2)] == [204, 204]
    assert Favourite.objects.get().volunteer.public_id.hex == other.cookie.split(".")[0]


def test_a_favourite_needs_consent(zoo: Workflow):
    caller = Caller(agreed=False)
    subject = Subject.objects.first().pk
    assert refusal(caller.put("favourite", subject_id=subject))[:2] == (403, "consent_required")
    assert (Favourite.objects.count(), Volunteer.objects.count()) == (0, 0)


@pytest.mark.parametrize("number", [10**6, 10**30])
def test_a_favourite_that_is_no_subject(zoo: Workflow, number: int):
    assert refusal(Caller().put("favourite", subject_id=number))[:2] == (404, "not_found")


def test_a_private_subject_is_its_teams_to_keep(zoo: Workflow, django_user_model):
    zoo.project.is_public = False
    zoo.project.save()
    subject = Subject.objects.first().pk
    assert refusal(Caller().put("favourite", subject_id=subject))[:2] == (404, "not_found")
    maria = django_user_model.objects.create_user("maria", password="pw")
    zoo.project.members.create(user=maria, role="scientist")
    caller = Caller(agreed=False)
    caller.client.force_login(maria)
    assert caller.put("favourite", subject_id=subject).status_code == 204
    assert Favourite.objects.get().volunteer.account == maria


def test_favourites_need_the_csrf_token(zoo: Workflow):
    caller = Caller()
    caller.headers = {}
    assert refusal(caller.put("favourite", subject_id=Subject.objects.first().pk))[:2] == (403, "csrf")
    assert Favourite.objects.count() == 0
