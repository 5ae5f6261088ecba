"""Tokens: what they open and what not, and that none does more than its person or its scope."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from projects.exceptions import BadToken, Invalid
from projects.models import Classification, ProjectMember, Subject, Token, Volunteer, Workflow
from projects.services.erase import erase
from projects.services.tokens import (
    check_app_password,
    find_token,
    make_token,
    revoke_token,
    usable_token,
)
from projects.services.volunteers import CONSENT_VERSION, COOKIE
from tests.projects.api.caller import refusal
from tests.projects.factories import SMOOTH, make_workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def zoo() -> Workflow:
    """Private: only its team sees it."""
    return make_workflow(is_public=False)


@pytest.fixture
def ann(zoo: Workflow) -> User:
    user = User.objects.create_user("ann", password="a long enough one")
    ProjectMember.objects.create(project=zoo.project, user=user, role="scientist")
    return user


class Program:
    """A program that holds a token, and nothing else: no cookie, no CSRF token."""

    def __init__(self, secret: str) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.headers = {"Authorization": f"Bearer {secret}"}

    def get(self, address: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{address}", query, headers=self.headers)

    def post(self, address: str, body: Any) -> Any:
        return self.client.post(
            f"/api/v1/{address}", body, content_type="application/json", headers=self.headers
        )


def program(user: User, *scopes: str, **more: Any) -> Program:
    return Program(make_token(user=user, name=f"for {scopes} {more}", scopes=scopes, **more)[1])


def slugs(answer: Any) -> list[str]:
    return [project["slug"] for project in answer.json()["projects"]]


def test_only_the_hash_is_kept(ann: User) -> None:
    token, secret = make_token(user=ann, name="nightly", scopes=["read"], days=30)
    assert re.fullmatch(r"vw_[\w-]{43}", secret)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM projects_token t")
        (row,) = cursor.fetchone()
    assert secret[: len(token.prefix)] == token.prefix
    assert secret[len(token.prefix) :] not in row
    assert (token.expires_at - timezone.now()).days in (29, 30)
    assert find_token(secret) == token
    assert Token.objects.get().last_used_at is not None


def test_a_token_opens_what_its_person_may_see_without_a_session(zoo: Workflow, ann: User) -> None:
    bob = User.objects.create_user("bob")
    own, other = program(ann, "read"), program(bob, "read")
    assert slugs(own.get("projects")) == ["zoo"]
    assert slugs(other.get("projects")) == []
    assert own.get(f"workflows/{zoo.pk}").json()["title"] == "Shapes"
    assert refusal(other.get(f"workflows/{zoo.pk}"))[:2] == (404, "not_found")
    assert own.client.cookies == {}
    assert own.client.get("/me/tokens/", headers=own.headers).status_code == 302  # pages know no tokens


def test_what_is_ended_opens_nothing(zoo: Workflow, ann: User) -> None:
    """Revoked, expired, of an inactive account, of a deleted one, and made up: all are told the same."""
    token, secret = make_token(user=ann, name="a", scopes=["read"], days=1)
    opens = Program(secret)
    assert opens.get("projects").status_code == 200
    told = [opens.client.get("/api/v1/projects", headers={"Authorization": "Bearer vw_x"})]
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    told.append(opens.get("projects"))
    Token.objects.update(expires_at=None)
    User.objects.update(is_active=False)
    told.append(opens.get("projects"))
    User.objects.update(is_active=True)
    assert usable_token(token.pk) == token
    assert revoke_token(ann, token.pk) == token
    assert revoke_token(ann, token.pk) is None
    told.append(opens.get("projects"))
    second = program(ann, "read")
    ProjectMember.objects.update(role="tester")
    erase(None, ann.pk)
    told.append(second.get("projects"))
    assert {refusal(each)[:2] for each in told} == {(401, "bad_token")}
    assert {each.headers["WWW-Authenticate"] for each in told} == {"Bearer"}
    assert len({refusal(each)[2] for each in told}) == 1
    assert usable_token(token.pk) is None


def test_a_token_does_no_more_than_its_scope(zoo: Workflow, ann: User) -> None:
    reads, classifies = program(ann, "read"), program(ann, "classify")
    known = {"subject": Subject.objects.first().pk, "annotations": SMOOTH, "use": "check"}  # type: ignore[union-attr]
    assert refusal(reads.post(f"workflows/{zoo.pk}/known", known))[:2] == (403, "scope")
    assert refusal(reads.get(f"workflows/{zoo.pk}/next"))[:2] == (403, "scope")
    for address in ("projects", f"workflows/{zoo.pk}", "projects/zoo/workflows/shapes/catalogue.csv"):
        assert refusal(classifies.get(address))[:2] == (403, "scope")
    writes = program(ann, "write")
    assert slugs(writes.get("projects")) == ["zoo"]  # who may write may read
    assert writes.post(f"workflows/{zoo.pk}/known", known).status_code == 201
    app = program(ann, "app_password")
    assert {refusal(app.get(each))[1] for each in ("projects", f"workflows/{zoo.pk}/next")} == {"scope"}


def test_a_token_of_another_project_is_refused(zoo: Workflow, ann: User) -> None:
    ground = make_workflow(slug="ground", data_public=True)
    ProjectMember.objects.create(project=ground.project, user=ann, role="owner")
    bound = program(ann, "read", project=zoo.project)
    assert slugs(bound.get("projects")) == ["zoo"]
    file = "projects/{}/workflows/shapes/catalogue.csv"
    assert bound.get(file.format("zoo")).status_code == 200
    assert refusal(bound.get(file.format("ground")))[:2] == (403, "other_project")
    assert bound.get(f"workflows/{ground.pk}").status_code == 404
    writes = program(ann, "write", project=zoo.project)
    assert writes.get(f"workflows/{zoo.pk}/trial").status_code == 200
    assert writes.get(f"workflows/{ground.pk}/trial").status_code == 404
    User.objects.update(is_staff=True)
    assert slugs(bound.get("projects")) == ["zoo"]


def test_a_program_classifies_as_its_person_and_gets_no_cookie(zoo: Workflow, ann: User) -> None:
    caller = program(ann, "classify")
    address = f"workflows/{zoo.pk}/next"
    (subject,) = caller.get(address).json()["subjects"]
    answer = {
        "id": "11111111-2222-4333-8444-555555555555",
        "workflow_version": zoo.published_id,
        "subject": subject["id"],
        "annotations": SMOOTH,
    }
    assert refusal(caller.post("classifications", answer))[:2] == (403, "consent_required")
    assert caller.post("consent", {"version": CONSENT_VERSION}).status_code == 204
    assert caller.post("classifications", answer).status_code == 201
    assert Classification.objects.get().volunteer == Volunteer.objects.get(account=ann)
    assert COOKIE not in caller.client.cookies


def test_the_app_password_of_an_account(ann: User) -> None:
    token, secret = make_token(user=ann, name="app", scopes=["app_password"])
    _token, plain = make_token(user=ann, name="api", scopes=["read", "write"])
    assert check_app_password("ann", secret) == token
    for name, word in (("bob", secret), ("ann", plain), ("ann", "a long enough one"), ("ann", "\ud800")):
        assert check_app_password(name, word) is None


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": " "}, "Give the token a name"),
        ({"name": "taken"}, "You have a token taken already"),
        ({"scopes": []}, "Choose what the token may do"),
        ({"scopes": ["read", "everything"]}, "Choose what the token may do"),
        ({"scopes": ["app_password", "read"]}, "An app password stands alone"),
        ({"days": 0}, "A token lasts from 1"),
    ],
)
def test_what_makes_no_token(ann: User, fields: dict[str, Any], says: str) -> None:
    make_token(user=ann, name="taken", scopes=["read"])
    with pytest.raises(Invalid, match=says):
        make_token(**{"user": ann, "name": "new", "scopes": ["read"]} | fields)
    with pytest.raises(BadToken):
        find_token("")
    assert Token.objects.count() == 1
