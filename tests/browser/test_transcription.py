"""Kind transcription: lines marked and written by mouse, keys and thumb, stored exactly; what they come to."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from mining.services.follow import follow
from projects.models import Media
from tests.browser.classifying import make_zoo, wait_for_rows
from tests.browser.shots import keep
from tests.browser.test_drawing import SIDE, Paper, arrive, rows, two
from tests.browser.test_text import quiet
from tests.mining.helpers import Crowd

PAGE: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "transcription",
            "question": "What stands there, line by line?",
            "keyboard": "polytonic_greek",
            "leiden": True,
            "max_length": 40,
        }
    },
    "retirement": ["gte", ["votes"], 3],
}


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your text")


def line(ends: list[tuple[float, float]], text: str) -> dict[str, Any]:
    (x1, y1), (x2, y2) = ends
    places = {"x1": two(x1), "y1": two(y1), "x2": two(x2), "y2": two(y2)}
    return {"tool": "line", "frame": 0, **places, "details": [text]}


def test_wide_by_mouse_and_keys(live_site: str, page: Page) -> None:
    make_zoo(definition=PAGE)
    volunteer, paper = arrive(page, live_site), Paper(page)
    page.keyboard.press("1")  # the tool
    first = paper.drag((8, 16), (56, 16))
    volunteer.agree()
    expect(field(page)).to_be_focused()
    page.keyboard.press("Enter")  # to the row
    page.keyboard.press("Enter")
    expect(volunteer.question).to_have_text("What stands there, line by line?")
    field(page).click()
    page.keyboard.type("log")
    expect(field(page)).to_have_value("λογ")
    page.keyboard.press("Alt+u")
    expect(field(page)).to_have_value("λογ\u0323")
    page.keyboard.type("os")
    page.get_by_role("button", name="Letters that are lost").click()
    expect(field(page)).to_have_value("λογ\u0323οσ[...]")
    quiet(page)
    keep(page, "transcription-wide")
    page.keyboard.press("Enter")
    page.keyboard.press("a")  # a line in the middle, which the arrow keys move
    expect(rows(page)).to_have_count(2)
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Tab")  # past what takes the line away
    page.keyboard.press("Tab")
    expect(field(page)).to_be_focused()
    page.keyboard.type("ab")
    page.emulate_media(color_scheme="dark")
    quiet(page)
    keep(page, "transcription-wide-dark")
    page.reload()
    expect(rows(page)).to_have_count(2)
    volunteer.go_on()
    (row,) = wait_for_rows(page, 1)
    (annotation,) = row.annotations
    assert annotation["value"][0] == line(first, "λογ\u0323οσ[...]")
    second = annotation["value"][1]
    assert (second["details"], second["y1"], second["y2"]) == (["αβ"], SIDE / 2 + 10, SIDE / 2 + 10)
    assert volunteer.problems == []


@pytest.mark.browser_context_args(viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
def test_narrow_by_touch_and_what_they_come_to(live_site: str, page: Page) -> None:
    workflow = make_zoo(1, definition=PAGE)
    Media.objects.update(width=SIDE, height=SIDE)
    others = Crowd(workflow, volunteers=2)
    for who, text in enumerate(["λογοσ", "λογασ"]):
        others.answer(who, 0, [{"task": "T0", "value": [line([(8, 17), (55, 17)], text)]}])
    volunteer, paper = arrive(page, live_site), Paper(page)
    page.get_by_role("group", name="Tools").get_by_role("button", name="Line").tap()
    ends = [paper.at(8, 16), paper.at(56, 16)]
    for place in [(8, 16), (56, 16)]:
        page.touchscreen.tap(*paper.on_screen(*place))
    volunteer.agree()
    expect(rows(page)).to_have_count(1)
    field(page).fill("λογοσ")
    key = page.get_by_role("button", name="The letter before is in doubt")
    box = key.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    key.tap()
    expect(field(page)).to_have_value("λογοσ\u0323")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    quiet(page)
    keep(page, "transcription-390")
    below = [paper.at(8, 40), paper.at(56, 44)]
    for place in [(8, 40), (56, 44)]:  # with the keys for the line before still there
        page.touchscreen.tap(*paper.on_screen(*place))
    expect(rows(page)).to_have_count(2)
    field(page).fill("α")
    volunteer.go_on()
    row = wait_for_rows(page, 3)[-1]
    assert row.annotations == [{"task": "T0", "value": [line(ends, "λογοσ\u0323"), line(below, "α")]}]
    follow(workflow.pk)
    page.goto(f"{live_site}/projects/zoo/results/shapes/")
    found = page.locator("#consensus ~ .subject-grid")
    expect(found.locator("svg.marked")).to_be_visible()
    expect(found).to_contain_text("λογοσ")
    expect(found.locator("details.marks")).to_contain_text("1 thing marked")  # by all three
    found.scroll_into_view_if_needed()
    quiet(page)
    keep(page, "transcription-results-390")
    assert volunteer.problems == []
