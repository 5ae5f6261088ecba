"""Rate limits: counted in Redis, off when Redis is away."""

import json
from typing import Any

import pytest
import redis
from django.conf import LazySettings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from rest_framework.response import Response
from rest_framework.views import APIView

from portal import alive, limits
from portal.limits import Throttle, address, limited, wait
from projects.services.tokens import make_token
from tests.projects.factories import make_workflow

NOW = 1_000_000_020.0  # in the first third of a minute's window: 1_000_000_020 % 60 == 0


@pytest.fixture(autouse=True)
def _limits_on(settings: LazySettings, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RATE_LIMITS_ON = True
    settings.RATE_LIMITS = {"api": 3, "record": 2}
    monkeypatch.setattr(limits, "_asleep_until", 0.0)


def test_calls_over_the_limit_wait_for_the_next_window() -> None:
    assert [wait("record", "ada", NOW + 15) for _ in range(3)] == [0, 0, 46]
    assert wait("record", "ada", NOW + 60) == 0


def test_each_caller_and_each_kind_has_its_own_count() -> None:
    for _ in range(3):
        wait("record", "ada", NOW)
    assert wait("record", "grace", NOW) == 0
    assert wait("api", "ada", NOW) == 0


def test_counts_do_not_stay_in_redis_for_ever(redis_client: redis.Redis) -> None:
    wait("record", "ada", NOW)
    (key,) = redis_client.keys("voorwerp:limit:*")
    assert 0 < redis_client.ttl(key) <= 120


def test_everybody_passes_while_redis_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        calls = 0

        def incr(self, key: str) -> int:
            self.calls += 1
            raise redis.ConnectionError("away")

    away = Away()
    monkeypatch.setattr(alive, "client", lambda: away)
    assert [wait("record", "ada", NOW) for _ in range(9)] == [0] * 9
    assert away.calls == 1  # it is not asked again for some seconds
    wait("record", "ada", NOW + limits.REST)
    assert away.calls == 2


def test_view_over_the_limit_answers_in_the_one_shape() -> None:
    @limited("record")
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("fine")

    answers = [view(RequestFactory().get("/")) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 61
    assert json.loads(answers[2].content)["error"]["code"] == "too_many_requests"


def test_api_view_over_the_limit() -> None:
    class View(APIView):
        authentication_classes = []
        throttle_classes = [Throttle]
        limit = "record"

        def get(self, request: Any) -> Response:
            return Response({})

    answers = [View.as_view()(RequestFactory().get("/")) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].data["error"]["code"] == "too_many_requests"
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 62


def test_forwarded_address_counts_only_behind_a_proxy(settings: LazySettings) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "6.6.6.6, 198.51.100.7"})
    assert address(request) == "127.0.0.1"
    settings.BEHIND_PROXY = True
    assert address(request) == "198.51.100.7"


@pytest.mark.django_db
def test_a_program_that_classifies_is_counted_by_its_account(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RATE_LIMITS = {"next": 2}
    monkeypatch.setattr(limits, "WINDOW", 10**10)  # so that no minute ends between two calls
    ann = get_user_model().objects.create_user("ann")
    secret = make_token(user=ann, name="robot", scopes=["classify"])[1]
    place = f"/api/v1/workflows/{make_workflow(1).pk}/next?n=0"
    told = [
        Client(REMOTE_ADDR=f"203.0.113.{n}").get(place, headers={"Authorization": f"Bearer {secret}"})
        for n in range(3)
    ]
    assert [each.status_code for each in told] == [200, 200, 429]
    assert Client(REMOTE_ADDR="203.0.113.0").get(place).status_code == 200
