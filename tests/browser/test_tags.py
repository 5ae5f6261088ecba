"""Tasks of kind tags: written and taken by keys, mouse and thumb, stored exactly; only one's own are suggested."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mining.services.follow import follow
from tests.browser.classifying import Volunteer, make_zoo, wait_for_rows
from tests.browser.shots import keep
from tests.browser.test_text import quiet
from tests.mining.helpers import Crowd

WORDS: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "tags",
            "question": "What strikes you?",
            "suggestions": ["ring", "blue", "edge-on"],
            "min": 2,
            "max": 4,
            "required": False,
        }
    },
    "retirement": ["gte", ["votes"], 3],
}


def given(page: Page) -> list[str]:
    return page.get_by_role("list", name="Your tags").locator("li > span").all_inner_texts()


def test_wide_by_keyboard_and_mouse(live_site: str, page: Page) -> None:
    workflow = make_zoo(definition=WORDS)
    others = Crowd(workflow, volunteers=2)
    for who in range(2):
        others.answer(who, 0, [{"task": "T0", "value": ["theirs", "ring"]}])
    volunteer = Volunteer(page, live_site)
    page.goto(volunteer.url)
    expect(page.get_by_role("button", name="#ring")).to_be_visible()
    page.keyboard.press("1")
    volunteer.agree()
    expect(page.locator(".tag-chip").first).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=hint]")).to_have_text("Give 2 or more, or none.")
    expect(page.get_by_label("Write a tag")).to_be_focused()
    page.keyboard.type("#Green Pea, ")
    expect(page.get_by_role("status").filter(has_text="#green-pea added.")).to_be_visible()
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    page.keyboard.type("ed")
    expect(page.get_by_role("button", name="#blue")).to_be_hidden()
    page.get_by_role("button", name="#edge-on").click()
    quiet(page)
    keep(page, "tags-wide")
    expect(page.get_by_label("Write a tag")).to_have_value("")
    assert given(page) == ["#ring", "#green-pea", "#edge-on"]
    page.get_by_role("button", name="Remove #edge-on").press("Enter")
    expect(page.get_by_role("button", name="Remove #green-pea")).to_be_focused()
    page.reload()
    expect(page.get_by_role("button", name="Remove #green-pea")).to_be_visible()
    page.emulate_media(color_scheme="dark")
    quiet(page)
    keep(page, "tags-wide-dark")
    page.get_by_label("Write a tag").fill("last one")
    volunteer.go_on()  # what was begun is taken along
    row = wait_for_rows(page, 3)[-1]
    assert row.annotations == [{"task": "T0", "value": ["ring", "green-pea", "last-one"]}]
    own = page.get_by_role("group", name="Given by you before").get_by_role("button")
    expect(own).to_have_text(["#last-one", "#wrong", "#green-pea"])
    assert volunteer.problems == []


@pytest.mark.browser_context_args(viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
def test_narrow_by_touch_and_what_they_come_to(live_site: str, page: Page) -> None:
    workflow = make_zoo(1, definition=WORDS)
    others = Crowd(workflow, volunteers=2)
    others.answer(0, 0, [{"task": "T0", "value": ["ring", "green-pea"]}])
    others.answer(1, 0, [{"task": "T0", "value": []}])
    volunteer = Volunteer(page, live_site)
    page.goto(volunteer.url)
    page.get_by_role("button", name="#ring").tap()
    volunteer.agree()
    page.get_by_label("Write a tag").fill("čára")
    page.get_by_role("button", name="Add").tap()
    expect(page.get_by_role("button", name="Remove #čára")).to_be_visible()
    box = page.get_by_role("button", name="Remove #čára").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    quiet(page)
    keep(page, "tags-390")
    volunteer.go_on()
    assert wait_for_rows(page, 3)[-1].annotations == [{"task": "T0", "value": ["ring", "čára"]}]
    follow(workflow.pk)
    page.goto(f"{live_site}/projects/zoo/results/shapes/")
    expect(page.locator("#consensus ~ .subject-grid")).to_contain_text(
        "#ring 2/3 · #green-pea 1/3 · #čára 1/3"
    )
    quiet(page)
    keep(page, "tags-results-390")
    assert volunteer.problems == []
