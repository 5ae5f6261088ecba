"""The project page follows what others do."""

import re
import time

from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from projects.services import record_classification
from tests.browser.classifying import Volunteer, make_zoo
from tests.projects.factories import ARTIFACT, make_pass, submission


def test_second_browser_shows_the_answer_within_a_second(
    live_site: str, page: Page, browser: Browser
) -> None:
    make_zoo()
    watching = browser.new_context().new_page()
    watching.goto(live_site + "/projects/zoo/")
    expect(watching.get_by_text("live", exact=True)).to_be_visible()
    expect(watching.locator("[data-count=answers]")).to_have_text("0")

    volunteer = Volunteer(page, live_site).arrive()
    volunteer.agree_and_choose("Star or artifact")
    with page.expect_response("**/api/v1/classifications") as stored:
        volunteer.go_on()
    assert stored.value.status == 201
    began = time.monotonic()
    expect(watching.locator("[data-count=answers]")).to_have_text("1", timeout=1000)
    expect(watching.locator(".feed li")).to_have_count(1)
    assert time.monotonic() - began < 1.0
    expect(watching.locator(".feed li")).to_contain_text("Someone classified a subject in Shapes")
    assert "Star or artifact" not in watching.content()
    watching.context.close()


def test_without_a_socket_the_page_asks_every_15_seconds(live_site: str, page: Page) -> None:
    workflow = make_zoo()
    page.clock.install()
    page.route_web_socket("**/ws/**", refuse)
    page.goto(live_site + "/projects/zoo/")
    expect(page.get_by_text("every 15 s", exact=True)).to_be_visible()
    subject = workflow.subject_set.subjects.first()
    record_classification(submission(workflow, subject.pk, ARTIFACT), make_pass())
    expect(page.locator("[data-count=answers]")).to_have_text("0")
    page.clock.run_for(16_000)
    expect(page.locator("[data-count=answers]")).to_have_text("1")


def test_a_lost_socket_comes_back(live_site: str, page: Page) -> None:
    workflow = make_zoo()
    sockets: list[WebSocketRoute] = []

    def lose_the_first(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        if len(sockets) == 1:
            socket.close()
        else:
            socket.connect_to_server()

    page.route_web_socket("**/ws/**", lose_the_first)
    page.goto(live_site + "/projects/zoo/")
    expect(page.get_by_text("every 15 s", exact=True)).to_be_visible()
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    assert len(sockets) == 2
    subject = workflow.subject_set.subjects.first()
    record_classification(submission(workflow, subject.pk, ARTIFACT), make_pass())
    expect(page.locator("[data-count=answers]")).to_have_text("1")
    expect(page.locator("time-since")).to_have_text(re.compile(r"^(now|\d+ sec\. ago)$"))


def refuse(socket: WebSocketRoute) -> None:
    socket.close()
