"""The team's pages on runs in the browser: by keyboard, progress that tells itself; nothing that axe-core finds."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from mining.models import Run
from mining.services.draw_charts import draw_run_charts
from mining.services.mine import mine, work
from mining.services.schedules import set_schedule
from projects.models import Project
from tests.browser.classifying import make_zoo
from tests.browser.shots import keep
from tests.browser.test_site_axe import FEATURES, MODES, check
from tests.mining.helpers import Crowd
from tests.projects.factories import ARTIFACT

HERE = "/projects/zoo/runs/shapes/"


@pytest.fixture
def crowd(live_site: str, page: Page) -> Crowd:
    """A zoo with answers, its scientist signed in."""
    workflow = make_zoo(accent="#ffee00")
    user = User.objects.create_user("ann", password="quiet-nebula-7")
    Project.objects.get().members.create(user=user, role="scientist")
    page.goto(live_site + "/accounts/login/")
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill("quiet-nebula-7")
    page.get_by_role("button", name="Sign in").click()
    workflow.refresh_from_db()
    made = Crowd(workflow, 3)
    for volunteer in range(3):
        for subject in range(len(made.subjects)):
            made.answer(volunteer, subject, ARTIFACT if (volunteer + subject) % 3 else FEATURES)
    return made


def test_start_see_it_go_and_cancel_by_keyboard(live_site: str, page: Page, crowd: Crowd) -> None:
    page.goto(live_site + "/projects/zoo/results/shapes/")
    page.get_by_role("link", name="Runs, volunteers, disputed subjects").press("Enter")
    page.get_by_role("combobox", name="Method").select_option("majority")
    page.get_by_role("button", name="Start").press("Enter")
    card = page.get_by_role("article")
    expect(card).to_contain_text("waiting for the worker")
    card.get_by_role("button", name="Cancel").focus()
    Run.objects.update(status="running", questions_done=1, questions_total=9)
    expect(card).to_contain_text("1 of 9 questions weighed")
    expect(card.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Cancelled: nothing of run")).to_be_visible()
    page.get_by_role("button", name="Run again").press("Enter")
    expect(card).to_contain_text("waiting for the worker")
    Run.objects.filter(status="waiting").update(resumed=1, questions_done=1, questions_total=9)
    expect(card).to_contain_text("It goes on after 1 of 9 questions")
    work(Run.objects.get(status="waiting"))
    expect(page.get_by_role("cell", name="done")).to_be_visible()
    page.get_by_text("Make runs by themselves").press("Enter")
    page.get_by_label("Every").fill("12")
    page.get_by_label("Hours, days or answers").select_option("new answers")
    page.get_by_role("button", name="Save the schedule").press("Enter")
    expect(page.get_by_text("Next after 12 more answers.")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), MODES)
def test_they_have_no_violations(live_site: str, page: Page, crowd: Crowd, scheme: str, width: int) -> None:
    one, two = (mine(crowd.workflow, method=method) for method in ("majority", "one-coin"))
    draw_run_charts(one)
    Run.objects.create(
        workflow=crowd.workflow, method="swap", position=3, status="running", questions_total=4, resumed=1
    )
    set_schedule(crowd.workflow, on=True, method="swap", seed=0, every=3, unit="days", publish=True)
    Run.objects.create(
        workflow=crowd.workflow, method="swap", position=3, status="failed", message="Its end."
    )
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 800})
    places = ["", f"{one.pk}/", f"{one.pk}/answers/", f"{one.pk}/volunteers/", f"{one.pk}/against/{two.pk}/"]
    problems = []
    for name, place in zip(("runs", "run", "answers", "people", "against"), places, strict=True):
        problems += check(page, live_site + HERE + place)
        keep(page, f"{name}-{scheme}-{width}")
    assert problems == []
