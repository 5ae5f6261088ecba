"""Tasks of kind number: set by mouse, keys and thumb, stored exactly; what is no number goes nowhere."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from mining.services.follow import follow
from tests.browser.classifying import Volunteer, make_zoo, wait_for_rows
from tests.browser.shots import keep
from tests.browser.test_text import quiet
from tests.mining.helpers import Crowd

SIZES: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "number",
            "question": "How elongated is it?",
            "min": 0,
            "max": 1,
            "step": 0.05,
            "display": "slider",
            "next": "T1",
        },
        "T1": {
            "kind": "number",
            "question": "How large is it?",
            "min": 0.5,
            "max": 64,
            "unit": "px",
            "required": False,
        },
    },
    "retirement": ["gte", ["votes"], 3],
}


def slider(page: Page) -> Locator:
    return page.get_by_role("slider")


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your number")


def test_wide_by_keyboard_and_mouse(live_site: str, page: Page) -> None:
    make_zoo(definition=SIZES)
    volunteer = Volunteer(page, live_site)
    page.goto(volunteer.url)
    expect(slider(page)).to_have_attribute("aria-valuetext", "not set yet")
    page.keyboard.press("Enter")
    volunteer.agree()
    expect(page.locator("[data-part=hint]")).to_have_text("Give a number first.")
    page.keyboard.press("1")  # to the slider
    expect(slider(page)).to_be_focused()
    page.keyboard.press("Space")
    expect(field(page)).to_have_value("0.5")
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowRight"):
        slider(page).press(key)
    expect(field(page)).to_have_value("0.6")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("0,33")
    expect(page.get_by_text("Write a number in steps of 0.05 from 0 on.").first).to_be_visible()
    expect(field(page)).to_have_attribute("aria-invalid", "true")
    quiet(page)
    page.keyboard.press("Enter")
    expect(volunteer.question).to_have_text("How elongated is it?")
    page.keyboard.press("Backspace")
    page.keyboard.type("5")
    expect(slider(page)).to_have_value("0.35")
    quiet(page)
    keep(page, "number-wide")
    page.emulate_media(color_scheme="dark")
    quiet(page)
    page.reload()
    expect(field(page)).to_have_value("0.35")
    field(page).press("Enter")
    expect(volunteer.question).to_have_text("How large is it?")
    expect(field(page)).to_be_focused()
    page.keyboard.type("12.75")
    page.keyboard.press("Enter")
    (row,) = wait_for_rows(page, 1)
    assert row.annotations == [{"task": "T0", "value": 0.35}, {"task": "T1", "value": 12.75}]
    expect(slider(page)).to_have_attribute("aria-valuetext", "not set yet")
    box = slider(page).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    expect(field(page)).to_have_value("1")
    volunteer.go_on()
    volunteer.go_on()
    assert wait_for_rows(page, 2)[1].annotations == [
        {"task": "T0", "value": 1},
        {"task": "T1", "value": None},
    ]
    assert volunteer.problems == []


@pytest.mark.browser_context_args(viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True)
def test_narrow_by_touch(live_site: str, page: Page) -> None:
    workflow = make_zoo(definition=SIZES)
    volunteer = Volunteer(page, live_site)
    page.goto(volunteer.url)
    box = slider(page).bounding_box()
    assert box is not None
    assert box["height"] >= 44
    slider(page).tap()  # where it stands already
    volunteer.agree()
    expect(field(page)).to_have_value("0.5")
    slider(page).tap(position={"x": 2, "y": box["height"] / 2})
    expect(field(page)).to_have_value("0")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    quiet(page)
    keep(page, "number-360")
    volunteer.go_on()
    expect(volunteer.question).to_have_text("How large is it?")
    field(page).tap()
    page.keyboard.type("0.4")
    volunteer.go_on()
    expect(page.locator("[data-part=hint]")).to_have_text("Write a number from 0.5 to 64.")
    page.keyboard.press("Backspace")
    page.keyboard.type("7")
    volunteer.go_on()
    (row,) = wait_for_rows(page, 1)
    assert row.annotations == [{"task": "T0", "value": 0}, {"task": "T1", "value": 0.7}]
    assert volunteer.problems == []
    done = next(at for at, subject in enumerate(Crowd(workflow).subjects) if subject == row.subject_id)
    crowd = Crowd(workflow, 2)
    for person, number in enumerate([0.2, 0.4]):
        crowd.answer(person, done, [{"task": "T0", "value": number}, {"task": "T1", "value": 10}])
    follow(workflow.pk)
    page.goto(f"{live_site}/projects/zoo/results/shapes/")
    expect(page.locator("#consensus li b, .found li b, li b").first).to_have_text("0.2")
    expect(page.get_by_text("gave a number: 3").first).to_be_visible()
    quiet(page)
    keep(page, "number-results-360")
