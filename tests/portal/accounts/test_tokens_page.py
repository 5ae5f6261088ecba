"""The page of one's own tokens: shown once, in nobody else's hands."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from projects.models import Token
from projects.services.tokens import find_token
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db
FORM = {"name": "nightly", "scopes": ["read", "write"], "project": "", "days": "90"}


@pytest.fixture
def ann() -> Client:
    client = Client()
    client.force_login(User.objects.create_user("ann"))
    return client


def test_a_secret_is_shown_once(ann: Client) -> None:
    made = ann.post("/me/tokens/", FORM)
    (secret,) = re.findall(r"vw_[\w-]{43}", made.content.decode())
    assert find_token(secret).scopes == ["read", "write"]
    assert "no-store" in made.headers["Cache-Control"]
    again = ann.get("/me/tokens/").content.decode()
    assert secret not in again
    assert f"<code>{secret[:10]}…</code>" in again
    twice = ann.post("/me/tokens/", FORM)  # the page loaded again
    assert (twice.status_code, Token.objects.count()) == (400, 1)
    assert "You have a token nightly already" in twice.content.decode()


def test_only_its_owner_revokes_it(ann: Client) -> None:
    ann.post("/me/tokens/", FORM)
    token = Token.objects.get()
    bob = Client()
    bob.force_login(User.objects.create_user("bob"))
    bob.post("/me/tokens/", {"revoke": token.pk})
    token.refresh_from_db()
    assert token.revoked_at is None
    assert "revoked on" in ann.post("/me/tokens/", {"revoke": token.pk}, follow=True).content.decode()
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert Client().get("/me/tokens/").status_code == 302


def test_a_token_for_a_project_of_others_is_refused(ann: Client) -> None:
    project = make_workflow().project
    answer = ann.post("/me/tokens/", FORM | {"project": project.pk})
    assert (answer.status_code, Token.objects.count()) == (400, 0)
