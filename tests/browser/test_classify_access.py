"""For everybody: no violation that axe finds, in light and dark, wide and narrow, in every state of the page."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from projects.services import record_classification
from tests.browser.classifying import Volunteer, add_tutorial, make_zoo
from tests.browser.shots import keep
from tests.projects.factories import ARTIFACT, make_pass, submission

SIZES = [(1280, 800), (390, 844)]


def _first(volunteer: Volunteer) -> None:
    expect(volunteer.page.locator("#tutorial-dialog")).to_be_visible()


def _consent(volunteer: Volunteer) -> None:
    volunteer.page.get_by_role("button", name="Close the tutorial").click()
    volunteer.answers.first.click()
    expect(volunteer.page.locator("#consent-dialog")).to_be_visible()


def _chosen(volunteer: Volunteer) -> None:
    volunteer.agree()
    volunteer.page.get_by_text("Help with this question").click()


def _glance(volunteer: Volunteer) -> None:
    volunteer.page.get_by_label("Show how others answered, once I have").check()
    volunteer.answer_artifact()
    expect(volunteer.page.locator(".glance li").first).to_be_visible()


def _several(volunteer: Volunteer) -> None:
    volunteer.choose("Smooth")
    volunteer.go_on()
    volunteer.choose("Completely round")
    volunteer.go_on()
    volunteer.choose("Merger")


def _hint(volunteer: Volunteer) -> None:
    volunteer.go_on()
    volunteer.go_on()
    expect(volunteer.page.get_by_text("Choose an answer first.")).to_be_visible()


def _shortcuts(volunteer: Volunteer) -> None:
    volunteer.page.keyboard.press("?")
    expect(volunteer.page.locator("#shortcuts-dialog")).to_be_visible()


def _unsent(volunteer: Volunteer) -> None:
    volunteer.page.keyboard.press("Escape")
    volunteer.page.route("**/api/v1/**", lambda route: route.abort())
    volunteer.answer_artifact()
    expect(volunteer.page.get_by_text("Answers that wait to be sent: 1.")).to_be_visible()


def _error(volunteer: Volunteer) -> None:
    volunteer.page.reload()
    expect(volunteer.page.get_by_role("heading", name="The site does not answer")).to_be_visible()


STEPS: list[Callable[[Volunteer], None]] = [
    _first,
    _consent,
    _chosen,
    _glance,
    _several,
    _hint,
    _shortcuts,
    _unsent,
    _error,
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_axe_finds_nothing(live_site: str, page: Page, scheme: str, width: int, height: int) -> None:
    workflow = make_zoo()
    add_tutorial(workflow.project)
    for subject in workflow.subject_set.subjects.all():
        record_classification(submission(workflow, subject.pk, ARTIFACT), make_pass())
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": height})
    volunteer = Volunteer(page, live_site).arrive()
    for step in STEPS:
        step(volunteer)
        page.wait_for_timeout(100)
        keep(page, f"classify-{step.__name__[1:]}-{width}-{scheme}")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{step.__name__}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert volunteer.problems == []
