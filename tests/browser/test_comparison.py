"""Tasks of kind comparison: two pictures side by side, compared by keys and by touch, and ranked."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mining.services.follow import follow
from mining.services.mine import mine
from projects.models import PairMember, Subject, SubjectState, Workflow
from projects.services import publish_workflow
from projects.services.make_pairs import make_pairs
from tests.browser.classifying import Volunteer, make_zoo, wait_for_rows
from tests.browser.shots import keep
from tests.browser.test_text import quiet

WHICH: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "comparison",
            "ask": "more",
            "question": "Which one is larger?",
            "answers": [
                {"key": "left", "label": "The left one"},
                {"key": "tie", "label": "Neither"},
                {"key": "right", "label": "The right one"},
            ],
        }
    },
    "retirement": ["gte", ["votes"], 1],
    "viewer": {"kind": "pair"},
}


def make_two() -> Workflow:
    workflow = make_zoo(3)
    target = workflow.project.subject_sets.create(slug="pairs", title="Pairs")
    make_pairs(target, [("s0", "s1"), ("s2", "s0")])
    workflow.subject_set = target
    workflow.save()
    publish_workflow(workflow, WHICH)
    SubjectState.objects.filter(workflow=workflow).exclude(subject__subject_set=target).delete()
    return workflow


def test_wide_by_keyboard_and_what_they_come_to(live_site: str, page: Page) -> None:
    workflow = make_two()
    volunteer = Volunteer(page, live_site).arrive()
    first, second = page.locator(".stage .picture").nth(0), page.locator(".stage .picture").nth(1)
    shown = [(each.get_attribute("src") or "").rpartition("/")[2] for each in (first, second)]
    page.wait_for_load_state()
    page.keyboard.press("+")
    expect(page.locator(".zoom-level")).to_have_text(["135 %", "135 %"])
    page.get_by_role("toolbar", name="Tools of the right picture").get_by_role(
        "button", name="Zoom in"
    ).click()
    expect(page.locator(".zoom-level")).to_have_text(["135 %", "182 %"])
    page.keyboard.press("3")
    volunteer.agree()
    expect(volunteer.option("The right one")).to_be_checked()
    quiet(page)
    keep(page, "comparison-wide")
    volunteer.go_on()
    row = wait_for_rows(page, 1)[-1]
    assert row.annotations == [{"task": "T0", "value": "right"}]
    pair = PairMember.objects.filter(pair=row.subject_id).select_related("member")
    assert [f"{each.member.external_id}.png" for each in pair] == shown
    expect(volunteer.option("The right one")).not_to_be_checked()
    page.keyboard.press("1")
    expect(volunteer.option("The left one")).to_be_checked()
    volunteer.go_on()
    wait_for_rows(page, 2)
    follow(workflow.pk)
    mine(workflow)
    page.goto(f"{live_site}/projects/zoo/results/shapes/")
    table = page.get_by_role("region", name="Ranking", exact=True).get_by_role("row")
    expect(table).to_have_count(4)
    expect(page.locator("#consensus ~ .subject-grid .pair img")).to_have_count(4)
    quiet(page)
    page.get_by_role("region", name="Ranking", exact=True).scroll_into_view_if_needed()
    keep(page, "comparison-ranking")
    assert volunteer.problems == []


@pytest.mark.browser_context_args(viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
def test_narrow_one_below_the_other_by_touch(live_site: str, page: Page) -> None:
    make_two()
    volunteer = Volunteer(page, live_site).arrive()
    boxes = [page.locator(".stage").nth(at).bounding_box() or {} for at in (0, 1)]
    assert boxes[0]["x"] == boxes[1]["x"]
    assert boxes[1]["y"] > boxes[0]["y"] + boxes[0]["height"]
    page.get_by_text("Neither").tap()
    volunteer.agree()
    expect(volunteer.option("Neither")).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    quiet(page)
    keep(page, "comparison-390")
    volunteer.go_on()
    assert wait_for_rows(page, 1)[-1].annotations == [{"task": "T0", "value": "tie"}]
    assert Subject.objects.count() == 5
    assert volunteer.problems == []
