"""One's own pages: choosing among one's answers, correcting, collections, favourites, statistics."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mining.models import OnlineTask, OnlineVolunteer
from mining.services.reckon_merit import reckon
from portal.pages import own_filter, own_numbers
from projects.models import (
    Classification,
    Collection,
    Evidence,
    Favourite,
    Look,
    Subject,
    SubjectState,
    Volunteer,
    Workflow,
)
from projects.services import enter_gold, next_subjects, record_classification, redo_classification
from projects.services.volunteers import Pass
from tests.portal.pages.helpers import answer, browser, make_pass
from tests.projects.factories import ARMS, ARTIFACT, SMOOTH, make_workflow, submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def workflow() -> Workflow:
    made = make_workflow(4)
    made.refresh_from_db()
    return made


@pytest.fixture
def held() -> Pass:
    return make_pass()


def subject(name: str) -> int:
    return Subject.objects.get(external_id=name).pk


def page(held: Pass, address: str) -> str:
    response = browser(held).get(address)
    assert response.status_code == 200
    return response.content.decode()


def shown(held: Pass, **choice: str) -> list[str]:
    response = browser(held).get("/me/classifications/", choice)
    return [
        answer.picture.path.removeprefix("zoo/").removesuffix(".png")
        for answer in response.context["found"].answers
    ]


# --- Choosing -----------------------------------------------------------------------------------------------------


def test_choose_by_workflow_answer_day_and_words(workflow: Workflow, held: Pass) -> None:
    other = make_workflow(1, slug="birds", title="Birds")
    answer(workflow, held, "s0", SMOOTH)
    answer(workflow, held, "s1", ARMS)
    answer(workflow, held, "s2", ARTIFACT)
    birds = Subject.objects.get(project=other.project)
    Subject.objects.filter(pk=birds.pk).update(external_id="b0")
    answer(other, held, "b0", SMOOTH)
    mine, today = f"w:{workflow.pk}", f"{timezone.now():%Y-%m-%d}"
    assert len(shown(held)) == 4
    assert shown(held, place=mine) == ["s2", "s1", "s0"]
    assert shown(held, place="p:zoo") == ["s2", "s1", "s0"]
    assert shown(held, place=mine, answer="T0:smooth") == ["s0"]
    assert shown(held, place=mine, answer="T1:arms") == ["s1"]
    assert shown(held, place=mine, words="ARTI") == ["s2"]
    assert shown(held, place=mine, words="no such") == []
    assert shown(held, place=mine, since=today, until=today) == ["s2", "s1", "s0"]
    assert shown(held, place=mine, until="2020-01-01") == []


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"place": "w:0"}, "Select a valid choice"),
        ({"since": "yesterday"}, "Enter a valid date"),
        ({"since": "2026-02-02", "until": "2026-01-01"}, "This day is before the first"),
        ({"words": "x" * 101}, "at most 100 characters"),
    ],
)
def test_a_choice_that_is_none(workflow: Workflow, held: Pass, choice: dict[str, str], sentence: str) -> None:
    answer(workflow, held)
    response = browser(held).get("/me/classifications/", choice)
    assert (response.status_code, response.context["found"]) == (200, None)
    assert sentence in response.content.decode()
    assert browser(held).get("/me/older/", {"before": "9", **choice}).status_code == 400


def test_a_written_answer_is_found_by_its_words(held: Pass) -> None:
    text = {
        "first_task": "T0",
        "tasks": {"T0": {"kind": "text", "question": "What does it say?"}},
        "retirement": ["gte", ["votes"], 5],
    }
    workflow = make_workflow(2, definition=text)
    answer(workflow, held, "s0", [{"task": "T0", "value": "καὶ τὸν Task"}])
    answer(workflow, held, "s1", [{"task": "T0", "value": "100 % sure"}])
    assert shown(held, words="ΤῸΝ") == ["s0"]
    assert shown(held, words="0 %") == ["s1"]
    assert shown(held, words="value") == []  # of the form, not of what was written


def test_a_rare_answer_is_looked_for_page_by_page(
    workflow: Workflow, held: Pass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_filter, "WINDOW", 2)
    answer(workflow, held, "s0", ARTIFACT)
    for name in ("s1", "s2"):
        answer(workflow, held, name)
    choice = {"place": f"w:{workflow.pk}", "answer": "T0:artifact"}
    found = browser(held).get("/me/classifications/", choice).context["found"]
    first = Classification.objects.get(subject=subject("s1"))
    assert (found.answers, found.before) == ([], first.pk)
    rest = browser(held).get("/me/older/", {**choice, "before": first.pk}).content.decode()
    assert "/media/zoo/s0.png" in rest


def test_others_see_nothing_of_mine(workflow: Workflow, held: Pass) -> None:
    answer(workflow, held)
    for place in (
        "/me/classifications/",
        "/me/favourites/",
        "/me/collections/",
        "/me/statistics/",
        "/me/data/",
    ):
        text = Client().get(place).content.decode()
        assert "zoo/s0.png" not in text
        assert 'data-project="zoo"' not in text


# --- Hidden checks ------------------------------------------------------------------------------------------------


def test_a_hidden_check_looks_like_any_other_on_every_page(workflow: Workflow, held: Pass) -> None:
    enter_gold(workflow=workflow, subject_id=subject("s1"), annotations=SMOOTH, expert="account:1")
    for name in ("s0", "s1"):
        answer(workflow, held, name, ARMS)
    work, check = (own for own in browser(held).get("/me/classifications/").context["found"].answers[::-1])
    assert (work.steps, work.why_not, work.practice, bool(work.redo)) == (
        check.steps,
        check.why_not,
        check.practice,
        bool(check.redo),
    )
    for name in ("s0", "s1"):
        redo_classification(submission(workflow, subject(name), SMOOTH), held)
    found = browser(held).get("/me/classifications/").context["found"].answers
    assert [(own.corrected, own.steps[0].words, bool(own.redo)) for own in found] == [
        (True, "Smooth", True)
    ] * 2
    text = page(held, "/me/statistics/")
    assert "<dd>2</dd>" in text
    archive = b"".join(browser(held).get("/me/data/voorwerp.zip").streaming_content)
    assert b"PK" == archive[:2]


# --- Correcting ---------------------------------------------------------------------------------------------------


def redo_page(held: Pass, name: str = "s0") -> tuple[int, str, str]:
    """Status, where to, and what was said there."""
    client = browser(held)
    response = client.get(f"/projects/zoo/classify/shapes/{subject(name)}/")
    if response.status_code != 302:
        return response.status_code, "", response.content.decode()
    return 302, response["Location"], client.get(response["Location"]).content.decode()


def test_the_earlier_answer_is_filled_in(workflow: Workflow, held: Pass) -> None:
    answer(workflow, held, "s0", ARMS)
    status, _to, text = redo_page(held)
    data = json.loads(
        text.split('<script id="classify-data" type="application/json">')[1].split("</script>")[0]
    )
    assert (status, data["redo"]["answers"]) == (200, {"T0": "features", "T1": ["arms"]})
    assert data["redo"]["subject"]["id"] == subject("s0")
    assert "#secret" not in data["redo"]["subject"]["metadata"]
    assert f"/projects/zoo/classify/shapes/{subject('s0')}/" in page(held, "/me/")


def test_no_correction_after_the_time_nor_after_a_look_nor_of_anothers(
    workflow: Workflow, held: Pass
) -> None:
    answer(workflow, held, "s0")
    assert redo_page(make_pass())[:2] == (302, "/me/classifications/")
    assert "You have not answered this picture yet" in redo_page(held, "s1")[2]
    Look.objects.create(volunteer=Volunteer.objects.get(), workflow=workflow, subject_id=subject("s0"))
    assert "You have seen how others answered" in redo_page(held)[2]
    assert "You have seen how others answered" in page(held, "/me/")
    Look.objects.all().delete()
    Classification.objects.update(received_at=timezone.now() - timedelta(minutes=16))
    status, to, text = redo_page(held)
    assert (status, to) == (302, "/me/classifications/")
    assert "The time to correct this answer is over" in text
    assert Classification.objects.count() == 1


# --- Unfinished, favourites ---------------------------------------------------------------------------------------


def test_what_was_handed_out_is_unfinished_until_it_is_answered(workflow: Workflow, held: Pass) -> None:
    batch = next_subjects(workflow_id=workflow.pk, holder=held.public_id, tab=held.public_id, n=2)
    assert "2 pictures of Zoo, Shapes, wait for your answers" in page(held, "/me/")
    answer(workflow, held, Subject.objects.get(pk=batch.subjects[0].id).external_id)
    assert "1 picture of Zoo, Shapes, waits for your answer" in page(held, "/me/")
    assert "waits for your answer" not in page(make_pass(), "/me/")


def test_a_favourite_is_known_on_the_classify_page_and_can_be_removed(workflow: Workflow, held: Pass) -> None:
    answer(workflow, held)
    Favourite.objects.create(volunteer=Volunteer.objects.get(), subject_id=subject("s2"))
    text = page(held, "/projects/zoo/classify/shapes/")
    assert f'"favourites": [{subject("s2")}]' in text
    assert '"favourites": []' in page(make_pass(), "/projects/zoo/classify/shapes/")
    assert "/media/zoo/s2.png" in page(held, "/me/favourites/")
    browser(make_pass()).post(f"/me/favourites/{subject('s2')}/remove/")
    assert Favourite.objects.count() == 1  # somebody else's
    for _ in range(2):
        assert browser(held).post(f"/me/favourites/{subject('s2')}/remove/").status_code == 302
    assert Favourite.objects.count() == 0


# --- Collections --------------------------------------------------------------------------------------------------


def collect(held: Pass, name: str, **sent: str) -> int:
    return browser(held).post(f"/collect/{subject(name)}/", sent).status_code


def test_a_collection_from_its_beginning_to_its_end(workflow: Workflow, held: Pass) -> None:
    answer(workflow, held)
    assert collect(held, "s0", title="  Odd   ones ") == 302
    made = Collection.objects.get()
    assert (made.title, made.is_public) == ("Odd ones", False)
    for _ in range(2):
        assert collect(held, "s1", into=str(made.public_id)) == 302
    assert made.items.count() == 2
    at = f"/collections/{made.public_id}/"
    assert browser(make_pass()).get(at).status_code == 404
    browser(held).post(f"{at}describe/", {"title": "Rings", "description": "<b>round</b>", "is_public": "on"})
    text = page(make_pass(), at)
    assert ("Rings" in text, "&lt;b&gt;round&lt;/b&gt;" in text, "Take out" in text) == (True, True, False)
    for refused in ("describe/", "delete/", f"{subject('s0')}/take-out/"):
        assert browser(make_pass()).post(at + refused, {"title": "x"}).status_code == 404
    browser(held).post(f"{at}{subject('s0')}/take-out/")
    assert list(made.items.values_list("subject", flat=True)) == [subject("s1")]
    assert browser(held).post(f"{at}delete/").status_code == 302
    assert Collection.objects.count() == 0


@pytest.mark.parametrize("title", ["", "   ", "x" * 121])
def test_a_collection_needs_a_title_that_fits(workflow: Workflow, held: Pass, title: str) -> None:
    answer(workflow, held)
    assert collect(held, "s0", title=title) == 400
    assert Collection.objects.count() == 0


def test_collecting_asks_for_consent_and_stays_in_one_project(workflow: Workflow, held: Pass) -> None:
    response = Client().post(f"/collect/{subject('s0')}/", {"title": "Mine"})
    assert response.status_code == 400
    assert "give your first answer, or sign in" in response.content.decode()
    answer(workflow, held)
    collect(held, "s0", title="Zoo")
    other = make_workflow(1, slug="birds", title="Birds")
    bird = Subject.objects.get(project=other.project)
    sent = {"into": str(Collection.objects.get().public_id)}
    assert browser(held).post(f"/collect/{bird.pk}/", sent).status_code == 400
    assert browser(held).post(f"/collect/{bird.pk}/", {"into": "none"}).status_code == 404
    assert browser(held).post("/collect/1/", sent).status_code == 404


def test_a_shared_collection_says_nothing_of_answers(workflow: Workflow, held: Pass) -> None:
    """Neither in words nor in numbers: the page with answers is the page without."""
    answer(workflow, held, "s3")
    collect(held, "s0", title="Mine")
    Collection.objects.update(is_public=True)
    at = f"/collections/{Collection.objects.get().public_id}/"
    before = page(make_pass(), at)
    for _ in range(2):
        answer(workflow, make_pass(), "s0", ARTIFACT)
    assert page(make_pass(), at) == before
    assert "artifact" not in before


def test_a_private_projects_collection_is_for_who_may_see_it(workflow: Workflow, held: Pass) -> None:
    answer(workflow, held)
    collect(held, "s0", title="Mine")
    Collection.objects.update(is_public=True)
    workflow.project.is_public = False
    workflow.project.save()
    at = f"/collections/{Collection.objects.get().public_id}/"
    assert browser(make_pass()).get(at).status_code == 404


# --- Statistics ---------------------------------------------------------------------------------------------------


def test_weeks_count_all_and_cap_each_answer(workflow: Workflow, held: Pass) -> None:
    began = timezone.now()
    for name, seconds in (("s0", 60), ("s1", 36_000), ("s2", -5)):
        found = submission(
            workflow, subject(name), started_at=began, finished_at=began + timedelta(seconds=seconds)
        )
        record_classification(found, held)
    (week,) = own_numbers.weeks(Volunteer.objects.get().pk)[workflow.project_id]
    assert (week.answers, week.hours) == (3, (60 + 300 + 0) / 3600)


def test_agreement_only_on_finished_subjects_and_only_from_ten(
    monkeypatch: pytest.MonkeyPatch, held: Pass
) -> None:
    workflow = make_workflow(13)
    for at in range(12):
        answer(workflow, held, f"s{at}", SMOOTH if at < 9 else ARTIFACT)
    person = Volunteer.objects.get().pk
    for row in Evidence.objects.filter(task="T0"):
        row.probabilities = {"smooth": 0.9, "features": 0.1, "artifact": 0.0}
        row.save()
    assert own_numbers.agreement(person) == {}
    finished = [subject(f"s{at}") for at in range(10)]
    SubjectState.objects.filter(subject__in=finished).update(retired_at=timezone.now(), retired_reason="x")
    share, low, high = own_numbers.agreement(person)[workflow.pk]
    assert share == 0.9
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)  # Wilson, 9 of 10


def test_merit_is_told_from_ten_votes_and_in_steps(workflow: Workflow, held: Pass) -> None:
    answer(workflow, held)
    person = Volunteer.objects.get()
    keys = ["smooth", "features", "artifact"]
    crowd = [80.0, 10, 10, 10, 80, 10, 10, 10, 80]
    OnlineTask.objects.create(
        workflow=workflow, task="T0", keys=keys, crowd=crowd, class_counts=[30.0, 30, 30]
    )
    own = OnlineVolunteer.objects.create(
        workflow=workflow, task="T0", volunteer=person, votes=9, counts=[9.0, 0, 0, 0, 0, 0, 0, 0, 0]
    )
    assert "appear here from 10 votes" in page(held, "/me/statistics/")
    own.votes, own.counts = 26, [14.0, 6, 0, 0, 6, 0, 0, 0, 0]
    own.save()
    assert "are being reckoned" in page(held, "/me/statistics/")
    (told,) = reckon(person.pk, workflow.pk)
    assert told.skill[1] < told.skill[0] < told.skill[2]
    assert [(each.key, each.instead, each.instead_share) for each in told.classes] == [
        ("smooth", "features", 0.3)
    ]
    text = page(held, "/me/statistics/")
    assert "Where the others see “Smooth” you say “Features” in 30 of 100 cases" in text
    own.votes, own.counts = 27, [14.0, 7, 0, 0, 6, 0, 0, 0, 0]
    own.save()
    assert page(held, "/me/statistics/").split("<main")[1] == text.split("<main")[1]


@pytest.fixture(autouse=True)
def _empty_redis(redis_client: object) -> None:
    """What is told is kept there."""
