"""The pages that are only words: privacy and errors; and what every page's head must hold."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.views import defaults

from projects.services.volunteers import CONSENT_VERSION
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db


def test_privacy_names_its_version_and_the_cookies(client: Client) -> None:
    page = client.get("/privacy/").content.decode()
    assert f"Version {CONSENT_VERSION} of this text." in page
    for cookie in ("voorwerp_volunteer", "csrftoken", "sessionid"):
        assert f"<code>{cookie}</code>" in page


def test_not_found_helps(client: Client) -> None:
    response = client.get("/nothing/")
    assert response.status_code == 404
    assert "Nothing at these coordinates" in response.content.decode()


def test_sign_in_leads_to_a_new_password_once(client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert page.count('href="/accounts/password/reset/"') == 1


def test_csrf_failure_helps() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/")
    assert response.status_code == 403
    assert "Please send that once more" in response.content.decode()


def test_server_error_needs_nothing(rf: RequestFactory, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        response = defaults.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()


def test_admin_names_its_icon(client: Client, admin_user: User) -> None:
    """Without it browsers ask for /favicon.ico, which is not there."""
    icon = '<link rel="icon" href="/static/icons/favicon.svg" type="image/svg+xml">'
    assert icon in client.get("/admin/login/").content.decode()
    client.force_login(admin_user)
    for address in ("/admin/", "/admin/projects/project/add/", "/admin/projects/volunteer/"):
        assert icon in client.get(address).content.decode()


@pytest.mark.parametrize(
    "address",
    ["/", "/projects/zoo/", "/projects/zoo/data/", "/projects/zoo/results/shapes/", "/me/", "/privacy/",
     "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nothing/"],
)  # fmt: skip
def test_pages_keep_the_content_policy(client: Client, address: str) -> None:
    """No inline script or style, which the policy would block; JSON data in a script element is no script."""
    make_workflow(1)
    page = client.get(address).content.decode()
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    assert 'lang="en"' in page
    assert page.count("<h1") == 1
    assert page.count("<title>") == 1
