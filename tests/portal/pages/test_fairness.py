"""The team's page of fair use: who may, what it says, what a decision does; twice, by two, or of another project."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from mining.models import Suggestion
from mining.services.suggestions import settle_weights
from projects.models import Block, Look, ProjectMember, Volunteer, Workflow
from projects.services.blocks import appeal, block
from projects.services.weights import standing_weight
from tests.portal.pages.helpers import answer, browser, make_pass, member
from tests.projects.factories import ARTIFACT, make_workflow

pytestmark = pytest.mark.django_db
HERE = "/projects/zoo/fairness/"


@pytest.fixture
def workflow() -> Workflow:
    return make_workflow()


def suggested(workflow: Workflow, rule: str = "same_answer", **more: Any) -> Suggestion:
    """Of a volunteer who has answered s0."""
    held = make_pass()
    answer(workflow, held, "s0", ARTIFACT)
    volunteer = Volunteer.objects.get(public_id=held.public_id)
    subject = workflow.project.subjects.get(external_id="s0").pk
    evidence = {
        "answers": 1234, "such": 1234, "expected": 700.4, "often": 1.0, "examples": [subject], "answer": "artifact",
        "others": 0.331, "of": volunteer.pk, "later": 1200, "median": 0.061, "before": 1.5, "then": 0.25, "from": 101,
    }  # fmt: skip
    values = {"question": "T0", "strength": 14.6, "harm": 1234, "position": 1, "evidence": evidence} | more
    made = Suggestion.objects.create(workflow=workflow, volunteer=volunteer, rule=rule, **values)
    if rule != "impossible":  # which this workflow has not, so it would lapse
        settle_weights(workflow)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return made


def team(workflow: Workflow, name: str = "bob", role: str = "scientist") -> Client:
    user = member(workflow.project, name)
    ProjectMember.objects.filter(user=user).update(role=role)
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("role", "status"),
    [("owner", 200), ("scientist", 200), ("moderator", 200), ("expert", 404), ("tester", 404), (None, 404)],
)
def test_for_owners_scientists_and_moderators_only(workflow: Workflow, role: str | None, status: int) -> None:
    found = suggested(workflow)
    client = team(workflow, role=role) if role else browser()
    assert client.get(HERE).status_code == status
    link = f'href="{HERE}"'
    assert (link in client.get("/projects/zoo/").text) == (status == 200)
    if status == 404:
        place = f"{HERE}suggestions/{found.pk}/"
        assert client.post(place, {"do": "block", "reason": "x"}).status_code == 404
        assert not Block.objects.exists()


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("same_answer", "to “What is it?” are “Star or artifact”. Others say so of the same subjects in 33 %."),
        ("too_fast", "1,234 of 1,234 answers are far too fast; the median one took 6 % of the usual time"),
        ("copies", "on 1,234 of 1,234 common subjects (“What is it?”), where at most about 700 were to be expected"),
        ("out_of_character", "from their number 101 on, 1,234 are not what most others say"),
        ("impossible", "hold what the team says no subject has together; about 700 would be slips"),
    ],
)  # fmt: skip
def test_evidence_in_words_numbers_and_subjects(workflow: Workflow, rule: str, words: str) -> None:
    found = suggested(workflow, rule)
    client = team(workflow)
    page = client.get(HERE).text
    assert words in page
    assert "2,000,000" in page  # e^14.6, cut
    assert "not-logged-in-" in page
    assert str(found.volunteer.public_id) not in page
    assert f"{25 if rule in ('same_answer', 'copies') else 50 if rule != 'impossible' else 100} %" in page
    assert 'src="/media/zoo/s0.png"' in page
    assert "Star or artifact" in page
    assert Look.objects.filter(subject__external_id="s0").count() == 1  # the member has seen an answer


def test_worst_first_and_an_empty_page_says_so(workflow: Workflow) -> None:
    client = team(workflow)
    page = client.get(HERE).text
    assert "Nobody is suggested." in page
    assert "Nobody is blocked." in page
    little, much = suggested(workflow, harm=3), suggested(workflow, "copies", harm=400)
    page = client.get(HERE).text
    assert page.index(f"suggestion-{much.pk}") < page.index(f"suggestion-{little.pk}")
    assert "2 suggestions" in client.get("/projects/zoo/").text


def test_blocked_appealed_lifted(workflow: Workflow) -> None:
    found = suggested(workflow)
    client, other = team(workflow), team(workflow, "ann", "owner")
    place = f"{HERE}suggestions/{found.pk}/"
    assert (
        "Say why: the volunteer will read it."
        in client.post(place, {"do": "block", "reason": " "}, follow=True).text
    )
    assert "Choose whether" in client.post(place, {"do": "", "reason": "x"}, follow=True).text
    assert (
        "Blocked. They read"
        in client.post(place, {"do": "block", "reason": "All of one <b>kind</b>"}, follow=True).text
    )
    for again in (client, other):  # the second click, the other member's tab
        told = again.post(place, {"do": "dismiss", "reason": "Fine"}, follow=True).text
        assert "Somebody of the team has decided this already." in told
    made = Block.objects.get()
    assert standing_weight(workflow.pk, found.volunteer_id) == 1
    appeal(block=made, text="I <i>looked</i> at each.")
    page = other.get(HERE).text
    assert "All of one &lt;b&gt;kind&lt;/b&gt;" in page
    assert "I &lt;i&gt;looked&lt;/i&gt; at each." in page
    assert "Nobody is suggested." in page
    lift = f"{HERE}blocks/{made.pk}/lift/"
    assert "Say why" in other.post(lift, {}, follow=True).text
    assert "Lifted." in other.post(lift, {"reason": "They are right."}, follow=True).text
    assert "lifted already" in client.post(lift, {"reason": "Yes."}, follow=True).text
    page = client.get(HERE).text
    assert "Nobody is blocked." in page
    assert page.index("block lifted: They are right.") < page.index("blocked: All of one")


def test_dismissed_with_a_reason_for_the_team(workflow: Workflow) -> None:
    found = suggested(workflow)
    client = team(workflow)
    assert standing_weight(workflow.pk, found.volunteer_id) == 0.25
    told = client.post(
        f"{HERE}suggestions/{found.pk}/", {"do": "dismiss", "reason": "Ours."}, follow=True
    ).text
    assert "Dismissed. It comes back only if" in told
    assert "dismissed: always the same answer: Ours." in told
    assert "(bob)" in told
    assert standing_weight(workflow.pk, found.volunteer_id) == 1


def test_another_projects_volunteers_are_none_of_ours(workflow: Workflow) -> None:
    foreign = suggested(make_workflow(slug="other"))
    client = team(workflow)
    place = f"{HERE}suggestions/{foreign.pk}/"
    assert client.post(place, {"do": "block", "reason": "x"}).status_code == 404
    user = member(foreign.workflow.project, "eve")
    made = block(project=foreign.workflow.project, volunteer=foreign.volunteer, by=user, reason="x")
    assert client.post(f"{HERE}blocks/{made.pk}/lift/", {"reason": "x"}).status_code == 404
    made.refresh_from_db()
    assert made.lifted_at is None
