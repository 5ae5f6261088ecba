"""Long lists, and several questions on one screen: by keys, by mouse and by thumb, stored exactly."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from mining.services.follow import follow
from tests.browser.classifying import Volunteer, choice, make_zoo, wait_for_rows
from tests.browser.shots import keep
from tests.browser.test_text import quiet
from tests.mining.helpers import Crowd

KINDS = [{"key": f"s{n}", "label": f"Spiral {n}", "of": ["spiral"]} for n in range(150)]
TREE: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "dropdown",
            "question": "Which family?",
            "help": "Look at its *arms*.",
            "answers": [
                choice("elliptical", "Elliptical"),
                choice("spiral", "Spiral"),
                choice("etoile", "Étoile", next=None),
            ],
            "next": "T1",
        },
        "T1": {
            "kind": "dropdown",
            "question": "Which type?",
            "depends_on": "T0",
            "answers": [*KINDS, {"key": "e0", "label": "E0", "of": ["elliptical"]}],
        },
    },
    "retirement": ["gte", ["votes"], 3],
}
TOGETHER: dict[str, Any] = {
    "first_task": "T1",
    "tasks": {
        "T1": {
            "kind": "single",
            "question": "Is it smooth?",
            "help": "As milk.",
            "answers": [choice("yes", "Yes"), choice("no", "No")],
            "next": "T2",
        },
        "T2": TREE["tasks"]["T0"] | {"answers": TREE["tasks"]["T0"]["answers"][:2], "next": "T3"},
        "T3": TREE["tasks"]["T1"] | {"depends_on": "T2", "required": False, "next": "T4"},
        "T4": {
            "kind": "number",
            "question": "How many arms?",
            "min": 0,
            "max": 9,
            "step": 1,
            "required": False,
            "next": "T5",
        },
        "T5": {
            "kind": "multiple",
            "question": "Anything odd?",
            "required": False,
            "answers": [choice("ring", "Ring"), choice("dust", "Dust")],
        },
    },
    "combinations": [["T1", "T2", "T3", "T4"]],
    "retirement": ["gte", ["votes"], 3],
}


def box(page: Page, question: str) -> Locator:
    group = page.get_by_role("group", name=question)
    return group.get_by_role("combobox")


def option(page: Page, name: str) -> Locator:
    return page.get_by_role("option", name=name, exact=True)


def test_wide_by_keyboard_and_mouse(live_site: str, page: Page) -> None:
    make_zoo(definition=TREE)
    volunteer = Volunteer(page, live_site)
    page.goto(volunteer.url)
    expect(page.get_by_role("option")).to_have_text(["Elliptical", "Spiral", "Étoile"])
    page.keyboard.press("1")  # into the field
    page.keyboard.type("spi")
    expect(page.get_by_role("option")).to_have_text(["Spiral"])
    page.keyboard.press("Enter")
    volunteer.agree()
    expect(option(page, "Spiral")).to_have_attribute("aria-selected", "true")
    quiet(page)
    page.keyboard.press("Enter")
    expect(volunteer.question).to_have_text("Which type?")
    expect(page.get_by_text("100 of 150 are shown: write more of it.")).to_be_visible()
    page.keyboard.type("14")
    expect(page.get_by_role("option")).to_have_count(12)  # 14, 140 to 149 and, last, 114
    page.keyboard.press("ArrowDown")
    active = box(page, "Which type?").get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_have_text("Spiral 140")
    quiet(page)
    keep(page, "dropdown-wide")
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(100)
    page.keyboard.type("nowhere")
    expect(page.get_by_text("Nothing is called so.")).to_be_visible()
    quiet(page)
    page.keyboard.press("Control+a")
    page.keyboard.type("149")
    page.keyboard.press("Enter")
    page.reload()
    expect(box(page, "Which type?")).to_have_value("Spiral 149")
    page.emulate_media(color_scheme="dark")
    quiet(page)
    keep(page, "dropdown-wide-dark")
    volunteer.go_on()
    (row,) = wait_for_rows(page, 1)
    assert row.annotations == [{"task": "T0", "value": "spiral"}, {"task": "T1", "value": "s149"}]
    page.locator("[data-part=question]").click()
    option(page, "Elliptical").click()
    volunteer.go_on()
    option(page, "E0").click()
    volunteer.back()
    option(page, "Étoile").click()
    expect(volunteer.go_on_button).to_have_text("Done")
    volunteer.go_on()
    assert wait_for_rows(page, 2)[1].annotations == [{"task": "T0", "value": "etoile"}]
    assert volunteer.problems == []


def test_several_on_one_screen_by_keyboard_alone(live_site: str, page: Page) -> None:
    make_zoo(definition=TOGETHER)
    volunteer = Volunteer(page, live_site).arrive()
    expect(volunteer.question).to_have_text("4 questions on this picture")
    expect(page.locator(".member.active legend")).to_have_text("Is it smooth?")
    page.keyboard.press("2")
    volunteer.agree()
    expect(volunteer.option("No")).to_be_checked()
    expect(box(page, "Which family?")).to_be_focused()
    page.keyboard.type("ell")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Which type?").get_by_role("option")).to_have_text(["E0"])
    page.keyboard.press("Control+a")
    page.keyboard.type("spiral")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Which type?").get_by_role("option")).to_have_count(100)
    expect(page.get_by_role("group", name="How many arms?").locator("legend")).to_contain_text(
        "may be left empty"
    )
    quiet(page)
    keep(page, "combination-wide")
    page.keyboard.press("Control+a")
    page.keyboard.type("x")  # nothing chosen any more
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=hint]")).to_have_text("Choose an answer first.")
    expect(box(page, "Which family?")).to_be_focused()
    page.keyboard.type("spiral")
    page.keyboard.press("Enter")
    page.reload()
    expect(box(page, "Which family?")).to_have_value("Spiral")
    expect(volunteer.option("No")).to_be_checked()
    volunteer.page.get_by_role("textbox", name="Your number").fill("2")
    page.keyboard.press("Enter")
    expect(volunteer.question).to_have_text("Anything odd?")
    expect(page.locator("[data-part=step]")).to_have_text("Question 2")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    (row,) = wait_for_rows(page, 1)
    assert row.annotations == [
        {"task": "T1", "value": "no"},
        {"task": "T2", "value": "spiral"},
        {"task": "T3", "value": None},
        {"task": "T4", "value": 2},
        {"task": "T5", "value": ["dust"]},
    ]
    assert volunteer.problems == []


@pytest.mark.browser_context_args(viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True)
def test_narrow_by_touch(live_site: str, page: Page) -> None:
    workflow = make_zoo(definition=TOGETHER)
    volunteer = Volunteer(page, live_site).arrive()
    page.locator(".answer", has_text="Yes").tap()
    volunteer.agree()
    family = page.get_by_role("group", name="Which family?")
    row = family.get_by_role("option", name="Elliptical")
    size = row.bounding_box()
    assert size is not None
    assert size["height"] >= 44
    row.tap()
    page.get_by_role("group", name="Which type?").get_by_role("option", name="E0").tap()
    expect(box(page, "Which type?")).to_have_value("E0")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    quiet(page)
    keep(page, "combination-360")
    family.get_by_role("option", name="Spiral").tap()
    expect(box(page, "Which type?")).to_have_value("")  # E0 is no spiral
    box(page, "Which type?").tap()
    page.keyboard.type("77")
    option(page, "Spiral 77").tap()
    page.emulate_media(color_scheme="dark")
    quiet(page)
    keep(page, "combination-360-dark")
    volunteer.go_on()
    expect(volunteer.question).to_have_text("Anything odd?")
    volunteer.go_on()
    (stored,) = wait_for_rows(page, 1)
    assert [each["value"] for each in stored.annotations] == ["yes", "spiral", "s77", None, []]
    assert volunteer.problems == []
    crowd = Crowd(workflow, 2)
    at = crowd.subjects.index(stored.subject_id)
    for person in range(2):
        crowd.answer(person, at, stored.annotations)
    follow(workflow.pk)
    page.goto(f"{live_site}/projects/zoo/results/shapes/")
    page.get_by_text("The way that leads").first.click()
    expect(page.get_by_text("Spiral 77").first).to_be_visible()
    quiet(page)
