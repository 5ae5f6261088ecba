"""The desk in a browser: a lane by keyboard by two moderators, a bulk and its undo, a threshold from pairs; axe."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from mining.models import PairJudgement, SimilarityChoice, SimilarPair
from projects.models import Decision, ProjectMember, Subject, SubjectState, Workflow
from projects.services.desk import set_group
from projects.services.lane_moves import Which, put_in
from projects.services.lanes import make_lane
from projects.services.policies import publish_policy, set_triage
from tests.browser.classifying import make_zoo
from tests.browser.shots import keep
from tests.browser.test_site_axe import MODES, check
from tests.projects.services.test_desk import POLICY

PASSWORD = "quiet-nebula-7"
DESK = "/projects/zoo/desk/"
LANE = f"{DESK}shapes/lanes/new/"


def sign_in(page: Page, site: str, name: str, workflow: Workflow) -> Page:
    user = User.objects.create_user(name, password=PASSWORD)
    ProjectMember.objects.create(project=workflow.project, user=user, role="moderator")
    page.goto(site + "/accounts/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()
    return page


def is_there(page: Page, heading: str) -> None:
    """The page of that heading, with its scripts: what the server wrote is seen before they listen to keys."""
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    page.wait_for_load_state()


@pytest.fixture
def workflow() -> Workflow:
    """Four items of one seller in a lane, s0 first; the policy has one category for prohibited, two for restricted."""
    made = make_zoo(4, accent="#ffee00")
    made.refresh_from_db()
    content = POLICY | {
        "categories": [
            *POLICY["categories"],
            {"key": "knives", "titles": {"en": "Knives"}, "holds": [{"verdict": "restricted"}]},
        ]
    }
    policy = publish_policy(made.project, content=content, title="Market").policy
    set_triage(made, policy=policy, task="T0", verdicts={"artifact": "error"})
    Subject.objects.update(metadata={"Seller": "Mimi"})
    set_group(made, "Seller")
    lane = make_lane(workflow=made, title="New")
    for place, name in enumerate(("s3", "s2", "s1", "s0")):
        put_in(lane, Which(names=[name]), priority=place)
    return made


def test_two_moderators_work_through_a_lane_by_keyboard(
    live_site: str, page: Page, browser: Browser, workflow: Workflow
) -> None:
    ann = sign_in(page, live_site, "ann", workflow)
    ann.goto(live_site + LANE)
    is_there(ann, "s0")
    with browser.new_context() as theirs:
        ben = sign_in(theirs.new_page(), live_site, "ben", workflow)
        ben.goto(live_site + DESK)
        expect(ben.locator("tr", has_text="New").get_by_text("ann")).to_be_visible()
        ben.get_by_role("link", name="New", exact=True).press("Enter")
        is_there(ben, "s1")  # never what ann holds
        ben.keyboard.press("4")  # one category is prohibited, so it is cited without asking
        is_there(ben, "s2")
        ben.goto(live_site + DESK)
        ann.keyboard.press("2")
        expect(ann.get_by_text("which category?")).to_be_visible()
        ann.keyboard.press("Escape")
        expect(ann.get_by_text("which category?")).to_be_hidden()
        ann.keyboard.press("2")
        ann.keyboard.press("2")
        expect(ann.get_by_text("1 item decided: Restricted display.")).to_be_visible()
        is_there(ann, "s3")  # ben holds s2
        expect(ben.get_by_text("2 / 4")).to_be_visible()  # told live
    said = {each.subject.external_id: each for each in Decision.objects.select_related("subject", "by")}
    told = {name: (each.verdict, each.category, each.by.username) for name, each in said.items() if each.by}
    assert told == {"s0": ("restricted", "knives", "ann"), "s1": ("prohibited", "arms", "ben")}
    ann.keyboard.press("u")
    expect(ann.get_by_text("Undone: 1.")).to_be_visible()
    assert not Decision.objects.made().filter(subject__external_id="s0").exists()


def test_a_seller_s_items_are_decided_and_taken_back_together(
    live_site: str, page: Page, workflow: Workflow
) -> None:
    ann = sign_in(page, live_site, "ann", workflow)
    ann.goto(live_site + f"{DESK}shapes/campaign/")
    ann.get_by_role("link", name="Mimi").press("Enter")
    is_there(ann, "Seller: Mimi")
    ann.get_by_label("Choose all").press("Space")
    ann.get_by_role("checkbox", name="s2").uncheck()
    ann.get_by_label("Category").select_option("arms")
    ann.get_by_label("Reason").fill("Copies.")
    ann.get_by_role("button", name="Prohibited").press("Enter")
    expect(ann.get_by_text("3 items decided: Prohibited.")).to_be_visible()
    assert SubjectState.objects.filter(retired_at=None).count() == 1
    ann.get_by_role("button", name="Undo").press("Enter")
    expect(ann.get_by_text("Undone: 3.")).to_be_visible()
    assert SubjectState.objects.filter(retired_at=None).count() == 4

    first, second = workflow.subject_set.subjects.order_by("pk")[:2]
    pair = SimilarPair.objects.create(
        subject_set=workflow.subject_set, first=first, second=second, bits=6, turn=0.5
    )
    ann.goto(live_site + "/projects/zoo/similar/shapes/")
    ann.get_by_role("link", name="Judge pairs").press("Enter")
    is_there(ann, "Are these two similar?")
    ann.keyboard.press("1")
    expect(ann.get_by_text("You have judged every pair that is asked about.")).to_be_visible()
    assert PairJudgement.objects.get(pair=pair).similar
    ann.get_by_role("link", name="What each threshold makes of them").press("Enter")
    ann.get_by_role("spinbutton", name="Threshold").fill("6.5")
    ann.get_by_role("button", name="Choose this threshold").press("Enter")
    expect(ann.get_by_text("Pairs nearer than 6.5 are called similar now.")).to_be_visible()
    assert SimilarityChoice.objects.get().threshold == 6.5

    found = []
    places = [
        "desk/",
        "desk/shapes/lanes/new/",
        "desk/shapes/campaign/?of=Mimi",
        "similar/shapes/",
        "similar/shapes/seen/",
    ]
    for scheme, width in MODES[1:3]:
        ann.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        ann.set_viewport_size({"width": width, "height": 900})
        for number, place in enumerate(places):
            found += check(ann, f"{live_site}/projects/zoo/{place}")
            keep(ann, f"desk-{number}-{width}-{scheme}")
    assert found == []
