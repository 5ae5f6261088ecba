"""Tasks of kind survey: found by name, by filter and by arrows, asked about, and put together from many."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from mining.services.follow import follow
from tests.browser.classifying import Volunteer, make_zoo, wait_for_rows
from tests.browser.shots import keep
from tests.browser.test_text import quiet
from tests.mining.helpers import Crowd

QUESTIONS: list[dict[str, Any]] = [
    {"key": "howmany", "kind": "number", "question": "How many?", "min": 1, "max": 50, "step": 1},
    {
        "key": "doing", "kind": "multiple", "question": "What do they do?", "required": False,
        "answers": [{"key": "resting", "label": "Resting"}, {"key": "moving", "label": "Moving"}],
    },
]  # fmt: skip
COATS = {"lion": "plain", "leopard": "spots", "cheetah": "spots", "zebra": "stripes", "aardwolf": "stripes"}
ANSWERS: list[dict[str, Any]] = [
    {
        "key": key, "label": key.capitalize(), "aspects": {"coat": [coat]}, "pictures": [f"zoo/{key}.png"],
        "description": f"A <b>{key}</b> in the grass.",
    }
    for key, coat in COATS.items()
]  # fmt: skip
ANSWERS[1]["like"] = {"cheetah": "is slimmer, with a line below each eye."}
ANSWERS.append({"key": "nothing", "label": "Nothing here", "alone": True})
WHO: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "survey",
            "question": "Who is in the picture?",
            "answers": ANSWERS,
            "aspects": [
                {
                    "key": "coat", "label": "Coat",
                    "values": [{"key": coat, "label": coat.capitalize()} for coat in ("plain", "spots", "stripes")],
                }
            ],
            "questions": QUESTIONS,
        }
    },
    "retirement": ["gte", ["votes"], 3],
}  # fmt: skip
CHEETAH = {"choice": "cheetah", "answers": {"howmany": 2, "doing": ["moving"]}}
ZEBRA = {"choice": "zebra", "answers": {"howmany": 12}}


def make_beasts(subjects: int) -> Any:
    for at, key in enumerate(COATS):
        path = Path(settings.MEDIA_ROOT) / "zoo" / f"{key}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (80, 60), (40 * at + 40, 120, 60)).save(path)
    return make_zoo(subjects, definition=WHO)


def listed(page: Page) -> Locator:
    return page.get_by_role("list", name="To choose from").locator(".survey-name")


def found(page: Page) -> Locator:
    return page.get_by_role("list", name="What you found").get_by_role("listitem")


def test_wide_by_keyboard_and_mouse(live_site: str, page: Page) -> None:
    make_beasts(2)
    volunteer = Volunteer(page, live_site)
    page.goto(volunteer.url)
    expect(listed(page)).to_have_text([answer["label"] for answer in ANSWERS])
    page.wait_for_load_state()
    page.keyboard.press("a")
    search = page.get_by_role("textbox", name="Write a part of a name")
    expect(search).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("l")  # from the list into the field
    expect(listed(page)).to_have_text(["Lion", "Leopard", "Aardwolf"])
    page.keyboard.type("e")
    expect(listed(page)).to_have_text(["Leopard"])
    page.keyboard.press("Enter")
    card = page.get_by_role("region", name="Leopard")
    expect(card).to_contain_text("A <b>leopard</b> in the grass.")
    quiet(page)
    keep(page, "survey-card")
    card.get_by_role("button", name="Cheetah is slimmer").press("Enter")
    page.get_by_role("region", name="Cheetah").get_by_role("button", name="That is it").press("Enter")
    volunteer.agree()
    expect(found(page)).to_have_text(["CheetahAsks you something×"])
    volunteer.go_on()
    expect(page.locator("[data-part=hint]")).to_have_text("Answer what is asked about Cheetah.")
    expect(page.get_by_role("textbox", name="Your number")).to_be_focused()
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Resting")).to_be_focused()
    page.keyboard.press("2")
    expect(found(page)).to_have_text(["Cheetah2 · Moving×"])
    quiet(page)
    keep(page, "survey-asked")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Cheetah (found)")).to_be_focused()
    page.get_by_role("button", name="Stripes").click()
    expect(listed(page)).to_have_text(["Zebra", "Aardwolf"])
    page.get_by_role("button", name="Zebra").click()
    page.get_by_role("button", name="That is it").click()
    page.get_by_role("textbox", name="Your number").fill("12")
    expect(found(page)).to_have_text(["Cheetah2 · Moving×", "Zebra12×"])
    page.reload()
    expect(found(page)).to_have_text(["Cheetah2 · Moving×", "Zebra12×"])
    page.wait_for_load_state()
    quiet(page)
    keep(page, "survey-wide")
    volunteer.go_on()
    assert wait_for_rows(page, 1)[-1].annotations == [{"task": "T0", "value": [CHEETAH, ZEBRA]}]
    assert volunteer.problems == []


@pytest.mark.browser_context_args(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
def test_narrow_by_touch_and_what_they_come_to(live_site: str, page: Page) -> None:
    workflow = make_beasts(1)
    others = Crowd(workflow, volunteers=2)
    others.answer(0, 0, [{"task": "T0", "value": [CHEETAH]}])
    others.answer(1, 0, [{"task": "T0", "value": [{"choice": "nothing", "answers": {}}]}])
    volunteer = Volunteer(page, live_site)
    page.goto(volunteer.url)
    expect(listed(page).first).to_be_visible()
    page.wait_for_load_state()
    page.get_by_role("button", name="Nothing here").tap()
    volunteer.agree()
    expect(found(page)).to_have_text(["Nothing here×"])
    page.get_by_text("Filter by what you see").tap()
    page.get_by_role("button", name="Spots").tap()
    page.get_by_role("button", name="Cheetah").tap()
    page.get_by_role("button", name="That is it").tap()
    expect(found(page)).to_have_text(["CheetahAsks you something×"])  # nothing stands alone any more
    page.get_by_role("textbox", name="Your number").fill("4")
    expect(found(page)).to_have_text(["Cheetah4×"])
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    quiet(page)
    keep(page, "survey-360")
    volunteer.go_on()
    value = [{"choice": "cheetah", "answers": {"howmany": 4}}]
    assert wait_for_rows(page, 3)[-1].annotations == [{"task": "T0", "value": value}]
    follow(workflow.pk)
    page.goto(f"{live_site}/projects/zoo/results/shapes/")
    expect(page.locator("#consensus ~ .subject-grid")).to_contain_text("Cheetah 2/3 (How many? 3; Moving 1)")
    assert volunteer.problems == []
