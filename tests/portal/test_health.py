"""GET /healthz: green when all is up; red, with the reason, when one part is down."""

import time
from typing import Any

import pytest
import redis
from django.db import OperationalError
from django.test import Client

from portal import alive, health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _voices(redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """Worker and beat have just spoken; nothing is remembered of migrations."""
    alive.say("worker", time.time())
    alive.say("beat", time.time())
    monkeypatch.setattr(health, "_migrations_applied", False)


def ask(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/healthz")
    return answer.status_code, answer.json()


def test_all_up(client: Client) -> None:
    status, body = ask(client)
    assert status == 200
    assert (body["status"], body["reason"], body["version"], body["mining_lag"]) == ("up", None, "0.1.0", 0)
    parts = ("database", "redis", "worker", "beat", "migrations")
    assert [body[part]["up"] for part in parts] == [True] * 5


@pytest.mark.parametrize("who", ["worker", "beat"])
def test_silent_process_is_down(client: Client, who: str) -> None:
    alive.say(who, time.time() - 100)
    status, body = ask(client)
    assert status == 503
    assert body["reason"] == f"{who}: last heard of 100 s ago"
    assert body["redis"]["up"]


def test_process_that_never_spoke_is_down(client: Client, redis_client: redis.Redis) -> None:
    redis_client.delete("voorwerp:alive:beat")
    status, body = ask(client)
    assert status == 503
    assert body["reason"] == "beat: no beat has spoken for an hour: is it running?"


def test_redis_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = redis.Redis(unix_socket_path="/tmp/voorwerp-nobody-listens-here.sock", retry=None)
    monkeypatch.setattr(alive, "client", lambda: nobody)
    status, body = ask(client)
    assert status == 503
    assert body["redis"]["up"] is False
    assert body["reason"].startswith("redis: Redis does not answer: ")
    assert body["worker"]["detail"] == "not known, since Redis does not answer"
    assert body["database"]["up"] is True


def test_database_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def cursor(self) -> None:
            raise OperationalError("connection refused")

    monkeypatch.setattr(health, "connection", Away())
    monkeypatch.setattr(health, "MigrationExecutor", lambda connection: connection.cursor())
    monkeypatch.setattr(health.numbers, "connection", Away())
    status, body = ask(client)
    assert status == 503
    assert body["reason"].startswith(
        "database: PostgreSQL does not answer: connection refused; migrations: not known"
    )
    assert body["mining_lag"] is None


def test_unapplied_migration(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: [("later", False)])
    status, body = ask(client)
    assert status == 503
    assert body["reason"] == "migrations: 1 not applied: run `python manage.py migrate`"
