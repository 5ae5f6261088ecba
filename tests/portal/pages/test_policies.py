"""Policies, rules and who decides: read by everybody or the team alone, edited as versions, tried before they act."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from projects.models import Decision, ProjectMember, Retirement, Rule, SubjectState, Workflow
from projects.services import record_classification
from projects.services.decisions import Decider, decide, undo
from projects.services.lanes import make_lane
from projects.services.policies import publish_policy, put_region, set_triage
from projects.services.rule_work import tend_rules
from projects.services.rules import make_rule, set_rule_state, try_rule
from tests.projects.factories import SMOOTH, make_pass, make_workflow, submission

pytestmark = pytest.mark.django_db
CONTENT: dict[str, Any] = {
    "languages": ["en", "de"],
    "texts": {"en": "Be *fair*.", "de": "Sei fair."},
    "categories": [
        {
            "key": "knives",
            "titles": {"en": "Knives", "de": "Messer"},
            "texts": {"en": "Sharp ones."},
            "holds": [{"verdict": "restricted"}, {"verdict": "prohibited", "regions": ["eu"]}],
            "parts": [{"key": "swords", "titles": {"en": "Swords"}}],
        }
    ],
}
EDIT = {
    "key": "knives", "parent": "", "title_en": "Knives", "title_de": "Messer", "text_en": "Sharp ones.", "text_de": "",
    "examples_en": "Bread knife\n\nFish knife", "examples_de": "", "do_en": "", "do_de": "",
    "dont_en": "", "dont_de": "",
    "verdict_0": "prohibited", "regions_0": "", "since_0": "", "until_0": "",
    "verdict_1": "", "regions_1": "", "since_1": "", "until_1": "",
    "verdict_2": "", "regions_2": "", "since_2": "", "until_2": "",
    "verdict_3": "", "regions_3": "", "since_3": "", "until_3": "",
    "note": "Knives are out.", "seen": "1",
}  # fmt: skip


@pytest.fixture
def shop() -> Workflow:
    workflow = make_workflow(4)
    put_region(workflow.project, slug="eu", title="EU", countries=["DE"])
    policy = publish_policy(workflow.project, slug="policy", title="Policy", content=CONTENT).policy
    set_triage(workflow, policy=policy, task="T0", verdicts={"smooth": "ok", "features": "fraud"})
    return workflow


@pytest.fixture
def team(shop: Workflow, client: Client) -> Client:
    user = User.objects.create_user("mod")
    ProjectMember.objects.create(project=shop.project, user=user, role="moderator")
    client.force_login(user)
    return client


def text(client: Client, place: str, status: int = 200, post: Any = None, **more: Any) -> str:
    address = f"/projects/zoo/{place}"
    response = client.post(address, post, follow=True) if post else client.get(address, **more)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def subject_of(workflow: Workflow, name: str) -> int:
    return int(workflow.project.subjects.get(external_id=name).pk)


def test_whoever_reads_a_policy_gets_it_in_their_language_and_region(shop: Workflow) -> None:
    english, german = Client(), Client(headers={"Accept-Language": "fr, de-CH;q=0.8"})
    page = text(english, "policies/policy/")
    assert "Be <em>fair</em>." in page
    assert '<h3>Knives <span class="tag">Restricted display</span></h3>' in page
    assert "EU: Prohibited" in page
    page = text(german, "policies/policy/?region=eu")
    assert "Sei fair." in page
    assert '<h3>Messer <span class="tag">Prohibited</span></h3>' in page
    assert "Sharp ones." in page  # not in German yet
    assert "<h3>Swords</h3>" in page
    assert "Change" not in page
    assert "<h3>Messer" in text(english, "policies/policy/?language=de")
    assert "Policies" in text(english, "")


def test_only_the_team_edits_tries_and_counts(shop: Workflow, client: Client) -> None:
    make_rule(workflow=shop, title="One", condition=["matches", "field", "a"], verdict="ok")
    stranger = User.objects.create_user("stranger")
    expert = User.objects.create_user("expert")
    ProjectMember.objects.create(project=shop.project, user=expert, role="expert")
    for user in (None, stranger, expert):
        if user:
            client.force_login(user)
        for place in (
            "policies/policy/text/", "policies/policy/categories/knives/", "policies/policy/changes/1/",
            "rules/shapes/", "rules/shapes/one/", "triage/shapes/",
        ):  # fmt: skip
            text(client, place, 404)
            text(client, place, 404, {"do": "try", **EDIT})
        assert client.post("/projects/zoo/policies/", {"title": "x", "languages": "en"}).status_code == 404
    assert Rule.objects.get().tried is None


def test_an_edit_is_a_new_version_and_what_rests_on_it_goes_to_a_lane(shop: Workflow, team: Client) -> None:
    mod = Decider.person(User.objects.get(username="mod"))
    for name, verdict, category in (
        ("s0", "restricted", "knives"),
        ("s1", "prohibited", "knives"),
        ("s2", "ok", "swords"),
    ):
        decide(
            workflow=shop, subject_id=subject_of(shop, name), verdict=verdict, category=category, decider=mod
        )
    lane = make_lane(workflow=shop, title="Again")
    assert "This field is required." in text(
        team, "policies/policy/categories/knives/", 400, EDIT | {"title_en": ""}
    )
    page = text(team, "policies/policy/categories/knives/", post=EDIT)
    assert "Version 2 holds from now on." in page
    assert "3 decisions" not in page
    assert "2 decisions that stand cite what was changed. To 1 of them" in page
    assert '<th scope="row">s0</th>' in page
    page = text(team, "policies/policy/categories/knives/", 400, EDIT | {"verdict_0": "ok"})
    assert "Somebody else has saved this since you opened it" in page
    page = text(team, "policies/policy/changes/2/", post={"lane": lane.pk, "which": "differ"})
    assert "1 subject is open again, in the lane Again." in page
    assert '<th scope="row">s0</th>' not in page  # open, so what was decided of it is not told
    state = SubjectState.objects.get(workflow=shop, subject=subject_of(shop, "s0"))
    assert (state.retired_at, state.lane) == (None, lane)
    assert Retirement.objects.filter(retired=False).count() == 1
    assert Decision.objects.count() == 3
    page = text(team, "policies/policy/")
    assert "Bread knife" in page
    assert "What version 2 changed" in page
    assert "Bread knife" not in text(team, "policies/policy/?version=1")
    assert "There is a policy Policy already" in text(
        team, "policies/", 400, {"title": "Policy", "languages": "en"}
    )
    assert "GERMANY is no code" in text(
        team, "policies/", 400, {"do": "region", "title": "x", "slug": "x", "countries": "Germany"}
    )


def test_a_rule_is_made_mended_tried_and_asked_about_before_it_decides(shop: Workflow, team: Client) -> None:
    made = {
        "title": "All of A", "joined": "all", "where_0": "text:field", "how_0": "matches", "value_0": "(A",
        "where_1": "", "how_1": "gte", "value_1": "", "where_2": "", "how_2": "gte", "value_2": "",
        "where_3": "", "how_3": "gte", "value_3": "",
        "verdict": "fraud", "region": "", "category": "swords", "audit": "0",
    }  # fmt: skip
    assert "at letter 1 of “(A”: missing )" in text(team, "rules/shapes/", 400, made)
    page = text(team, "rules/shapes/", post=made | {"value_0": "(A|B)"})
    assert "field matches “(A|B)”" in page
    assert "Try the rule on the past first" in text(team, "rules/shapes/all-of-a/", 400, {"do": "live"})
    for _ in range(3):
        record_classification(submission(shop, subject_of(shop, "s1"), SMOOTH), make_pass())
    page = text(team, "rules/shapes/all-of-a/", post={"do": "try"})
    assert "it finds 4 of 4 subjects" in page
    assert "People have decided 1 of them, 1 otherwise than the rule would." in page
    page = text(team, "rules/shapes/all-of-a/", 400, {"do": "live"})
    assert "The rule matches all 4 subjects that it was tried on. Is that what you mean?" in page
    assert "It decides" in text(team, "rules/shapes/all-of-a/", post={"do": "live", "sure": "yes"})
    assert tend_rules() == 3
    page = text(team, "rules/shapes/all-of-a/")
    assert page.count("<td>yes</td>") == 3
    page = text(team, "rules/shapes/all-of-a/", post={"do": "save", **made, "value_0": "A"})
    assert "It was live and is a draft again" in page


def test_who_decided_how_much_and_how_often_people_said_otherwise(shop: Workflow, team: Client) -> None:
    rule = make_rule(
        workflow=shop, title="Of A", condition=["matches", "field", "A"], verdict="fraud", audit=1.0
    )
    try_rule(rule)
    set_rule_state(rule, "live", sure=True)
    tend_rules()
    mod = User.objects.get(username="mod")
    for _ in range(3):
        record_classification(submission(shop, subject_of(shop, "s0"), SMOOTH), make_pass())
    for name, verdict in (("s0", "ok"), ("s1", "fraud"), ("s2", "ok"), ("s3", "ok")):
        made = decide(
            workflow=shop, subject_id=subject_of(shop, name), verdict=verdict, decider=Decider.person(mod)
        ).decision
        if name == "s3":
            undo([made], by=mod)
    page = text(team, "triage/shapes/")
    assert (
        '<tr><th scope="row">These days</th><td class="number">4</td><td class="number">0</td>'
        '<td class="number">1</td><td class="number">3</td><td class="number">8</td></tr>'
    ) in page
    # of the rule's 4: s0 overturned by volunteers, s1 upheld, s2 overturned, s3's was undone
    assert page.count('67 % <span class="muted">(21–94 %)</span>') == 2
    assert '0 % <span class="muted">(0–79 %)</span>' in page  # volunteers' one was upheld
    policy = publish_policy(shop.project, title="Another", content=CONTENT).policy
    page = text(team, "triage/shapes/", post={"policy": policy.pk, "verdict_smooth": "adult"})
    assert "Saved." in page
    shop.triage.refresh_from_db()
    assert (shop.triage.policy, shop.triage.task, shop.triage.verdicts) == (policy, "T0", {"smooth": "adult"})
    assert "Say which verdict at least one answer is." in text(
        team, "triage/shapes/", 400, {"policy": policy.pk}
    )
