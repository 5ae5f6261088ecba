"""Tasks of kind text: written by keyboard and by thumb, stored exactly, kept over a reload, shown in the results."""

import unicodedata
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from mining.services.follow import follow
from projects.models import Workflow
from tests.browser.classifying import Volunteer, make_zoo, wait_for_rows
from tests.browser.shots import keep
from tests.mining.helpers import Crowd

LINE = unicodedata.normalize("NFC", "μῆνιν ἄειδε, θε?")
GREEK: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "text",
            "question": "What does the line say?",
            "help": "Letter by letter.",
            "placeholder": "μῆνιν …",
            "keyboard": "polytonic_greek",
            "next": "T1",
        },
        "T1": {"kind": "text", "question": "Anything beside it?", "required": False, "lines": 3},
    },
    "retirement": ["gte", ["votes"], 3],
}


def arrive(page: Page, address: str) -> Volunteer:
    volunteer = Volunteer(page, address)
    page.goto(volunteer.url)
    expect(field(page)).to_be_visible()
    return volunteer


def field(page: Page):
    return page.get_by_role("textbox", name="Your text")


def key(page: Page, name: str):
    return page.get_by_role("toolbar", name="Greek keyboard").get_by_role("button", name=name, exact=True)


def quiet(page: Page) -> None:
    """Axe finds nothing, once colours have stopped changing."""
    page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null)))")
    found = Axe().run(page).response["violations"]
    assert [(violation["id"], node["html"]) for violation in found for node in violation["nodes"]] == []


def test_wide_by_keyboard(live_site: str, page: Page) -> None:
    make_zoo(definition=GREEK)
    volunteer = arrive(page, live_site)
    expect(key(page, "smooth breathing")).to_be_visible()
    page.keyboard.press("1")  # into the field
    expect(field(page)).to_be_focused()
    page.keyboard.type("m")
    volunteer.agree()
    expect(field(page)).to_be_focused()
    page.keyboard.type("h=nin a)/eide, qe?2")
    expect(field(page)).to_have_value(LINE + "2")
    page.keyboard.press("Backspace")
    page.keyboard.press("Home")
    page.keyboard.type("x")
    page.keyboard.press("Control+z")
    expect(field(page)).to_have_value(LINE)
    quiet(page)
    keep(page, "text-wide")
    page.emulate_media(color_scheme="dark")
    quiet(page)
    keep(page, "text-wide-dark")
    page.reload()
    expect(field(page)).to_have_value(LINE)
    field(page).press("Enter")
    expect(volunteer.question).to_have_text("Anything beside it?")
    expect(field(page)).to_be_focused()
    page.keyboard.type("one")
    page.keyboard.press("Enter")
    page.keyboard.type("two")
    quiet(page)
    page.keyboard.press("Control+Enter")
    (row,) = wait_for_rows(page, 1)
    assert row.annotations == [{"task": "T0", "value": LINE}, {"task": "T1", "value": "one\ntwo"}]
    expect(volunteer.question).to_have_text("What does the line say?")
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("")
    assert volunteer.problems == []


def test_the_keys_by_the_arrows_alone(live_site: str, page: Page) -> None:
    make_zoo(definition=GREEK)
    volunteer = arrive(page, live_site)
    field(page).press("Tab")
    page.keyboard.press("Tab")  # past the button that folds the keyboard
    expect(key(page, "smooth breathing")).to_be_focused()
    for arrow in ("ArrowDown", "ArrowDown"):
        page.keyboard.press(arrow)
    expect(key(page, "α")).to_be_focused()
    page.keyboard.press("Enter")
    volunteer.agree()
    expect(key(page, "α")).to_be_focused()
    for arrow in ("ArrowUp", "ArrowUp"):
        page.keyboard.press(arrow)
    page.keyboard.press("Space")
    expect(field(page)).to_have_value("ἀ")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(field(page)).to_have_value("ἂ")
    page.keyboard.type("g8")  # no shortcut fires here
    expect(field(page)).to_have_value("ἂγ8")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    expect(field(page)).to_have_value("ἂ")
    expect(volunteer.question).to_have_text("What does the line say?")
    assert volunteer.problems == []


@pytest.mark.browser_context_args(viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True)
def test_narrow_by_touch(live_site: str, page: Page) -> None:
    make_zoo(definition=GREEK)
    volunteer = arrive(page, live_site)
    key(page, "Capital letter").tap()
    key(page, "Μ").tap()
    volunteer.agree()
    for name in (
        "η",
        "circumflex",
        "ν",
        "ι",
        "ν",
        "Space",
        "α",
        "circumflex",
        "smooth breathing",
        "acute accent",
    ):
        key(page, name).tap()
    key(page, "ε").tap()
    key(page, "circumflex").tap()
    expect(page.get_by_role("status").filter(has_text="does not take it")).to_be_visible()
    for name in ("ι", "δ", "ε", "lunate sigma", "Delete the letter before", "A letter that can't be read"):
        key(page, name).tap()
    wanted = unicodedata.normalize("NFC", "Μῆνιν ἄειδε?")
    expect(field(page)).to_have_value(wanted)
    assert page.evaluate("document.activeElement.inputMode") == "none"
    box = key(page, "α").bounding_box()
    assert box is not None
    assert box["width"] >= 28
    assert box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    quiet(page)
    for part in (field(page), key(page, "Space"), page.locator(".stage")):
        expect(part).to_be_in_viewport(ratio=1)
    keep(page, "text-360")
    page.emulate_media(color_scheme="dark")
    quiet(page)
    keep(page, "text-360-dark")
    volunteer.go_on()
    volunteer.go_on()
    (row,) = wait_for_rows(page, 1)
    assert row.annotations == [{"task": "T0", "value": wanted}, {"task": "T1", "value": ""}]
    assert volunteer.problems == []


def answered(workflow: Workflow) -> None:
    crowd = Crowd(workflow, 3)
    for volunteer, text in enumerate(["μῆνιν", "μηνιν", "μάνι?"]):
        crowd.answer(volunteer, 0, [{"task": "T0", "value": text}, {"task": "T1", "value": ""}])
    follow(workflow.pk)


def test_uncertain_letters_are_seen_in_the_results(live_site: str, page: Page) -> None:
    answered(make_zoo(definition=GREEK))
    page.goto(f"{live_site}/projects/zoo/results/shapes/")
    letters = page.locator(".letters").first
    expect(letters).to_have_text("μηνιν")
    expect(letters.locator(".unsure")).to_have_text("η")  # each of the three has read another
    expect(page.get_by_text("1 of 5 letters is uncertain").first).to_be_visible()
    quiet(page)
    page.emulate_media(color_scheme="dark")
    quiet(page)
    page.locator("#consensus").scroll_into_view_if_needed()
    page.mouse.wheel(0, 500)
    keep(page, "text-results")
