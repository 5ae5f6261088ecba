"""One person, several volunteers: joining an account, who counts, the signed cookie."""

import threading
import uuid

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import RequestFactory

from projects.exceptions import ConsentRequired, ForgedCookie, Invalid
from projects.models import (
    Answered,
    Classification,
    Discount,
    Evidence,
    Favourite,
    Retirement,
    SubjectState,
    Volunteer,
    WorkflowCounter,
)
from projects.services import record_classification
from projects.services import record_classification as verb
from projects.services.rebuild import rebuild_workflow
from projects.services.volunteers import (
    CONSENT_VERSION,
    COOKIE,
    NO_CONSENT,
    Pass,
    give_consent,
    join_account,
    read_pass,
    require_pass,
)
from tests.projects.factories import ARMS, ARTIFACT, make_pass, make_workflow, submission

pytestmark = pytest.mark.django_db(transaction=True)


def user(name="ada"):
    return get_user_model().objects.create_user(name, password="x")


def counted(workflow):
    return WorkflowCounter.objects.get(workflow=workflow).answers


def states(workflow):
    return list(SubjectState.objects.filter(workflow=workflow).order_by("subject_id"))


def request_with(cookie):
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = cookie
    return request


def test_signing_up_keeps_what_was_answered_before():
    workflow, held, ada = make_workflow(), make_pass(), user()
    subject = states(workflow)[0].subject_id
    record_classification(submission(workflow, subject), held)
    own = join_account(held.public_id, ada)
    assert (own.public_id, own.account_id) == (held.public_id, ada.pk)
    assert Answered.objects.get().volunteer_id == own.pk


def test_signing_in_on_another_device_joins_and_the_earlier_answer_counts():
    workflow, ada = make_workflow(), user()
    home, phone = make_pass(), make_pass()
    one, two, *_ = [state.subject_id for state in states(workflow)]
    record_classification(submission(workflow, one), phone)
    record_classification(submission(workflow, two, ARMS), phone)
    record_classification(submission(workflow, one, ARMS), home)
    own = join_account(home.public_id, ada)
    assert join_account(phone.public_id, ada) == own
    later = Classification.objects.get(volunteer=own)
    assert Discount.objects.get().classification == later
    assert counted(workflow) == 2
    assert set(Answered.objects.values_list("volunteer_id", "subject_id")) == {(own.pk, one), (own.pk, two)}
    told = Evidence.objects.get(workflow=workflow, subject_id=one, task="T0").tallies
    assert told == {"asked": 1, "votes": {"smooth": 1}, "first": ["smooth"]}
    assert Evidence.objects.get(workflow=workflow, subject_id=one, task="T1").tallies["asked"] == 0


def test_a_subject_that_loses_an_answer_is_reopened_with_both_events_kept():
    workflow, ada = make_workflow(), user()
    home, phone = make_pass(), make_pass()
    subject = states(workflow)[0].subject_id
    for held in (home, phone):
        record_classification(submission(workflow, subject, ARTIFACT), held)
    assert states(workflow)[0].retired_reason == "first 2 answers of T0 all artifact"
    join_account(home.public_id, ada)
    join_account(phone.public_id, ada)
    assert [event.retired for event in Retirement.objects.order_by("id")] == [True, False]
    state = states(workflow)[0]
    assert (state.retired_at, state.answered) == (None, 1)
    assert WorkflowCounter.objects.get(workflow=workflow).retired == 0


def test_an_earlier_answer_that_came_late_does_not_push_out_one_that_counts():
    workflow, ada = make_workflow(), user()
    home, phone = make_pass(), make_pass()
    subject = states(workflow)[0].subject_id
    strangers = [make_pass(), make_pass()]
    for held in strangers:
        record_classification(submission(workflow, subject, ARTIFACT), held)
    assert record_classification(submission(workflow, subject), phone).counted == "late"
    bob = user("bob")
    for held in strangers:  # one person after all: an answer goes, and the subject is open again
        join_account(held.public_id, bob)
    assert record_classification(submission(workflow, subject, ARMS), home).counted == "yes"
    own = join_account(home.public_id, ada)
    join_account(phone.public_id, ada)
    kept = Answered.objects.get(volunteer=own).classification
    assert (kept.counted, counted(workflow)) == ("yes", 2)
    assert rebuild_workflow(workflow) == []


def test_somebody_elses_volunteer_is_left_alone():
    workflow, ada, bob = make_workflow(), user(), user("bob")
    held = make_pass()
    record_classification(submission(workflow, states(workflow)[0].subject_id), held)
    adas = join_account(held.public_id, ada)
    bobs = join_account(held.public_id, bob)
    assert bobs != adas
    assert Answered.objects.get().volunteer_id == adas.pk


def test_favourites_come_along_once():
    workflow, ada = make_workflow(), user()
    home, phone = make_pass(), make_pass()
    subject = states(workflow)[0].subject_id
    for number, held in enumerate((home, phone)):
        record_classification(submission(workflow, states(workflow)[number].subject_id), held)
        Favourite.objects.create(
            volunteer=Volunteer.objects.get(public_id=held.public_id), subject_id=subject
        )
    own = join_account(home.public_id, ada)
    join_account(phone.public_id, ada)
    assert [kept.subject_id for kept in own.favourites.all()] == [subject]


def test_joining_in_the_middle_of_an_answer_still_counts_the_person_once(monkeypatch):
    """Seen red without the second reading of who the volunteer is: the answer stayed with the alias."""
    workflow, ada = make_workflow(), user()
    home, phone = make_pass(), make_pass()
    one, two, *_ = [state.subject_id for state in states(workflow)]
    record_classification(submission(workflow, one), home)
    record_classification(submission(workflow, two), phone)
    own = join_account(home.public_id, ada)
    module = __import__("projects.services.record_classification", fromlist=["_row_values"])
    original = module._row_values

    def join_first(*args, **kwargs):
        monkeypatch.setattr(module, "_row_values", original)

        def join():
            join_account(phone.public_id, ada)
            connection.close()

        thread = threading.Thread(target=join)
        thread.start()
        thread.join(5)
        assert not thread.is_alive()
        return original(*args, **kwargs)

    monkeypatch.setattr(module, "_row_values", join_first)
    three = states(workflow)[2].subject_id
    assert verb(submission(workflow, three), phone).counted == "yes"
    assert set(Answered.objects.values_list("volunteer_id", "subject_id")) == {
        (own.pk, one),
        (own.pk, two),
        (own.pk, three),
    }
    assert Classification.objects.count() == 3


def test_a_pass_survives_its_cookie():
    held = make_pass()
    assert read_pass(request_with(held.signed())) == held
    assert require_pass(request_with(held.signed())) == held


@pytest.mark.parametrize(
    "cookie",
    ["x", "x:y", f"{uuid.uuid4().hex}.2026-11.1:AAAA", make_pass().signed()[:-1] + "_"],
    ids=["a letter", "two", "another's signature", "a changed signature"],
)
def test_a_forged_cookie_is_refused(cookie):
    with pytest.raises(ForgedCookie):
        read_pass(request_with(cookie))


def test_an_older_consent_is_asked_for_again():
    old = Pass(uuid.uuid4(), "2020-01", 1)
    with pytest.raises(ConsentRequired):
        require_pass(request_with(old.signed()))
    with pytest.raises(Invalid):
        give_consent(old, "2020-01")
    renewed = give_consent(Pass(old.public_id, NO_CONSENT, 0), CONSENT_VERSION)
    assert (renewed.public_id, renewed.consent_version) == (old.public_id, CONSENT_VERSION)
