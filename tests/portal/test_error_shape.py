"""One shape of an error under /api/, whatever went wrong and wherever it was found."""

import json
from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.http.request import RequestDataTooBig
from django.test import Client, override_settings
from django.urls import include, path
from rest_framework import exceptions as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal import errors
from projects import exceptions as domain


def as_django_raises(cause: psycopg.OperationalError) -> OperationalError:
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


class Failing(APIView):
    """Raises what the address names."""

    authentication_classes = []
    throttle_classes = []
    kinds: dict[str, Exception] = {
        "domain": domain.AlreadyAnswered(),
        "domain-fields": domain.Invalid("Bad.", fields={"annotations": "T9 is unknown"}),
        "http404": Http404("secret detail"),
        "denied": PermissionDenied("secret detail"),
        "drf-invalid": drf.ValidationError({"n": ["Too big."]}),
        "django-invalid": ValidationError("No."),
        "throttled": drf.Throttled(wait=7.2),
        "not-signed-in": drf.NotAuthenticated(),
        "too-big": RequestDataTooBig("secret detail"),
        "unexpected": ZeroDivisionError("secret detail"),
        "database-away": as_django_raises(psycopg.OperationalError("secret detail")),
    }

    def get(self, request: Request, kind: str) -> Response:
        raise self.kinds[kind]

    def post(self, request: Request, kind: str) -> Response:
        return Response(request.data)


def plain(request: Any, kind: str) -> HttpResponse:
    raise Failing.kinds[kind]


urlpatterns = [
    path("api/fail/<str:kind>", Failing.as_view()),
    path("api/plain/<str:kind>", plain),
    path("page/<str:kind>", plain),
    path("", include("portal.urls")),
]
handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def error_of(answer: Any) -> dict[str, Any]:
    """The error, after checking the shape itself."""
    body = json.loads(answer.content)
    assert set(body) == {"error"}
    assert set(body["error"]) - {"fields"} == {"code", "message", "request_id"}
    assert body["error"]["request_id"] == answer.headers["X-Request-ID"]
    assert len(body["error"]["request_id"]) == 32
    assert body["error"]["message"].endswith(".")
    assert "secret detail" not in answer.content.decode()
    return body["error"]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/fail/domain", 409, "already_answered"),
        ("/api/fail/domain-fields", 400, "invalid"),
        ("/api/fail/http404", 404, "not_found"),
        ("/api/fail/denied", 403, "forbidden"),
        ("/api/fail/drf-invalid", 400, "invalid"),
        ("/api/fail/django-invalid", 400, "invalid"),
        ("/api/fail/throttled", 429, "too_many_requests"),
        ("/api/fail/not-signed-in", 403, "forbidden"),
        ("/api/fail/too-big", 413, "too_large"),
        ("/api/fail/unexpected", 500, "error"),
        ("/api/fail/database-away", 503, "unavailable"),
        ("/api/plain/http404", 404, "not_found"),
        ("/api/plain/denied", 403, "forbidden"),
        ("/api/plain/too-big", 413, "too_large"),
        ("/api/plain/unexpected", 500, "error"),
        ("/api/plain/database-away", 503, "unavailable"),
        ("/api/v1/no-such-call", 404, "not_found"),
    ],
)
def test_every_failure_has_the_shape(client: Client, address: str, status: int, code: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert error_of(answer)["code"] == code


def test_fields_name_what_is_wrong(client: Client) -> None:
    assert error_of(client.get("/api/fail/domain-fields"))["fields"] == {"annotations": "T9 is unknown"}
    assert error_of(client.get("/api/fail/drf-invalid"))["fields"] == {"n": ["Too big."]}
    assert error_of(client.get("/api/fail/django-invalid"))["fields"] == {"": ["No."]}
    assert "fields" not in error_of(client.get("/api/fail/domain"))


def test_throttled_says_when_to_come_back(client: Client) -> None:
    assert client.get("/api/fail/throttled").headers["Retry-After"] == "8"


@pytest.mark.parametrize("address", ["/api/fail/database-away", "/page/database-away"])
def test_an_absent_database_says_when_to_come_back(client: Client, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert b"secret detail" not in answer.content


def test_a_page_without_a_database_is_a_page(client: Client) -> None:
    page = client.get("/page/database-away").content.decode()
    assert "The site is not ready to answer" in page
    assert "Something broke on our side" in client.get("/page/unexpected").content.decode()


def test_wrong_method_names_those_that_work(client: Client) -> None:
    answer = client.delete("/api/fail/domain")
    assert answer.status_code == 405
    assert error_of(answer)["code"] == "method_not_allowed"
    assert answer.headers["Allow"] == "GET, POST, HEAD, OPTIONS"


def test_body_that_is_not_json_is_said(client: Client) -> None:
    answer = client.post("/api/fail/domain", "{not json", content_type="application/json")
    assert answer.status_code == 400
    error = error_of(answer)
    assert error["code"] == "invalid"
    assert error["message"].startswith("The body is not JSON")


def test_other_media_types_are_refused(client: Client) -> None:
    form = client.post("/api/fail/domain", {"a": "b"})
    assert (form.status_code, error_of(form)["code"]) == (415, "unsupported_media_type")
    html = client.get("/api/fail/domain", headers={"Accept": "text/html"})
    assert (html.status_code, error_of(html)["code"]) == (406, "not_acceptable")


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100)
def test_body_over_the_limit(client: Client) -> None:
    answer = client.post("/api/fail/domain", json.dumps({"a": "b" * 200}), content_type="application/json")
    assert (answer.status_code, error_of(answer)["code"]) == (413, "too_large")


def test_missing_csrf_token() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/api/v1/consent", json.dumps({"version": "x"}), content_type="application/json")
    assert answer.status_code == 403
    assert error_of(answer)["code"] == "csrf"


def test_pages_keep_their_own_error_pages(client: Client) -> None:
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def test_given_request_id_is_kept_when_it_is_harmless(client: Client) -> None:
    kept = client.get("/api/v1/nothing", headers={"X-Request-ID": "proxy-1234.abc_DEF"})
    assert kept.headers["X-Request-ID"] == "proxy-1234.abc_DEF"
    for bad in ("short", "x" * 65, "a b c d e f g", 'quote"quote"quote'):
        assert client.get("/api/v1/nothing", headers={"X-Request-ID": bad}).headers["X-Request-ID"] != bad


def test_every_domain_error_has_a_code_of_its_own() -> None:
    found = [domain.VoorwerpError, *domain.VoorwerpError.__subclasses__()]
    codes = [error.code for error in found]
    assert len(codes) == len(set(codes))
