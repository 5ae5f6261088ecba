"""The line of log of each request, and the headers of every answer."""

import json
import logging

import pytest
from django.test import Client

from portal.headers import policy
from portal.logs import JsonFormatter

pytestmark = pytest.mark.django_db


def test_request_is_logged_by_route_with_its_id(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="portal.requests"):
        answer = client.get("/api/v1/workflows/123456?token=secret")
    (record,) = [record for record in caplog.records if record.name == "portal.requests"]
    record.request_id = answer.headers["X-Request-ID"]
    line = json.loads(JsonFormatter().format(record))
    assert line["route"] == "api/v1/workflows/<int:workflow_id>"
    assert (line["method"], line["status"], line["level"]) == ("GET", 404, "INFO")
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert 0 < line["ms"] < 10_000
    assert "secret" not in json.dumps(line)
    assert "123456" not in json.dumps(line)


def test_healthz_and_static_files_are_not_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="portal.requests"):
        client.get("/healthz")
        client.get("/static/nothing.css")
    assert [record.name for record in caplog.records if record.name == "portal.requests"] == []


def test_exception_is_one_line_of_json() -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError as error:
        record = logging.makeLogRecord(
            {"msg": "It %s.", "args": ("broke",), "exc_info": (type(error), error, None)}
        )
    text = JsonFormatter().format(record)
    assert "\n" not in text
    line = json.loads(text)
    assert line["message"] == "It broke."
    assert line["exception"].endswith("ValueError: first\nsecond")


@pytest.mark.parametrize(
    "address", ["/", "/accounts/login/", "/admin/login/", "/nothing/", "/api/v1/projects"]
)
def test_every_answer_carries_the_security_headers(client: Client, address: str) -> None:
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"] == policy()
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_policy_allows_nothing_inline() -> None:
    assert "unsafe" not in policy()
    assert policy().startswith("default-src 'self';")
    assert "frame-ancestors 'none'" in policy()
