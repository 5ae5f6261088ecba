"""Operator checks: each seen red and green."""

import pytest
import redis
from django.conf import LazySettings

from portal import alive
from portal.checks import check_security, check_services


@pytest.fixture
def https(settings: LazySettings) -> LazySettings:
    """A site that is set up well."""
    settings.HTTPS = True
    settings.SECRET_KEY = "long and random"
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["sky.example"]
    settings.BEHIND_PROXY = True
    return settings


def ids() -> list[str | None]:
    return [found.id for found in check_security(None)]


def test_good_site_has_nothing_to_say(https: LazySettings) -> None:
    assert ids() == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SECRET_KEY", "development-only-not-secret", "portal.E001"),
        ("DEBUG", True, "portal.E002"),
        ("ALLOWED_HOSTS", ["*"], "portal.W001"),
        ("BEHIND_PROXY", False, "portal.W002"),
    ],
)
def test_each_mistake_has_its_id_and_hint(
    https: LazySettings, name: str, value: object, expected: str
) -> None:
    setattr(https, name, value)
    (found,) = check_security(None)
    assert found.id == expected
    assert found.hint


def test_demo_over_http_is_left_alone(https: LazySettings) -> None:
    https.HTTPS = False
    https.SECRET_KEY = https.NO_SECRET
    assert ids() == []


def test_redis_away(monkeypatch: pytest.MonkeyPatch, redis_client: redis.Redis) -> None:
    assert check_services(None) == []
    monkeypatch.setattr(
        alive, "client", lambda: redis.Redis(unix_socket_path="/tmp/no-redis-here.sock", retry=None)
    )
    (found,) = check_services(None)
    assert found.id == "portal.E003"
