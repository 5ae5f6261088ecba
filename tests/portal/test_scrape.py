"""GET /metrics: what it counts, and who may read it."""

import time

import pytest
import redis
from django.conf import LazySettings
from django.db import OperationalError
from django.test import Client

from portal import metrics, numbers
from portal.live.publish import Publisher

pytestmark = pytest.mark.django_db


def value(text: str, name: str) -> float:
    """Of the line that begins with `name` (a metric's name with its labels)."""
    (line,) = [line for line in text.splitlines() if line.startswith(name + " ")]
    return float(line.rsplit(" ", 1)[1])


def test_requests_are_counted_by_route_not_by_address(client: Client, redis_client: redis.Redis) -> None:
    name = 'voorwerp_request_seconds_count{method="GET",route="api/v1/workflows/<int:workflow_id>"}'
    metrics.observe_request("api/v1/workflows/<int:workflow_id>", "GET", 200, 0.001)
    before = value(client.get("/metrics").content.decode(), name)
    client.get("/api/v1/workflows/123456")
    client.get("/api/v1/workflows/654321")
    text = client.get("/metrics").content.decode()
    assert value(text, name) == before + 2
    assert "123456" not in text


def test_errors_are_counted(client: Client, redis_client: redis.Redis) -> None:
    metrics.observe_request("some/route", "GET", 499, 0.1)
    assert 'voorwerp_errors_total{route="some/route"}' not in client.get("/metrics").content.decode()
    metrics.observe_request("some/route", "GET", 500, 0.1)
    assert value(client.get("/metrics").content.decode(), 'voorwerp_errors_total{route="some/route"}') == 1


def test_invented_methods_share_one_label(client: Client, redis_client: redis.Redis) -> None:
    metrics.observe_request("some/route", "BREW", 200, 0.1)
    text = client.get("/metrics").content.decode()
    assert "BREW" not in text
    assert value(text, 'voorwerp_request_seconds_count{method="other",route="some/route"}') == 1


def test_hints_that_failed_are_counted(client: Client, redis_client: redis.Redis) -> None:
    async def fail(project_id: int) -> None:
        raise ConnectionError("Redis is away")

    before = value(client.get("/metrics").content.decode(), "voorwerp_live_hints_failed_total")
    publisher = Publisher(send=fail, rest=0)
    publisher.project_changed(1)
    end = time.monotonic() + 3
    while publisher.failures == 0 and time.monotonic() < end:
        time.sleep(0.01)
    publisher.stop()
    assert value(client.get("/metrics").content.decode(), "voorwerp_live_hints_failed_total") == before + 1


def test_database_and_queues(client: Client, redis_client: redis.Redis) -> None:
    redis_client.rpush("heavy", "a job", "another")
    text = client.get("/metrics").content.decode()
    assert value(text, "voorwerp_answers_total") == 0
    assert value(text, "voorwerp_mining_lag") == 0
    assert value(text, "voorwerp_oldest_unweighed_seconds") == 0
    assert value(text, 'voorwerp_queue_length{queue="heavy"}') == 2
    assert value(text, 'voorwerp_queue_length{queue="fast"}') == 0


def test_only_this_machine_or_the_token(
    client: Client, settings: LazySettings, redis_client: redis.Redis
) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="198.51.100.7").status_code == 403
    settings.BEHIND_PROXY = True  # every request comes from the proxy, which is this machine
    assert client.get("/metrics").status_code == 403
    settings.METRICS_TOKEN = "s3cret"
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    shown = client.get("/metrics", headers={"Authorization": "Bearer s3cret"}, REMOTE_ADDR="198.51.100.7")
    assert shown.status_code == 200


def test_database_away_leaves_out_its_own_numbers_only(
    client: Client, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away:
        def cursor(self) -> None:
            raise OperationalError("connection refused")

    monkeypatch.setattr(numbers, "connection", Away())
    answer = client.get("/metrics")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "voorwerp_answers_total" not in text
    assert "voorwerp_queue_length" in text
    assert "voorwerp_request_seconds" in text
