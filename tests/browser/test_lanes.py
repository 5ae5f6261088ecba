"""A team makes a lane for readers of Greek; others never see its subject, and who says to read it gets it first."""

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from projects.models import Lane, ProjectMember, Qualification, SubjectState
from tests.browser.classifying import Volunteer, make_zoo, wait_for_rows
from tests.browser.shots import keep
from tests.browser.test_site_axe import MODES, check


@pytest.fixture
def team(live_site: str, page: Page) -> Page:
    """A scientist, signed in, of a project with four subjects that knows who reads Greek."""
    project = make_zoo(4, accent="#ffee00").project
    Qualification.objects.create(project=project, slug="greek", title="Reads Greek", kind="language")
    user = User.objects.create_user("ann", password="quiet-nebula-7")
    ProjectMember.objects.create(project=project, user=user, role="scientist")
    page.goto(live_site + "/accounts/login/")
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill("quiet-nebula-7")
    page.get_by_role("button", name="Sign in").click()
    return page


def test_made_by_the_team_kept_from_one_and_served_to_another(
    live_site: str, team: Page, browser: Browser
) -> None:
    team.goto(live_site + "/projects/zoo/")
    team.get_by_role("link", name="Lanes: Shapes").press("Enter")
    team.get_by_label("Title").fill("Greek ones")
    team.get_by_label("Priority").fill("5")
    team.get_by_label("Reads Greek").press("Space")
    team.get_by_role("button", name="Make the lane").press("Enter")
    expect(team.get_by_text("The lane Greek ones is open.")).to_be_visible()
    team.get_by_role("textbox", name="Subjects").fill("s0\nnine")
    team.get_by_role("button", name="Put them in").press("Enter")
    expect(team.get_by_text("No subject of this workflow is called nine")).to_be_visible()
    team.get_by_role("textbox", name="Subjects").fill("s0")
    team.get_by_role("button", name="Put them in").press("Enter")
    expect(team.get_by_text("1 subject moved.")).to_be_visible()
    assert SubjectState.objects.get(lane=Lane.objects.get()).subject.external_id == "s0"

    with browser.new_context() as theirs:
        without = Volunteer(theirs.new_page(), live_site).arrive()
        pictures = [without.picture]
        without.agree_and_choose("Star or artifact")
        without.go_on()
        for _ in range(2):
            expect(without.page.locator(".stage .picture")).not_to_have_attribute("src", pictures[-1])
            pictures.append(without.picture)
            without.choose("Star or artifact")
            without.go_on()
        expect(without.page.get_by_role("heading", name="There is nothing left for you here")).to_be_visible()
        assert sorted(re.findall(r"s\d", " ".join(pictures))) == ["s1", "s2", "s3"]
        wait_for_rows(without.page, 3)
        assert without.problems == []

        reader = without.page
        reader.goto(live_site + "/projects/zoo/")
        expect(reader.get_by_text("Greek ones")).to_have_count(0)
        reader.get_by_role("link", name="Qualifications").press("Enter")
        reader.get_by_role("button", name="This is true of me").press("Enter")
        expect(reader.get_by_text("Noted: Reads Greek.")).to_be_visible()
        without.arrive()
        expect(reader.locator(".stage .picture")).to_have_attribute("src", re.compile("s0"))
        without.choose("Star or artifact")
        without.go_on()
        wait_for_rows(reader, 4)

    team.goto(live_site + "/projects/zoo/lanes/shapes/")
    found = []
    for scheme, width in MODES:
        team.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        team.set_viewport_size({"width": width, "height": 900})
        for place in ("", "greek-ones/"):
            found += check(team, live_site + "/projects/zoo/lanes/shapes/" + place)
            keep(team, f"lanes-{place.strip('/') or 'list'}-{width}-{scheme}")
    assert found == []
