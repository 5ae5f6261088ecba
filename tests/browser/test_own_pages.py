"""One's own pages in a browser: correct an answer, collect, keep, leave; on a phone, in the dark, under axe."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from mining.services.follow import follow
from mining.services.reckon_merit import reckon
from projects.exports.files import pieces
from projects.models import Classification, Collection, Favourite, Look, Subject, Workflow
from projects.models import Volunteer as Person
from projects.services import get_version, record_classification
from projects.services.volunteers import COOKIE, Pass
from tests.browser.classifying import Volunteer, make_zoo, wait_for_rows
from tests.browser.shots import keep
from tests.browser.test_site_axe import FEATURES, MODES, check
from tests.projects.factories import ARTIFACT, make_pass, submission

PASSWORD = "quiet-nebula-7"
PLACES = [
    "/me/", "/me/classifications/", "/me/favourites/", "/me/collections/", "/me/statistics/", "/me/data/",
    "/me/delete/",
]  # fmt: skip


def sit_down(page: Page, address: str, held: Pass) -> None:
    page.context.add_cookies([{"name": COOKIE, "value": held.signed(), "url": address}])


def furnish(answers: int = 3) -> tuple[Workflow, Pass]:
    """Somebody who has answered, keeps a picture, and has a collection of two."""
    workflow, held = make_zoo(subjects=14), make_pass()
    for at, subject in enumerate(workflow.subject_set.subjects.order_by("pk")[:answers]):
        record_classification(submission(workflow, subject.pk, FEATURES if at % 2 else ARTIFACT), held)
    person = Person.objects.get()
    first, second = workflow.subject_set.subjects.order_by("pk")[:2]
    Favourite.objects.create(volunteer=person, subject=first)
    made = Collection.objects.create(
        volunteer=person,
        project=workflow.project,
        title="Odd ones",
        description="Rings, arcs.",
        is_public=True,
    )
    for subject in (first, second):
        made.items.create(subject=subject)
    return workflow, held


def test_correct_an_answer(live_site: str, page: Page) -> None:
    make_zoo()
    volunteer = Volunteer(page, live_site).arrive()
    volunteer.agree_and_choose("Features or disk")
    volunteer.go_on()
    volunteer.choose("Bar")
    volunteer.go_on()
    volunteer.choose("Ring")
    volunteer.go_on()
    (first,) = wait_for_rows(page, 1)

    page.goto(live_site + "/me/classifications/")
    page.get_by_role("link", name="Correct it").click()
    expect(volunteer.option("Features or disk")).to_be_checked()
    keep(page, "redo")
    volunteer.go_on()
    expect(volunteer.option("Bar")).to_be_checked()
    volunteer.choose("No bar")
    volunteer.go_on()
    expect(volunteer.option("Ring")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_text("corrected")).to_be_visible()
    earlier, correction = wait_for_rows(page, 2)
    assert correction.supersedes_id == earlier.pk == first.pk
    assert [each["value"] for each in correction.annotations] == ["features", "no-bar", ["ring"]]
    page.locator(".answer summary").click()
    expect(page.locator(".answer")).to_have_count(1)
    expect(page.locator(".answer")).to_contain_text("No bar")
    assert volunteer.problems == []


def test_a_correction_that_is_lost_on_the_way_is_one_record(live_site: str, page: Page) -> None:
    """The server's answer never comes; pressed again, the very same correction is sent."""
    workflow, held = furnish(1)
    sit_down(page, live_site, held)
    subject = Classification.objects.get().subject_id
    page.goto(f"{live_site}/projects/zoo/classify/shapes/{subject}/")
    volunteer = Volunteer(page, live_site)
    volunteer.choose("Features or disk")
    volunteer.go_on()
    volunteer.choose("Bar")
    volunteer.go_on()
    lost = []

    def lose(route: object) -> None:
        lost.append(route.fetch().status)  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    page.route("**/api/v1/classifications", lose)
    volunteer.go_on()
    expect(page.get_by_text("The correction was not stored: try again")).to_be_visible()
    assert lost == [201]
    page.unroute("**/api/v1/classifications")
    volunteer.go_on()
    expect(page.get_by_role("heading", name="My answers")).to_be_visible()
    assert Classification.objects.count() == 2
    assert get_version(workflow.published_id or 0).definition.redo_minutes == 15


def test_two_tabs_and_a_time_that_is_over(live_site: str, page: Page) -> None:
    """The second tab corrects the correction; after a look nothing is corrected any more, and both say so."""
    workflow, held = furnish(1)
    sit_down(page, live_site, held)
    address = f"{live_site}/projects/zoo/classify/shapes/{Classification.objects.get().subject_id}/"
    other = page.context.new_page()
    tabs = [Volunteer(page, live_site), Volunteer(other, live_site)]
    for tab in tabs:
        tab.page.goto(address)
        expect(tab.option("Star or artifact")).to_be_checked()
    tabs[0].go_on()
    expect(page.get_by_role("heading", name="My answers")).to_be_visible()
    tabs[1].go_on()
    expect(other.get_by_role("heading", name="My answers")).to_be_visible()
    rows = list(Classification.objects.order_by("pk"))
    assert [row.supersedes_id for row in rows] == [None, rows[0].pk, rows[1].pk]
    page.goto(address)
    expect(tabs[0].option("Star or artifact")).to_be_checked()
    Look.objects.create(volunteer=Person.objects.get(), workflow=workflow, subject_id=rows[0].subject_id)
    tabs[0].go_on()
    expect(page.get_by_text("You have seen how others answered this subject")).to_be_visible()
    other.goto(address)
    expect(other.get_by_text("You have seen how others answered this subject").first).to_be_visible()
    assert Classification.objects.count() == 3


def test_collect_from_the_classify_page_share_and_take_back(live_site: str, page: Page) -> None:
    make_zoo()
    volunteer = Volunteer(page, live_site).arrive()
    volunteer.agree_and_choose("Star or artifact")
    volunteer.answer_artifact()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Add to a collection").click()
    tab = opened.value
    tab.get_by_label("Title").fill("Odd ones")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Odd ones")).to_be_visible()
    expect(tab.locator(".answer img")).to_have_count(1)
    tab.get_by_text("Rename, describe, share, delete").click()
    tab.get_by_label("Whoever knows its address may look at it").check()
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("The collection is changed.")).to_be_visible()
    shared = tab.url

    page.context.clear_cookies()
    page.goto(shared)
    expect(page.get_by_role("heading", name="Odd ones")).to_be_visible()
    expect(page.get_by_text("Take out")).to_have_count(0)
    assert volunteer.problems == []


def test_a_heart_from_earlier_is_still_full(live_site: str, page: Page) -> None:
    make_zoo(subjects=1)
    volunteer = Volunteer(page, live_site).arrive()
    volunteer.agree_and_choose("Star or artifact")
    heart = page.get_by_role("button", name="Keep as a favourite")
    with page.expect_response(lambda answer: "favourite" in answer.url):
        heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(volunteer.option("Star or artifact")).to_be_checked()
    expect(heart).to_have_attribute("aria-pressed", "true")
    page.goto(live_site + "/me/")
    expect(page.locator(".unfinished .tag")).to_have_text("half answered")
    page.goto(live_site + "/me/favourites/")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Press the heart under a picture")).to_be_visible()
    assert Favourite.objects.count() == 0


def catalogue(workflow: Workflow) -> bytes:
    workflow.refresh_from_db()
    return "".join(pieces("catalogue", workflow, team=True)).encode()


def test_delete_the_account_and_the_catalogue_is_as_it_was(
    live_site: str, page: Page, tmp_path: Path
) -> None:
    workflow, held = furnish()
    sit_down(page, live_site, held)
    page.goto(live_site + "/accounts/signup/")
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("link", name="ann")).to_be_visible()
    before = catalogue(workflow)

    page.goto(live_site + "/me/data/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download my data").click()
    download.value.save_as(tmp_path / "mine.zip")
    assert (tmp_path / "mine.zip").stat().st_size > 500
    page.get_by_role("link", name="Delete me").click()
    page.get_by_label("Yes, delete me").check()
    page.get_by_label("Your password").fill("wrong")
    page.get_by_role("button", name="Delete me for good").click()
    expect(page.get_by_text("the password is not right")).to_be_visible()
    page.get_by_label("Yes, delete me").check()
    page.get_by_label("Your password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You are deleted")).to_be_visible()

    assert catalogue(workflow) == before
    assert User.objects.count() == 0
    assert Classification.objects.count() == 3
    assert COOKIE not in {cookie["name"] for cookie in page.context.cookies()}
    page.goto(live_site + "/me/")
    expect(page.get_by_text("Nothing here yet")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), MODES)
def test_own_pages_have_no_violations(live_site: str, page: Page, scheme: str, width: int) -> None:
    workflow, held = furnish(14)
    follow(workflow.pk)
    person = Person.objects.get()
    assert reckon(person.pk, workflow.pk)
    sit_down(page, live_site, held)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 800})
    subject = Subject.objects.order_by("pk").first()
    assert subject is not None
    places = [
        *PLACES,
        f"/collections/{Collection.objects.get().public_id}/",
        f"/collect/{subject.pk}/",
        f"/projects/zoo/classify/shapes/{subject.pk}/",
        "/deleted/",
    ]
    problems = []
    for at, place in enumerate(places):
        problems += check(page, live_site + place)
        keep(page, f"own-{at}-{scheme}-{width}")
    assert problems == []
