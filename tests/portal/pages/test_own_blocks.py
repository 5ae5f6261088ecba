"""Who is blocked is told so, with the reason, and may write to the team; nobody else is or may."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from projects.models import Block
from projects.services import record_classification
from projects.services.blocks import block, lift
from projects.services.volunteers import COOKIE, Pass, make_volunteer
from tests.projects.factories import make_pass, make_workflow, submission

pytestmark = pytest.mark.django_db


def browser(held: Pass) -> Client:
    client = Client()
    client.cookies[COOKIE] = held.signed()
    return client


@pytest.fixture
def held() -> Pass:
    return make_pass()


@pytest.fixture
def standing(held: Pass) -> Block:
    workflow = make_workflow(2)
    record_classification(submission(workflow, workflow.project.subjects.order_by("pk")[0].pk), held)
    team = get_user_model().objects.create_user("team")
    reason = "All of <b>one</b> answer within two seconds each."
    return block(project=workflow.project, volunteer=make_volunteer(held), by=team, reason=reason)


def test_told_with_the_reason_and_heard(held: Pass, standing: Block):
    client = browser(held)
    page = client.get("/me/").text
    assert "Zoo takes no answers of yours into account" in page
    assert "All of &lt;b&gt;one&lt;/b&gt; answer within two seconds each." in page
    answer = client.post(
        f"/me/blocks/{standing.pk}/appeal/", {"text": " I was testing my keyboard. "}, follow=True
    )
    assert "Your words are with the team now." in answer.text
    standing.refresh_from_db()
    assert (standing.appeal, standing.appealed_at is not None) == ("I was testing my keyboard.", True)
    empty = client.post(f"/me/blocks/{standing.pk}/appeal/", {"text": " "}, follow=True)
    assert "Write why the block should be lifted." in empty.text


def test_lifted_it_is_told_no_more(held: Pass, standing: Block):
    lift(block=standing, by=get_user_model().objects.get(username="team"), reason="A mistake of ours.")
    assert "takes no answers of yours" not in browser(held).get("/me/").text
    answer = browser(held).post(f"/me/blocks/{standing.pk}/appeal/", {"text": "Why?"}, follow=True)
    assert "This block is lifted already." in answer.text


def test_nobody_else_is_told_or_heard(standing: Block):
    client = browser(make_pass())
    assert "takes no answers of yours" not in client.get("/me/").text
    assert client.post(f"/me/blocks/{standing.pk}/appeal/", {"text": "Let them go"}).status_code == 404
    standing.refresh_from_db()
    assert standing.appeal == ""
