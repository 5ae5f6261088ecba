"""Tasks of kind highlighter: words marked by keys, mouse and finger, stored at the places that the record counts."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from mining.services.follow import follow
from projects.models import Subject
from tests.browser.classifying import Volunteer, make_zoo, wait_for_rows
from tests.browser.shots import keep
from tests.browser.test_text import quiet
from tests.mining.helpers import Crowd

TEXT = "🦀 To Kleōn, <b>greetings</b>: μη\u0342νιν from\u202eArsinoë.\r\nFarewell, Kleōn."
"""An emoji of two UTF-16 units, HTML, a letter that NFC joins, a sign that turns the writing round, a line's end."""

NAMES: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "highlighter",
            "question": "Which names stand in the text?",
            "text": "Text",
            "labels": [
                {"key": "person", "label": "Person", "color": "orange"},
                {"key": "place", "label": "Place", "color": "blue"},
            ],
            "max": 3,
            "required": False,
        }
    },
    "retirement": ["gte", ["votes"], 3],
}
KLEON = {"label": "person", "start": 5, "end": 10, "text": "Kleōn"}
ARSINOE = {"label": "place", "start": 41, "end": 48, "text": "Arsinoë"}


def marked(page: Page) -> Locator:
    return page.get_by_role("list", name="Marked words").locator(".spans-words")


def text_of(page: Page) -> Locator:
    return page.get_by_role("application", name="The text to mark")


def test_wide_by_keyboard_and_mouse(live_site: str, page: Page) -> None:
    make_zoo(2, definition=NAMES)
    Subject.objects.update(metadata={"Text": TEXT})
    volunteer = Volunteer(page, live_site)
    page.goto(volunteer.url)
    text, chosen = text_of(page), page.get_by_role("status").filter(has_text="Chosen")
    expect(text).to_contain_text("<b>greetings</b>: μῆνιν from[U+202E]Arsinoë.")
    page.wait_for_load_state()
    text.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(chosen).to_have_text("Chosen: Kleōn")
    page.keyboard.press("1")
    volunteer.agree()
    expect(marked(page)).to_have_text(["Kleōn"])
    expect(text.locator("mark")).to_have_text(["Kleōn"])
    text.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press(",")
    expect(chosen).to_have_text("Chosen: ,")
    page.keyboard.press("Escape")
    page.evaluate(
        """() => {
          const node = [...document.querySelector(".spans-text").childNodes].at(-1).firstChild;
          const from = node.data.indexOf("Arsinoë");
          document.getSelection().setBaseAndExtent(node, from + 7, node, from - 1);
        }"""
    )  # as a drag from right to left, a sign too far
    expect(chosen).to_have_text("Chosen: [U+202E]Arsinoë")
    text.focus()
    page.keyboard.press(">")
    expect(chosen).to_have_text("Chosen: Arsinoë")
    page.get_by_role("button", name="Place", exact=False).first.click()
    expect(marked(page)).to_have_text(["Kleōn", "Arsinoë"])
    quiet(page)
    keep(page, "highlighter-wide")
    page.keyboard.press("Control+z")
    expect(marked(page)).to_have_text(["Kleōn"])
    page.keyboard.press("Control+Shift+z")
    page.get_by_role("button", name="Remove Person: Kleōn").press("Enter")
    expect(marked(page)).to_have_text(["Arsinoë"])
    expect(page.get_by_role("button", name="Remove Place: Arsinoë")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(marked(page)).to_have_text(["Kleōn", "Arsinoë"])
    page.reload()
    expect(marked(page)).to_have_text(["Kleōn", "Arsinoë"])
    page.emulate_media(color_scheme="dark")
    quiet(page)
    keep(page, "highlighter-wide-dark")
    volunteer.go_on()
    row = wait_for_rows(page, 1)[-1]
    assert row.annotations == [{"task": "T0", "value": [KLEON, ARSINOE]}]
    assert volunteer.problems == []


@pytest.mark.browser_context_args(viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
def test_narrow_by_touch_and_what_they_come_to(live_site: str, page: Page) -> None:
    workflow = make_zoo(1, definition=NAMES)
    Subject.objects.update(metadata={"Text": TEXT})
    others = Crowd(workflow, volunteers=2)
    others.answer(0, 0, [{"task": "T0", "value": [KLEON, ARSINOE]}])
    others.answer(1, 0, [{"task": "T0", "value": []}])
    volunteer = Volunteer(page, live_site)
    page.goto(volunteer.url)
    expect(text_of(page)).to_be_visible()
    page.wait_for_load_state()
    box = page.evaluate(
        """() => {
          const node = document.querySelector(".spans-text").firstChild.firstChild;
          const range = document.createRange();
          range.setStart(node, node.data.indexOf("Kleōn") + 1);
          range.setEnd(node, node.data.indexOf("Kleōn") + 3);
          const { x, y, width, height } = range.getBoundingClientRect();
          const text = document.querySelector(".spans-text").getBoundingClientRect();
          return { x: x + width / 2 - text.x, y: y + height / 2 - text.y };
        }"""
    )
    text_of(page).tap(position=box)
    expect(page.get_by_role("status").filter(has_text="Chosen")).to_have_text("Chosen: Kleōn")
    page.get_by_role("button", name="Person").first.tap()
    volunteer.agree()
    expect(marked(page)).to_have_text(["Kleōn"])
    expect(page.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "false")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    quiet(page)
    keep(page, "highlighter-390")
    volunteer.go_on()
    assert wait_for_rows(page, 3)[-1].annotations == [{"task": "T0", "value": [KLEON]}]
    follow(workflow.pk)
    page.goto(f"{live_site}/projects/zoo/results/shapes/")
    expect(page.locator("#consensus ~ .subject-grid")).to_contain_text("Person “Kleōn” 2/3")
    expect(page.locator("#consensus ~ .subject-grid")).not_to_contain_text("Arsinoë”")
    assert volunteer.problems == []
