"""No page breaks a rule of accessibility that axe-core can check, nor is wider than its window."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Page

from projects.models import Favourite, Project, Volunteer
from projects.services import record_classification
from projects.services.volunteers import COOKIE
from tests.browser.classifying import make_zoo
from tests.projects.factories import ARTIFACT, make_pass, submission

PLACES = [
    "/", "/projects/zoo/", "/projects/zoo/about/team/", "/projects/zoo/data/", "/projects/zoo/results/shapes/", "/me/",
    "/privacy/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nothing/",
]  # fmt: skip
PLACES_SIGNED_IN = ["/me/", "/accounts/email/", "/accounts/password/change/", "/accounts/logout/"]
FEATURES = [
    {"task": "T0", "value": "features"},
    {"task": "T2", "value": "bar"},
    {"task": "T7", "value": ["ring"]},
]
MODES = [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)]


def furnish() -> str:
    """A project in which somebody has answered; their cookie."""
    workflow = make_zoo(
        accent="#ffee00", tagline="Sort them", description="# Why\n\nFor *science*.", source="NASA"
    )
    project = Project.objects.get()
    project.pages.create(slug="team", title="The team", body="# Ann\n\n|a|b|\n|-|-|\n|1|2|\n")
    project.pages.create(slug="why", title="Why", body="Because.")
    project.attributes.create(key="gini", label="Gini", unit="", description="Inequality")
    held = make_pass()
    subjects = workflow.subject_set.subjects.all()
    for subject, annotations in zip(subjects, (ARTIFACT, ARTIFACT, FEATURES), strict=False):
        record_classification(submission(workflow, subject.pk, annotations), held)
    volunteer = Volunteer.objects.get()
    Favourite.objects.create(volunteer=volunteer, subject=workflow.subject_set.subjects.first())
    return held.signed()


# Two seconds at most: an animation may be paused, or have no end.
SETTLED = """Promise.race([
    Promise.allSettled(document.getAnimations().map((each) => each.finished)),
    new Promise((resolve) => setTimeout(resolve, 2000)),
]).then(() => null)"""


def check(page: Page, address: str) -> list[str]:
    page.goto(address)
    # What is still changing its colour is waited for: axe measures what stays.
    page.evaluate(SETTLED)
    found = [
        f"{page.url}: {violation['id']}: {node['html'][:120]}"
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
    ]
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return found + ([f"{page.url}: {wider} px wider than the window"] if wider > 0 else [])


@pytest.mark.parametrize(("scheme", "width"), MODES)
def test_pages_have_no_violations(live_site: str, page: Page, scheme: str, width: int) -> None:
    cookie = furnish()
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 800})
    page.context.add_cookies([{"name": COOKIE, "value": cookie, "url": live_site}])
    problems = [problem for place in PLACES for problem in check(page, live_site + place)]
    User.objects.create_user("ann", email="ann@example.org", password="quiet-nebula-7")
    page.goto(live_site + "/accounts/login/")
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill("quiet-nebula-7")
    page.get_by_role("button", name="Sign in").click()
    problems += [problem for place in PLACES_SIGNED_IN for problem in check(page, live_site + place)]
    assert problems == []
