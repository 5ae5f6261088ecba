"""A moderator changes a policy, writes a rule, tries it, lets it run in the background, then decide: by keyboard."""

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from projects.models import Decision, ProjectMember, RuleHit
from projects.services.decisions import Decider, decide
from projects.services.policies import publish_policy, set_triage
from projects.services.rule_work import tend_rules
from tests.browser.classifying import make_zoo
from tests.browser.shots import keep
from tests.browser.test_site_axe import MODES, check

CONTENT = {
    "languages": ["en", "de"],
    "categories": [
        {"key": "knives", "titles": {"en": "Knives", "de": "Messer"}, "holds": [{"verdict": "restricted"}]}
    ],
}


@pytest.fixture
def team(live_site: str, page: Page) -> Page:
    """A moderator, signed in, of a project that decides by a policy; one of its four subjects is decided."""
    workflow = make_zoo(4)
    project = workflow.project
    policy = publish_policy(project, slug="policy", title="Policy", content=CONTENT).policy
    set_triage(workflow, policy=policy, task="T0", verdicts={"smooth": "ok", "artifact": "fraud"})
    user = User.objects.create_user("ann", password="quiet-nebula-7")
    ProjectMember.objects.create(project=project, user=user, role="moderator")
    decide(
        workflow=workflow,
        subject_id=project.subjects.get(external_id="s0").pk,
        verdict="restricted",
        category="knives",
        decider=Decider.person(user),
    )
    project.subjects.filter(external_id__in=("s1", "s2")).update(metadata={"Text": "A mirror copy"})
    page.goto(live_site + "/accounts/login/")
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill("quiet-nebula-7")
    page.get_by_role("button", name="Sign in").click()
    return page


def test_a_policy_changed_and_a_rule_tried_silent_then_live(live_site: str, team: Page) -> None:
    team.goto(live_site + "/projects/zoo/")
    team.get_by_role("link", name="Policies").press("Enter")
    team.get_by_role("link", name="Policy", exact=True).press("Enter")
    team.get_by_role("link", name=re.compile("Change.*Knives")).press("Enter")
    team.get_by_label("Verdict 1", exact=True).select_option("Prohibited")
    team.get_by_label("What you change, and why").fill("Knives are out.")
    team.get_by_role("button", name="Publish as a new version").press("Enter")
    expect(team.get_by_text("Version 2 holds from now on.")).to_be_visible()
    expect(team.get_by_text("1 decision that stands cites what was changed.")).to_be_visible()
    expect(team.get_by_role("row", name=re.compile("s0.*Restricted display.*Prohibited"))).to_be_visible()

    team.goto(live_site + "/projects/zoo/")
    team.get_by_role("link", name="Who decides: Shapes").press("Enter")
    team.get_by_role("link", name="Rules", exact=True).press("Enter")
    team.get_by_label("Title").fill("Copies")
    team.get_by_label("Part 1", exact=True).select_option("Text")
    team.get_by_label("Part 1: what").fill("(mirror copy")
    team.get_by_label("Verdict", exact=True).select_option("Prohibited")
    team.get_by_label("People answer as well").fill("0")
    team.get_by_role("button", name="Make the rule").press("Enter")
    expect(team.get_by_text("at letter 1 of “(mirror copy”: missing )")).to_be_visible()
    team.get_by_label("Part 1: what").fill("mirror copy")
    team.get_by_role("button", name="Make the rule").press("Enter")
    team.get_by_role("button", name="Try it on the past").press("Enter")
    expect(team.get_by_text("it finds 2 of 4 subjects.")).to_be_visible()
    team.get_by_role("button", name="Let it run in the background").press("Enter")
    expect(team.get_by_text("and decides nothing.")).to_be_visible()
    tend_rules()
    assert (RuleHit.objects.count(), Decision.objects.count()) == (2, 1)
    team.get_by_role("button", name="Let it decide").press("Enter")
    expect(team.get_by_text("It decides: all that is open, and what arrives.")).to_be_visible()
    tend_rules()
    assert Decision.objects.filter(kind="rule", verdict="prohibited").count() == 2
    team.reload()
    expect(team.get_by_role("cell", name="yes")).to_have_count(2)

    found = []
    for scheme, width in MODES:
        team.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        team.set_viewport_size({"width": width, "height": 900})
        for place in (
            "policies/policy/",
            "policies/policy/categories/knives/",
            "rules/shapes/copies/",
            "triage/shapes/",
        ):
            found += check(team, f"{live_site}/projects/zoo/{place}")
            keep(team, f"{place.strip('/').replace('/', '-')}-{width}-{scheme}")
    assert found == []
