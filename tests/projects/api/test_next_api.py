"""Handing out subjects over HTTP; giving them back; what belongs to looking."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from projects.models import Lease, Subject, SubjectState, Volunteer, Workflow
from projects.services import next_subjects
from projects.services.volunteers import COOKIE
from tests.projects.api.caller import Caller, refusal
from tests.projects.factories import SMOOTH, make_workflow

pytestmark = pytest.mark.django_db
EMPTY = {"subjects": [], "retry_after": None}


@pytest.fixture
def zoo() -> Workflow:
    return make_workflow()


def ids(response) -> list[int]:
    return [subject["id"] for subject in response.json()["subjects"]]


def state_of(response) -> str:
    return response.json()["state"]


def test_a_subject_as_the_page_gets_it(zoo: Workflow):
    response = Caller().next(zoo)
    (subject,) = response.json()["subjects"]
    name = Subject.objects.get(pk=subject["id"]).external_id
    assert response.json() == {
        "workflow": zoo.pk,
        "version": zoo.published_id,
        "state": "open",
        "retry_after": None,
        "message": "",
        "subjects": [subject],
    }
    media = {"url": f"/media/zoo/{name}.png", "mime": "image/png", "width": 64, "height": 64, "alt": ""}
    assert subject == {"id": subject["id"], "metadata": {"field": "A"}, "media": [media]}
    assert response.headers["Cache-Control"] == "no-store"


def test_the_first_look_sets_the_cookie_and_makes_nobody(zoo: Workflow):
    caller = Caller(agreed=False)
    first = caller.next(zoo)
    assert COOKIE in first.cookies
    assert COOKIE not in caller.next(zoo).cookies
    assert Volunteer.objects.count() == 0


def test_the_same_browser_gets_other_subjects_each_time(zoo: Workflow):
    caller = Caller()
    assert sorted(ids(caller.next(zoo, n=2)) + ids(caller.next(zoo, n=2))) == sorted(
        Subject.objects.values_list("pk", flat=True)
    )
    assert state_of(caller.next(zoo)) == "all_leased"


@pytest.mark.parametrize("n", ["-1", "51", "x", "1.5", "²", "9" * 5000, ""])
def test_n_out_of_bounds(zoo: Workflow, n: str):
    response = Caller().next(zoo, n=n)
    assert refusal(response) == (400, "invalid", "n: write a number from 0 to 50.")
    assert Lease.objects.count() == 0


def test_the_bounds_of_n(zoo: Workflow):
    assert len(ids(Caller().next(zoo, n=50))) == 4
    assert ids(Caller().next(zoo, n=0)) == []


def test_a_tab_that_is_no_uuid(zoo: Workflow):
    assert refusal(Caller().next(zoo, tab="7")) == (400, "invalid", "tab: write a UUID.")


def test_n_0_only_extends_this_tabs_leases(zoo: Workflow):
    caller, other = Caller(), Caller()
    caller.next(zoo)
    other.next(zoo)
    soon = timezone.now() + timedelta(seconds=5)
    Lease.objects.update(expires_at=soon)
    assert (ids(caller.next(zoo, n=0)), state_of(caller.next(zoo, n=0))) == ([], "open")
    assert sorted(lease.expires_at > soon for lease in Lease.objects.all()) == [False, True]


def test_resume_hands_out_this_tabs_unanswered_subjects_first(zoo: Workflow):
    caller = Caller()
    one, two = ids(caller.next(zoo, n=2))
    caller.answer(zoo, one, SMOOTH)
    assert ids(caller.next(zoo, n=1, resume=1)) == [two]
    assert two not in ids(caller.next(zoo, n=2, tab=str(uuid.uuid4()), resume=1))


def test_finished_for_you(zoo: Workflow):
    caller = Caller()
    for subject in ids(caller.next(zoo, n=4)):
        caller.answer(zoo, subject, SMOOTH)
    answer = caller.next(zoo).json()
    assert answer["state"] == "finished_for_you"
    assert answer["message"] == "You have answered every subject that still needs answers."
    assert {key: answer[key] for key in EMPTY} == EMPTY
    assert state_of(Caller().next(zoo)) == "open"


def test_all_out_on_lease_says_when_to_try_again(zoo: Workflow):
    for _ in range(3):  # as many as each subject needs
        Caller().next(zoo, n=4)
    answer = Caller().next(zoo).json()
    assert (answer["state"], answer["subjects"]) == ("all_leased", [])
    assert 1 <= answer["retry_after"] <= 600
    assert answer["message"] == "Other volunteers are working on all that is left. Try again in a moment."


def test_the_workflow_is_finished():
    workflow = make_workflow(1)
    subject = Subject.objects.get().pk
    for _ in range(3):
        Caller().answer(workflow, subject, SMOOTH)
    answer = Caller().next(workflow).json()
    assert (answer["state"], answer["message"]) == ("workflow_finished", "Every subject has enough answers.")
    assert {key: answer[key] for key in EMPTY} == EMPTY


def test_a_closing_tab_gives_its_leases_back_and_no_others(zoo: Workflow):
    caller, other = Caller(), Caller()
    caller.next(zoo, n=2)
    caller.next(zoo, n=1, tab=(second := str(uuid.uuid4())))
    other.next(zoo, n=1)
    assert caller.post("release", {"tab": caller.tab}, workflow_id=zoo.pk).status_code == 204
    left = [(str(lease.tab), str(lease.holder)) for lease in Lease.objects.all()]
    assert sorted(tab for tab, _ in left) == sorted([second, other.tab])
    assert sum(SubjectState.objects.values_list("leased", flat=True)) == 2


@pytest.mark.parametrize("body", [{}, {"tab": "x"}, {"tab": None}])
def test_release_of_no_tab(zoo: Workflow, body: dict[str, object]):
    caller = Caller()
    caller.next(zoo)
    assert refusal(caller.post("release", body, workflow_id=zoo.pk))[:2] == (400, "invalid")
    assert Lease.objects.count() == 1


def test_release_by_somebody_new_is_harmless(zoo: Workflow):
    Caller().next(zoo)
    stranger = Caller(agreed=False)
    assert stranger.post("release", {"tab": str(uuid.uuid4())}, workflow_id=zoo.pk).status_code == 204
    assert Lease.objects.count() == 1


@pytest.mark.parametrize("number", [10**6, 10**30])
def test_a_workflow_that_is_none(number: int):
    response = Caller().get("next", workflow_id=number)
    assert refusal(response)[:2] == (404, "not_found")


def test_the_member_of_a_private_team_gets_its_subjects(zoo: Workflow, django_user_model):
    zoo.project.is_public = False
    zoo.project.save()
    maria = django_user_model.objects.create_user("maria", password="pw")
    zoo.project.members.create(user=maria, role="tester")
    caller = Caller(agreed=False)
    assert refusal(caller.next(zoo))[:2] == (403, "private")
    caller.client.force_login(maria)
    assert len(ids(caller.next(zoo))) == 1


def test_who_is_signed_in_without_a_cookie_is_the_accounts_volunteer(zoo: Workflow, django_user_model):
    caller = Caller(agreed=False)
    caller.client.force_login(django_user_model.objects.create_user("maria", password="pw"))
    caller.next(zoo)
    own = Volunteer.objects.get(account__username="maria")
    assert caller.cookie.startswith(own.public_id.hex)


def test_what_has_been_answered_elsewhere_by_the_same_person_is_not_shown(zoo: Workflow):
    caller = Caller()
    (subject,) = ids(caller.next(zoo))
    caller.answer(zoo, subject, SMOOTH)
    holder = Volunteer.objects.get().public_id
    handed = next_subjects(workflow_id=zoo.pk, holder=holder, tab=uuid.uuid4(), n=10).subjects
    assert sorted(each.id for each in handed) == sorted(
        set(Subject.objects.values_list("pk", flat=True)) - {subject}
    )


def test_a_forged_cookie_is_refused_once_and_taken_away(zoo: Workflow):
    caller = Caller(agreed=False)
    caller.client.cookies[COOKIE] = "of another installation"
    assert refusal(caller.next(zoo))[:2] == (403, "forged_cookie")
    assert Lease.objects.count() == 0
    assert caller.cookie == ""
    assert len(ids(caller.next(zoo))) == 1
