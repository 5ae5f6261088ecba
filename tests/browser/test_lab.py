"""A scientist makes a project from nothing, without a shell; a volunteer answers; the catalogue comes."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from mining.services.follow import follow
from projects.imports.waiting import run_waiting
from projects.models import Classification, GoldSubject, Import, Project, Workflow
from tests.browser.classifying import Volunteer, make_zoo, wait_for_rows
from tests.browser.shots import keep
from tests.browser.test_site_axe import check
from tests.portal.pages.lab_hands import packed, picture

HERE = "/lab/ringed-planets/"


@pytest.fixture
def scientist(live_site: str, page: Page) -> Page:
    User.objects.create_user("ann", password="quiet-nebula-7")
    page.goto(live_site + "/accounts/login/")
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill("quiet-nebula-7")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="ann")).to_be_visible()
    return page


def make(page: Page, address: str) -> None:
    """The project, its pictures."""
    page.goto(address + "/me/")
    page.get_by_role("link", name="My projects").press("Enter")
    page.get_by_role("link", name="New project").press("Enter")
    page.get_by_label("Name", exact=True).fill("Ringed planets")
    page.get_by_label("What it is").fill("Which planets have rings?")
    page.get_by_role("button", name="Make the project").press("Enter")
    expect(page.get_by_text("Ringed planets is made.")).to_be_visible()
    page.get_by_role("link", name="Upload pictures").press("Enter")
    files = {f"p{n:02}.png": picture(5 * n, size=(64, 64)) for n in range(50)}
    files |= {"again.png": files["p03.png"], "cut.png": files["p01.png"][:60]}
    files["table.csv"] = b"file,external_id,attr:radius\n" + b"".join(
        f"{name},{name[:-4]},{n}\n".encode() for n, name in enumerate(files) if name.endswith(".png")
    )
    page.get_by_label("Pictures, or a zip of them").set_input_files(
        [{"name": "planets.zip", "mimeType": "application/zip", "buffer": packed(files)}]
    )
    page.get_by_role("button", name="Upload").press("Enter")
    expect(page.get_by_text("waiting for the worker")).to_be_visible()
    run_waiting(Import.objects.get())
    told = page.get_by_role("heading", name="50 subjects")
    expect(told).to_be_visible(timeout=30_000)  # the page asks every second
    expect(page.get_by_role("row", name="pictures that are here already, left out 1")).to_be_visible()
    expect(page.get_by_text("cut.png: it is cut off or damaged")).to_be_visible()


def ask(page: Page) -> None:
    """A workflow of three questions, one below the other, and its rule."""
    page.get_by_role("link", name="Overview").press("Enter")
    page.get_by_label("Name of the workflow").fill("Rings")
    page.get_by_role("button", name="Make the workflow").press("Enter")
    expect(page.get_by_text("There is no question yet: add the first.")).to_be_visible()
    page.get_by_role("link", name="Choose one").press("Enter")
    page.get_by_label("Question").fill("Has it a ring?")
    page.get_by_role("textbox", name="Answer 1").fill("Yes")
    page.get_by_role("textbox", name="Answer 2").fill("No")
    page.get_by_role("textbox", name="Answer 2").press("Enter")  # saves, as any form does
    expect(page.get_by_text("T0 is saved in the draft.")).to_be_visible()
    page.get_by_role("link", name="Choose one").press("Enter")
    page.get_by_label("Question").fill("Is it broken?")
    page.get_by_label("It is asked").select_option(label="after T0, only when the answer is “Yes”")
    page.get_by_role("textbox", name="Answer 1").fill("Broken")
    page.get_by_role("textbox", name="Answer 2").fill("Whole")
    page.get_by_role("button", name="Save").last.press("Enter")
    expect(page.get_by_text("T1 is saved in the draft.")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Number")).press("Enter")
    page.get_by_label("Question").fill("How many parts?")
    page.get_by_label("It is asked").select_option(label="after T1, only when the answer is “Broken”")
    page.get_by_role("button", name="Save").last.press("Enter")
    expect(page.get_by_text("T2 is saved in the draft.")).to_be_visible()
    drawn = page.get_by_role("group", name="Questions")
    expect(drawn.get_by_role("link", name="T2: How many parts?")).to_be_visible()
    page.get_by_role("link", name="Change the rule").press("Enter")
    page.get_by_role("textbox", name="Number").fill("1")
    page.get_by_label("Never before this many answers").fill("1")
    page.get_by_role("button", name="Save").last.press("Enter")
    expect(page.get_by_text("The rule can finish a subject with fewer than 3 answers")).to_be_visible()
    keep(page, "lab-workflow")


def try_it(page: Page, address: str) -> None:
    """As a tester: nothing is kept."""
    page.get_by_role("link", name="Try it").press("Enter")
    trial = Volunteer(page, address, project="ringed-planets", workflow="rings")
    expect(page.get_by_text("A trial of the draft")).to_be_visible()
    expect(trial.answers.first).to_be_visible()
    before = trial.picture
    trial.agree_and_choose("No")
    trial.go_on()
    expect(page.locator(".stage .picture")).not_to_have_attribute("src", before)
    assert Classification.objects.count() == 0
    assert trial.problems == []
    page.get_by_role("link", name="Back to the editor").press("Enter")


def tell(page: Page) -> None:
    """A page about it, and a tutorial."""
    page.get_by_role("link", name="Pages").press("Enter")
    page.get_by_label("Title").fill("About")
    page.get_by_label("Text").fill("# Why\n\nRings *tell* of moons.")
    page.get_by_role("button", name="Make the page").press("Enter")
    expect(page.get_by_text("The page About is there.")).to_be_visible()
    page.get_by_role("link", name="Tutorial").press("Enter")
    page.get_by_label("Title of step 1").fill("A planet")
    page.get_by_label("Text").first.fill("Look at its *edge*.")
    page.get_by_role("button", name="Save").last.press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()


def know(page: Page) -> int:
    """One subject whose answer the team knows; its id."""
    page.get_by_role("link", name="Overview").press("Enter")
    page.get_by_role("link", name="Rings").first.press("Enter")
    page.get_by_role("link", name="Known answers").press("Enter")
    page.get_by_role("link", name="Give known answers").press("Enter")
    before = page.locator(".stage .picture").get_attribute("src")
    page.locator(".answer", has_text="No").click()
    page.locator("[data-part=go-on]").click()
    expect(page.locator(".stage .picture")).not_to_have_attribute("src", before or "")
    return GoldSubject.objects.get().subject_id


def answer_as(browser: Browser, address: str, picks: list[str]) -> None:
    """A volunteer who has never been here, and the tutorial that they are shown."""
    with browser.new_context() as theirs:
        volunteer = Volunteer(theirs.new_page(), address, project="ringed-planets", workflow="rings")
        volunteer.page.goto(volunteer.url)
        keep(volunteer.page, "lab-volunteer")
        volunteer.page.get_by_role("button", name="Start").click()
        volunteer.agree_and_choose(picks[0])
        for pick in picks[1:]:
            volunteer.go_on()
            volunteer.choose(pick)
        before = volunteer.picture
        volunteer.go_on()
        if "Broken" in picks:
            expect(volunteer.question).to_have_text("How many parts?")
            volunteer.page.get_by_role("textbox").first.fill("2")
            volunteer.go_on()
        expect(volunteer.page.locator(".stage .picture")).not_to_have_attribute("src", before)
        assert volunteer.problems == []


def test_from_nothing_to_answers_results_and_the_catalogue(
    live_site: str, scientist: Page, browser: Browser
) -> None:
    page = scientist
    make(page, live_site)
    ask(page)
    try_it(page, live_site)
    page.get_by_role("button", name="Publish this version").press("Enter")
    expect(page.get_by_text("Version 1.0 is published.")).to_be_visible()
    tell(page)
    known = know(page)
    page.goto(live_site + HERE)
    keep(page, "lab-project")
    page.get_by_role("button", name="Open to everybody").press("Enter")
    expect(page.get_by_text("Anybody may see it and answer.")).to_be_visible()

    answer_as(browser, live_site, ["Yes", "Broken"])
    answer_as(browser, live_site, ["Yes", "Whole"])
    rows = wait_for_rows(page, 2)
    broken = [{"task": "T0", "value": "yes"}, {"task": "T1", "value": "broken"}, {"task": "T2", "value": 2}]
    assert [row.annotations for row in rows] == [
        broken, [{"task": "T0", "value": "yes"}, {"task": "T1", "value": "whole"}]
    ]  # fmt: skip

    follow(Workflow.objects.get().pk)
    page.goto(live_site + HERE)
    page.get_by_role("link", name="Rings").last.press("Enter")
    expect(page.get_by_role("heading", name="Consensus")).to_be_visible()
    keep(page, "lab-results")
    expect(page.get_by_text("No subject is finished yet.")).to_have_count(0)
    page.goto(live_site + HERE)
    page.get_by_role("link", name="Data").last.press("Enter")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("catalogue", re.IGNORECASE)).first.click()
    lines = Path(download.value.path()).read_text().splitlines()
    assert "attr_radius" in lines[0].split(",")
    assert len([line for line in lines if not line.startswith("#")]) == 51
    for row in rows:
        assert row.subject_id != known or row.counted == "withheld"
    assert Project.objects.get().members.get().role == "owner"


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_the_lab_has_no_violations(live_site: str, scientist: Page, scheme: str, width: int) -> None:
    """Every page on a phone; those that are made of more than fields in the dark too."""
    project = make_zoo(3, accent="#ffee00", tagline="Sort them").project
    project.members.create(user=User.objects.get(), role="owner")
    project.pages.create(slug="team", title="The team", body="# Ann")
    page = scientist
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 800})
    lab, flow = "/lab/zoo/", "/lab/zoo/workflows/shapes/"
    places = [lab, f"{lab}subjects/", flow, f"{flow}questions/new/drawing/", f"{flow}rule/"]
    if width == 390:
        places += ["/lab/", "/lab/new/", f"{lab}details/", f"{lab}copy/", f"{lab}pages/", f"{lab}pages/team/",
                   f"{lab}tutorial/", f"{lab}team/", f"{flow}settings/", f"{flow}questions/T0/", f"{flow}text/",
                   f"{flow}practice/", f"{flow}versions/"]  # fmt: skip
    problems = []
    for place in places:
        problems += check(page, live_site + place)
        keep(page, f"lab{place.replace('/', '-')}{scheme}-{width}")
    assert problems == []
