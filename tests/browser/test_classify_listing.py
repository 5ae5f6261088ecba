"""A listing and the guide beside it: by keyboard, by thumb, for a screen reader, and with a hostile text."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from projects.models import Subject, Workflow
from tests.browser.classifying import Volunteer, choice, make_zoo, wait_for_rows
from tests.browser.shots import keep

VERDICTS = ["no_restrictions", "restricted_display", "adult", "prohibited", "suspected_fraud", "task_error"]
LISTING: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "single",
            "question": "What may happen with this listing?",
            "answers": [choice(key, key.replace("_", " ").capitalize()) for key in VERDICTS],
        }
    },
    "retirement": ["gte", ["votes"], 5],
    "viewer": {
        "kind": "listing",
        "blur": True,
        "title": "Title",
        "text": "Text",
        "fields": ["Price", "Seller", "Country"],
    },
}
GUIDE = (
    "Read *all* of it.\n\n## Fine\n\n- Chairs\n\n## Not fine\n\n"
    + "- Ivory\n" * 60
    + "\n## Broken\n\nNothing there.\n"
)
HOSTILE = (
    "<img src=x onerror=\"document.title='broken'\"> <b>bold</b> {{ 7 }} "
    "pay \u202egpj.exe\u202c \u2067now\u2069\n" + "A very long text without an end. " * 160
)
NARROW = {"width": 390, "height": 844}


def make_market(**texts: str) -> Workflow:
    workflow = make_zoo(definition=LISTING)
    workflow.project.pages.create(slug="guide", title="Policy guide", body=GUIDE)
    shown = {"Title": "Desk lamp", "Text": "Bends every way.", "Price": "20 EUR", "Seller": "marta_h"} | texts
    Subject.objects.update(metadata=shown | {"Country": "Poland", "#verdict": "adult"})
    return workflow


def picture(page: Page) -> Locator:
    return page.locator(".stage .picture")


def blurred(page: Page) -> bool:
    return "blur" in picture(page).evaluate("(image) => getComputedStyle(image).filter")


def test_six_listings_by_number_keys_with_the_picture_blurred_until_asked(live_site: str, page: Page) -> None:
    make_market()
    volunteer = Volunteer(page, live_site).arrive()
    said = page.locator("[data-part=veil-said]")
    toggle = page.get_by_role("toolbar").get_by_role("button", name="Show the picture")
    expect(page.get_by_role("heading", name="Desk lamp")).to_be_visible()
    volunteer.agree_and_choose("Adult")
    for number in range(1, 7):
        before = volunteer.picture
        assert blurred(page)
        expect(picture(page)).to_have_attribute("alt", "A picture, blurred until you ask for it.")
        page.keyboard.press("b")
        assert not blurred(page)
        expect(picture(page)).to_have_attribute("alt", "A small galaxy")
        expect(toggle).to_have_attribute("aria-pressed", "true")
        expect(said).to_have_text("The picture is shown.")
        page.keyboard.press(str(number))
        page.keyboard.press("Enter")
        expect(picture(page)).not_to_have_attribute("src", before)
        expect(said).to_have_text("The picture is blurred.")
        expect(toggle).to_have_attribute("aria-pressed", "false")
    rows = wait_for_rows(page, 6)
    assert [row.annotations for row in rows] == [[{"task": "T0", "value": key}] for key in VERDICTS]
    assert volunteer.problems == []


def test_the_picture_is_shown_and_blurred_by_its_buttons(live_site: str, page: Page) -> None:
    make_market()
    Volunteer(page, live_site).arrive()
    over = page.locator(".veil-word").get_by_role("button", name="Show the picture")
    toggle = page.get_by_role("toolbar").get_by_role("button", name="Show the picture")
    over.focus()
    page.keyboard.press("Enter")
    assert not blurred(page)
    expect(over).to_be_hidden()
    expect(toggle).to_be_focused()
    page.keyboard.press("Space")
    assert blurred(page)
    page.keyboard.press("i")
    assert blurred(page)  # inverting a picture does not show it


def test_a_picture_that_need_not_be_blurred_is_not(live_site: str, page: Page) -> None:
    make_zoo()
    Volunteer(page, live_site).arrive()
    assert not blurred(page)
    page.keyboard.press("b")
    assert not blurred(page)
    expect(page.get_by_role("button", name="Show the picture")).to_have_count(0)
    expect(page.get_by_role("button", name="Guide")).to_have_count(0)


def test_only_the_viewer_that_is_needed_is_fetched(live_site: str, page: Page) -> None:
    make_zoo()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    Volunteer(page, live_site).arrive()
    assert [url for url in fetched if "viewers/image" in url]
    assert [url for url in fetched if "listing" in url or "inert" in url] == []


def test_hostile_text_stays_text(live_site: str, page: Page) -> None:
    make_market(Title="\u202e<script>alert(1)</script>", Text=HOSTILE, Seller="<i>x</i>" * 40)
    volunteer = Volunteer(page, live_site).arrive()
    card = page.get_by_role("region", name="What the listing says")
    assert card.evaluate("(card) => card.querySelectorAll('img, b, i, script').length") == 0
    shown = card.inner_text()
    assert len(shown) > 5000
    assert "pay [U+202E]gpj.exe[U+202C] [U+2067]now[U+2069]" in shown
    assert "[U+202E]<script>alert(1)</script>" in shown
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(shown)
    assert "broken" not in page.title()
    for size in ({"width": 1280, "height": 800}, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert card.evaluate("(card) => card.scrollHeight > card.clientHeight + 100")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    volunteer.agree_and_choose("Prohibited")
    volunteer.go_on()
    (row,) = wait_for_rows(page, 1)
    assert row.annotations == [{"task": "T0", "value": "prohibited"}]
    assert volunteer.problems == []


def test_guide_opens_by_key_beside_the_task_and_stays_as_it_was_left(live_site: str, page: Page) -> None:
    make_market()
    volunteer = Volunteer(page, live_site).arrive()
    guide = page.get_by_role("dialog", name="Policy guide")
    button = page.get_by_role("button", name="Guide", exact=True)
    expect(button).to_have_attribute("aria-expanded", "false")
    volunteer.agree_and_choose("Adult")
    page.keyboard.press("g")
    expect(guide).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    beside, panel = guide.bounding_box(), page.locator(".panel").bounding_box()
    assert beside is not None
    assert panel is not None
    assert beside["x"] >= panel["x"] + panel["width"] - 1
    page.keyboard.press("4")  # it is read while one answers
    expect(volunteer.option("Prohibited")).to_be_checked()
    guide.get_by_role("link", name="Broken").click()
    expect(guide.get_by_text("Nothing there.")).to_be_in_viewport()
    page.reload()
    expect(volunteer.answers.first).to_be_visible()
    expect(guide).to_be_visible()
    page.keyboard.press("g")
    expect(guide).to_be_hidden()
    page.reload()
    expect(volunteer.answers.first).to_be_visible()
    expect(guide).to_be_hidden()
    assert volunteer.problems == []


@pytest.mark.browser_context_args(viewport=NARROW, has_touch=True, is_mobile=True)
def test_by_thumb_picture_and_text_stand_above_the_answers(live_site: str, page: Page) -> None:
    make_market(Text="Bends every way. " * 30)
    volunteer = Volunteer(page, live_site).arrive()
    tops = [
        page.locator(each).first.evaluate("(part) => part.getBoundingClientRect().top + scrollY")
        for each in (
            ".stage",
            "[data-part=card-title]",
            "[data-part=card-text]",
            "[data-part=question]",
            ".answer",
        )
    ]
    assert tops == sorted(tops)
    page.locator(".veil-word button").tap()
    assert not blurred(page)
    page.get_by_role("button", name="Guide", exact=True).tap()
    guide = page.get_by_role("dialog", name="Policy guide")
    expect(guide).to_be_visible()
    assert guide.evaluate("(sheet) => sheet.matches(':modal')")
    guide.get_by_role("button", name="Close the guide").tap()
    expect(guide).to_be_hidden()
    last = page.locator(".answer").last
    last.scroll_into_view_if_needed()
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    box, actions = last.bounding_box(), page.locator(".actions").bounding_box()
    assert box is not None
    assert actions is not None
    assert box["y"] + box["height"] <= actions["y"]  # nothing is hidden behind the bar at the bottom
    last.tap()
    volunteer.agree()
    before = volunteer.picture
    page.locator("[data-part=go-on]").tap()
    expect(picture(page)).not_to_have_attribute("src", before)
    assert page.evaluate("window.scrollY") == 0  # the next listing begins at its picture
    assert blurred(page)
    (row,) = wait_for_rows(page, 1)
    assert row.annotations == [{"task": "T0", "value": "task_error"}]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert volunteer.problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_axe_finds_nothing(live_site: str, page: Page, scheme: str, width: int, height: int) -> None:
    make_market()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": height})
    Volunteer(page, live_site).arrive()
    for name in ("blurred", "shown", "guide"):
        if name == "shown":
            page.keyboard.press("b")
        if name == "guide":
            page.keyboard.press("g")
            expect(page.locator("#guide-dialog")).to_be_visible()
        keep(page, f"listing-{name}-{width}-{scheme}")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
