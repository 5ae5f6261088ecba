"""Signing up, in and out: nothing is lost, nothing is mixed. Through the real forms."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from projects.models import Answered, Classification, Consent, Discount, Subject, Volunteer
from projects.services.volunteers import CONSENT_VERSION, COOKIE, NO_CONSENT, Pass, read_pass
from tests.portal.pages.helpers import answer, browser, make_pass
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db
PASSWORD = "quiet-nebula-7"


def sign_up(client: Client, name: str = "ann") -> User:
    form = {"username": name, "email": "", "password1": PASSWORD, "password2": PASSWORD}
    response = client.post("/accounts/signup/", form)
    assert response.status_code == 302, response.content.decode()
    return User.objects.get(username=name)


def sign_in(client: Client, name: str = "ann") -> None:
    assert client.post("/accounts/login/", {"login": name, "password": PASSWORD}).status_code == 302


def held_by(client: Client) -> Pass | None:
    """The pass in the browser's cookie."""
    morsel = client.cookies.get(COOKIE)

    class Request:
        COOKIES = {COOKIE: morsel.value} if morsel else {}

    return read_pass(Request())  # type: ignore[arg-type]


def test_sign_up_keeps_what_was_answered() -> None:
    workflow = make_workflow(3)
    held = make_pass()
    answer(workflow, held, "s0")
    client = browser(held)
    user = sign_up(client)
    volunteer = Volunteer.objects.get()
    assert volunteer.account == user
    assert volunteer.public_id == held.public_id
    now = held_by(client)
    assert now is not None
    assert (now.public_id, now.consent_version) == (held.public_id, CONSENT_VERSION)
    page = client.get("/me/").content.decode()
    assert "/media/zoo/s0.png" in page
    assert "ann" in page


def said(client: Client) -> list[str]:
    """The messages on the page that comes next."""
    return [str(message) for message in client.get("/").context["messages"]]


def test_sign_up_says_how_many_answers_came_along() -> None:
    workflow = make_workflow(3)
    held = make_pass()
    for subject in ("s0", "s1"):
        answer(workflow, held, subject)
    client = browser(held)
    sign_up(client)
    assert said(client) == ["You are signed in as ann. Your 2 answers came along."]


def test_sign_in_says_it_of_what_counts_only_and_only_once() -> None:
    workflow = make_workflow(3)
    desk, phone = make_pass(), make_pass()
    answer(workflow, desk, "s0")
    at_desk = browser(desk)
    sign_up(at_desk)
    for subject in ("s0", "s1"):  # the account has answered s0 already
        answer(workflow, phone, subject)
    on_phone = browser(phone)
    sign_in(on_phone)
    assert said(on_phone) == ["You are signed in as ann. Your 1 answer came along."]
    again = browser(held_by(on_phone))
    sign_in(again)
    assert said(again) == ["You are signed in as ann."]


def test_sign_up_before_any_answer_promises_nothing() -> None:
    make_workflow(1)
    client = browser(make_pass())
    sign_up(client)
    assert said(client) == ["You are signed in as ann."]


def test_sign_in_elsewhere_joins_and_the_earlier_answer_counts() -> None:
    workflow = make_workflow(3)
    desk, phone = make_pass(), make_pass()
    answer(workflow, desk, "s0")
    at_desk = browser(desk)
    user = sign_up(at_desk)
    answer(workflow, phone, "s0")
    answer(workflow, phone, "s1")
    on_phone = browser(phone)
    sign_in(on_phone)
    own = Volunteer.objects.get(account=user)
    alias = Volunteer.objects.get(public_id=phone.public_id)
    assert alias.joined_to == own
    assert Classification.objects.count() == 3
    assert [record.classification.volunteer for record in Discount.objects.all()] == [alias]
    assert set(Answered.objects.filter(volunteer=own).values_list("subject__external_id", flat=True)) == {
        "s0",
        "s1",
    }
    now = held_by(on_phone)
    assert now is not None
    assert now.public_id == own.public_id


def test_sign_out_starts_a_fresh_volunteer() -> None:
    workflow = make_workflow(3)
    held = make_pass()
    answer(workflow, held, "s0")
    client = browser(held)
    sign_up(client)
    client.post("/accounts/logout/")
    assert client.cookies[COOKIE].value == ""
    assert "Nothing here yet" in client.get("/me/").content.decode()
    del client.cookies[COOKIE]
    sign_in(client)
    assert "/media/zoo/s0.png" in client.get("/me/").content.decode()


def test_sign_up_before_any_answer_asks_for_consent_first() -> None:
    make_workflow(1)
    client = Client()
    user = sign_up(client)
    own = Volunteer.objects.get(account=user)
    now = held_by(client)
    assert now == Pass(own.public_id, NO_CONSENT, 0)
    assert Consent.objects.count() == 0
    subject = Subject.objects.get()
    assert subject.external_id == "s0"
    client.post("/api/v1/consent", {"version": CONSENT_VERSION}, content_type="application/json")
    assert [(row.volunteer, row.version) for row in Consent.objects.all()] == [(own, CONSENT_VERSION)]
    again = held_by(client)
    assert again is not None
    assert (again.public_id, again.consent_version) == (own.public_id, CONSENT_VERSION)


def test_sign_up_after_consent_alone_keeps_the_consent() -> None:
    held = make_pass()
    client = browser(held)
    user = sign_up(client)
    consent = Consent.objects.get()
    assert consent.volunteer.account == user
    assert consent.at.timestamp() == held.consent_at
    now = held_by(client)
    assert now is not None
    assert now.consent_version == CONSENT_VERSION


def test_sign_in_leaves_another_accounts_volunteer_alone() -> None:
    workflow = make_workflow(3)
    held = make_pass()
    answer(workflow, held, "s0")
    sign_up(browser(held), "ann")
    bob = sign_up(browser(held), "bob")  # the same browser's cookie, copied
    assert Volunteer.objects.get(public_id=held.public_id).account.username == "ann"
    assert Volunteer.objects.get(account=bob).classifications.count() == 0


def test_sign_in_with_a_forged_cookie_works_and_joins_nothing() -> None:
    workflow = make_workflow(3)
    held = make_pass()
    answer(workflow, held, "s0")
    client = browser(held)
    client.cookies[COOKIE] = "x" + held.signed()
    user = sign_up(client)
    assert Volunteer.objects.get(account=user).classifications.count() == 0


def test_sign_up_refuses_a_weak_password(client: Client) -> None:
    form = {"username": "ann", "password1": "password", "password2": "password"}
    page = client.post("/accounts/signup/", form).content.decode()
    assert "This password is too common." in page
    assert not User.objects.exists()


def test_admins_door_joins_too() -> None:
    workflow = make_workflow(3)
    held = make_pass()
    answer(workflow, held, "s0")
    User.objects.create_superuser("root", password=PASSWORD)
    client = browser(held)
    client.post("/admin/login/?next=/admin/", {"username": "root", "password": PASSWORD})
    assert Volunteer.objects.get(public_id=held.public_id).account.username == "root"
