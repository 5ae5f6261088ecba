"""One's own page: mine, all of mine, only mine."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from portal.pages import own_work
from projects.models import Favourite, Subject, Volunteer
from projects.services import enter_gold
from projects.tasks.definition import parse_definition
from tests.portal.pages.helpers import answer, browser, make_pass
from tests.projects.factories import ARMS, SMOOTH, TREE, make_workflow

pytestmark = pytest.mark.django_db


def test_me_shows_my_answers_in_words(client: Client) -> None:
    workflow = make_workflow(3)
    mine, other = make_pass(), make_pass()
    answer(workflow, mine, "s1", ARMS)
    answer(workflow, other, "s2")
    page = browser(mine).get("/me/").content.decode()
    assert "<p>Features</p>" in page
    assert "<summary>and 1 more</summary>" in page
    assert "<dt>What do you see?</dt><dd>Arms</dd>" in page
    assert "/media/zoo/s1.png" in page
    assert "/media/zoo/s2.png" not in page
    assert "answer in Zoo" in page


def test_me_one_question_needs_nothing_more() -> None:
    held = make_pass()
    answer(make_workflow(1), held)
    page = browser(held).get("/me/").content.decode()
    assert "<p>Smooth</p>" in page
    assert "<summary>more</summary>" in page


def test_steps_name_the_question_and_leave_out_what_was_not_chosen() -> None:
    annotations = [{"task": "T0", "value": "features"}, {"task": "T1", "value": ["arms", "bar"]}]
    assert own_work.steps(parse_definition(TREE), annotations) == [
        own_work.Step("What is it?", "Features"),
        own_work.Step("What do you see?", "Arms · Bar"),
    ]
    assert own_work.steps(parse_definition(TREE), [{"task": "T1", "value": []}]) == []


def test_me_without_an_account_is_asked_to_keep_it() -> None:
    workflow = make_workflow(3)
    held = make_pass()
    answer(workflow, held, "s0")
    answer(workflow, held, "s1")
    page = browser(held).get("/me/").content.decode()
    assert "Your 2 answers belong to a number in this browser's cookie" in page
    assert 'href="/accounts/signup/"' in page


def test_me_of_nobody_is_empty(client: Client) -> None:
    make_workflow(1)
    page = client.get("/me/").content.decode()
    assert "Nothing here yet" in page
    assert "Keep what you did" not in page


def test_me_a_forged_cookie_shows_nothing() -> None:
    workflow = make_workflow(1)
    held = make_pass()
    answer(workflow, held)
    client = browser(held)
    client.cookies["voorwerp_volunteer"] = held.signed()[:-2] + "xx"
    assert "Nothing here yet" in client.get("/me/").content.decode()


def test_me_of_an_account_goes_over_all_aliases(client: Client) -> None:
    workflow = make_workflow(3)
    phone, desk = make_pass(), make_pass()
    answer(workflow, phone, "s0")
    answer(workflow, desk, "s1")
    user = User.objects.create_user("ann")
    own, alias = (
        Volunteer.objects.get(public_id=desk.public_id),
        Volunteer.objects.get(public_id=phone.public_id),
    )
    Volunteer.objects.filter(pk=own.pk).update(account=user)
    Volunteer.objects.filter(pk=alias.pk).update(joined_to=own)
    client.force_login(user)
    page = client.get("/me/").content.decode()
    assert "/media/zoo/s0.png" in page
    assert "/media/zoo/s1.png" in page
    assert "Keep what you did" not in page


def test_shares_count_what_was_answered_whatever_it_was_for() -> None:
    """Counting only what counts would tell how many were hidden checks."""
    workflow = make_workflow(3)
    workflow.refresh_from_db()
    known = Subject.objects.get(external_id="s1")
    enter_gold(workflow=workflow, subject_id=known.pk, annotations=SMOOTH, expert="account:1")
    held = make_pass()
    answer(workflow, held, "s0")
    answer(workflow, held, "s1")
    volunteer = Volunteer.objects.get()
    assert [c.counted for c in volunteer.classifications.order_by("pk")] == ["yes", "withheld"]
    assert own_work.shares([volunteer.pk]) == [own_work.Share("zoo", "Zoo", 2)]


def test_favourites_newest_first_each_once() -> None:
    workflow = make_workflow(3)
    answer(workflow, held := make_pass())
    volunteer = Volunteer.objects.get()
    for name in ("s2", "s0"):
        Favourite.objects.create(volunteer=volunteer, subject=Subject.objects.get(external_id=name))
    assert [media.path for media in own_work.favourites([volunteer.pk])] == ["zoo/s0.png", "zoo/s2.png"]
    assert "Favourites" in browser(held).get("/me/").content.decode()


def test_older_goes_on_where_the_page_ended() -> None:
    workflow = make_workflow(own_work.PAGE + 2)
    held = make_pass()
    for number in range(own_work.PAGE + 2):
        answer(workflow, held, f"s{number}")
    client = browser(held)
    page = client.get("/me/").content.decode()
    assert "/media/zoo/s2.png" in page
    assert "/media/zoo/s1.png" not in page
    last = Volunteer.objects.get().classifications.get(subject__external_id="s2").pk
    assert f"/me/older/?before={last}" in page
    rest = client.get(f"/me/older/?before={last}").content.decode()
    assert [name for name in ("s0", "s1", "s2") if f"/media/zoo/{name}.png" in rest] == ["s0", "s1"]
    assert "before=" not in rest
    assert client.get("/me/older/?before=x").status_code == 400


# volunteer; aliases; answers; pictures; looks; shares; favourites; leases
@pytest.mark.parametrize("answers", [1, 3])
def test_me_queries(django_assert_num_queries: DjangoAssertNumQueries, answers: int) -> None:
    workflow = make_workflow(3)
    held = make_pass()
    for number in range(answers):
        answer(workflow, held, f"s{number}")
    with django_assert_num_queries(9):
        browser(held).get("/me/")
