"""Fair use in the browser: suggested, blocked, told, heard, lifted, and all counts as before; axe finds nothing."""

import random
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from mining.models import Suggestion
from mining.services.look_for_unfair import look
from projects.models import Classification, Evidence, Project, SubjectState
from projects.services.blocks import tend_blocks
from projects.services.weights import standing_weight
from tests.browser.classifying import DEFINITION, make_zoo
from tests.browser.shots import keep
from tests.browser.test_own_pages import sit_down
from tests.browser.test_site_axe import FEATURES, MODES, check
from tests.mining.helpers import Crowd
from tests.projects.factories import ARTIFACT

HERE = "/projects/zoo/fairness/"
RULES = {"same_answer": {"least": 10}, "alarms": 0.2, "too_fast": None}
SUBJECTS = 16


@pytest.fixture
def crowd(live_site: str, page: Page) -> Crowd:
    """Three honest volunteers and one who always says the same; a scientist, signed in."""
    open_end = DEFINITION | {"fairness": RULES, "retirement": ["gte", ["votes"], 100]}
    workflow = make_zoo(SUBJECTS, definition=open_end, accent="#ffee00")
    user = User.objects.create_user("ann", password="quiet-nebula-7")
    Project.objects.get().members.create(user=user, role="scientist")
    page.goto(live_site + "/accounts/login/")
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill("quiet-nebula-7")
    page.get_by_role("button", name="Sign in").click()
    workflow.refresh_from_db()
    made, rng = Crowd(workflow, 4), random.Random(3)
    for subject in range(SUBJECTS):
        for volunteer in range(4):
            truth = ARTIFACT if subject % 4 == 0 else FEATURES
            made.answer(volunteer, subject, ARTIFACT if volunteer == 0 or rng.random() < 0.1 else truth)
    assert look(workflow) == 1
    return made


def counts() -> Any:
    return (
        {(e.subject_id, e.task): e.tallies for e in Evidence.objects.all()},
        list(SubjectState.objects.order_by("subject_id").values_list("answered", flat=True)),
        set(Classification.objects.standing().values_list("pk", flat=True)),
    )


def test_suggested_blocked_heard_and_lifted(
    live_site: str, page: Page, browser: Browser, crowd: Crowd
) -> None:
    before = counts()
    page.goto(live_site + "/projects/zoo/")
    page.get_by_role("link", name="Fair use 1 suggestion").press("Enter")
    card = page.get_by_role("article")
    expect(card).to_contain_text("16 of 16 answers to “Is it smooth?” are “Star or artifact”")
    expect(card.get_by_role("img")).to_have_count(6)
    card.get_by_label("Reason").fill("You always say artifact.")
    card.get_by_role("button", name="Block in this project").press("Enter")
    expect(page.get_by_text("Blocked. They read your reason")).to_be_visible()
    assert tend_blocks() == SUBJECTS

    with browser.new_context() as theirs:
        own = theirs.new_page()
        sit_down(own, live_site, crowd.passes[0])
        own.goto(live_site + "/me/")
        expect(own.get_by_text("You always say artifact.")).to_be_visible()
        own.get_by_label("Why should the block be lifted?").fill("They were all stars.")
        own.get_by_role("button", name="Send to the team").click()
        expect(own.get_by_text("Your words are with the team now.")).to_be_visible()

    page.goto(live_site + HERE)
    expect(page.get_by_text("They were all stars.")).to_be_visible()
    keep(page, "fairness-blocked")
    page.get_by_label("Why it is lifted").fill("They were.")
    page.get_by_role("button", name="Lift the block").press("Enter")
    expect(page.get_by_text("Nobody is blocked.")).to_be_visible()
    assert tend_blocks() == SUBJECTS
    assert look(crowd.workflow) == 0
    assert counts() == before
    assert standing_weight(crowd.workflow.pk, crowd.ids[0]) == 1


def test_it_has_no_violations(live_site: str, page: Page, crowd: Crowd) -> None:
    found = []
    for scheme, width in MODES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        found += check(page, live_site + HERE)
        keep(page, f"fairness-{width}-{scheme}")
    assert Suggestion.objects.count() == 1
    assert found == []
