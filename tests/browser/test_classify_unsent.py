"""Answers that can't be sent yet: kept over a lost network, a reload and a crash, and stored exactly once."""

from django.test import RequestFactory
from playwright.sync_api import BrowserContext, Page, Route, expect

from projects.models import Classification
from projects.services import record_classification
from projects.services.volunteers import COOKIE, Pass, require_pass
from tests.browser.classifying import Volunteer, make_zoo, wait_for_rows
from tests.projects.factories import ARTIFACT, submission

API = "**/api/v1/**"


def _begin(live_site: str, page: Page) -> Volunteer:
    volunteer = Volunteer(page, live_site).arrive()
    volunteer.agree_and_choose("Star or artifact")
    page.wait_for_load_state("networkidle")
    return volunteer


def test_a_reload_in_the_middle_keeps_unsent_answers(live_site: str, page: Page) -> None:
    make_zoo()
    volunteer = _begin(live_site, page)
    page.route(API, lambda route: route.abort("internetdisconnected"))
    for _ in range(3):
        volunteer.answer_artifact()
    expect(page.get_by_text("Answers that wait to be sent: 3.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="The site does not answer")).to_be_visible()
    wait_for_rows(page, 0)
    page.unroute(API)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    rows = wait_for_rows(page, 3)
    assert len({row.subject_id for row in rows}) == 3
    assert {row.counted for row in rows} == {"yes"}
    assert len({row.volunteer_id for row in rows}) == 1
    expect(page.get_by_text("Answers that wait to be sent")).to_be_hidden()
    expect(volunteer.answers.first).to_be_visible()
    done = {f"/media/zoo/s{row.subject.external_id[1:]}.png" for row in rows}
    assert volunteer.picture not in done
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('voorwerp.outbox')).length") == 0
    assert volunteer.problems == []


def test_offline_for_a_while_in_one_page(live_site: str, page: Page, context: BrowserContext) -> None:
    make_zoo()
    volunteer = _begin(live_site, page)
    context.set_offline(True)
    for _ in range(3):
        volunteer.answer_artifact()
    expect(page.get_by_text("Answers that wait to be sent: 3.")).to_be_visible()
    context.set_offline(False)
    wait_for_rows(page, 3)
    expect(page.get_by_text("Answers that wait to be sent")).to_be_hidden()


def test_a_crash_keeps_unsent_answers(live_site: str, page: Page, context: BrowserContext) -> None:
    make_zoo()
    volunteer = _begin(live_site, page)
    page.route(API, lambda route: route.abort())
    volunteer.answer_artifact()
    page.close(run_before_unload=False)
    other = context.new_page()
    Volunteer(other, live_site).arrive()
    wait_for_rows(other, 1)


def test_an_answer_whose_acknowledgement_was_lost_is_stored_once(live_site: str, page: Page) -> None:
    make_zoo()
    volunteer = _begin(live_site, page)
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        response = route.fetch()
        lost.append(response.status)
        if len(lost) == 1:
            route.abort("connectionreset")
        else:
            route.fulfill(response=response)

    page.route("**/api/v1/classifications", lose_the_first)
    volunteer.answer_artifact()
    expect(page.get_by_text("Answers that wait to be sent: 1.")).to_be_visible()
    expect(page.get_by_text("Answers that wait to be sent")).to_be_hidden()
    assert lost == [201, 200]
    wait_for_rows(page, 1)


def test_a_half_answered_picture_is_found_again_after_a_reload(live_site: str, page: Page) -> None:
    make_zoo()
    volunteer = Volunteer(page, live_site).arrive()
    volunteer.agree_and_choose("Smooth")
    volunteer.go_on()
    volunteer.choose("Cigar-shaped")
    picture = volunteer.picture
    page.reload()
    expect(volunteer.question).to_have_text("How round is it?")
    expect(page.get_by_label("Cigar-shaped")).to_be_checked()
    assert volunteer.picture == picture


def test_two_tabs_share_no_picture_and_send_nothing_twice(
    live_site: str, page: Page, context: BrowserContext
) -> None:
    make_zoo(subjects=30)
    one = _begin(live_site, page)
    two = Volunteer(context.new_page(), live_site).arrive()
    assert one.picture != two.picture
    for volunteer in (one, two):
        volunteer.page.route("**/api/v1/classifications", lambda route: route.abort())
    for _ in range(2):
        one.answer_artifact()
        two.answer_artifact()
    for volunteer in (one, two):
        volunteer.page.unroute("**/api/v1/classifications")
        volunteer.page.evaluate("window.dispatchEvent(new Event('online'))")
    rows = wait_for_rows(page, 4)
    assert len({row.subject_id for row in rows}) == 4


def test_a_second_answer_on_the_same_picture_is_told_gently(
    live_site: str, page: Page, context: BrowserContext
) -> None:
    """As when the same person has answered it elsewhere meanwhile."""
    workflow = make_zoo()
    volunteer = _begin(live_site, page)
    number = int(volunteer.picture.rsplit("/s")[-1].removesuffix(".png"))
    subject = workflow.subject_set.subjects.get(external_id=f"s{number}")
    record_classification(submission(workflow, subject.pk, ARTIFACT), _pass(context))
    volunteer.answer_artifact()
    expect(
        page.get_by_text("You have already answered this subject: the earlier answer counts.")
    ).to_be_visible()
    page.locator("[data-part=news]").get_by_role("button", name="Close").click()
    volunteer.answer_artifact()
    wait_for_rows(page, 2)
    assert Classification.objects.filter(subject=subject).count() == 1


def _pass(context: BrowserContext) -> Pass:
    """What the browser's cookie says."""
    (value,) = [cookie["value"] for cookie in context.cookies() if cookie["name"] == COOKIE]
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = value
    return require_pass(request)


def test_a_lost_cookie_asks_for_consent_again_and_keeps_the_answer(
    live_site: str, page: Page, context: BrowserContext
) -> None:
    make_zoo()
    volunteer = _begin(live_site, page)
    context.clear_cookies(name="voorwerp_volunteer")
    volunteer.answer_artifact()
    expect(page.get_by_role("dialog", name="Before your first answer")).to_be_visible()
    wait_for_rows(page, 0)
    volunteer.agree()
    wait_for_rows(page, 1)


def test_a_forged_cookie_mends_itself(live_site: str, page: Page, context: BrowserContext) -> None:
    """As after the site's secret has changed: the first call is refused and takes the cookie away."""
    make_zoo()
    context.add_cookies([{"name": COOKIE, "value": "nonsense", "url": live_site}])
    volunteer = Volunteer(page, live_site).arrive()
    volunteer.agree_and_choose("Star or artifact")
    volunteer.go_on()
    wait_for_rows(page, 1)
