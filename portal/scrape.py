"""GET /metrics: what Prometheus reads. To this machine only, or to whoever shows METRICS_TOKEN."""

import hmac
import json
import os
from collections.abc import Iterable

import redis
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from portal import alive, numbers

QUEUES = ("fast", "heavy")
LOOPBACK = ("127.0.0.1", "::1")


class DatabaseCollector:
    """Read at each scrape; a part whose source is away is left out (the request itself must not fail)."""

    def collect(self) -> Iterable[Metric]:
        try:
            now = numbers.read()
        except DatabaseError:
            return
        yield CounterMetricFamily("voorwerp_answers", "Answers that count, since the beginning.", now.answers)
        yield GaugeMetricFamily(
            "voorwerp_mining_lag", "Entries of the record not weighed yet.", now.mining_lag
        )
        yield GaugeMetricFamily(
            "voorwerp_oldest_unweighed_seconds",
            "Age of the oldest answer not weighed yet.",
            now.oldest_unweighed,
        )


class QueueCollector:
    """The same, of Redis."""

    def collect(self) -> Iterable[Metric]:
        try:
            lengths = [(queue, alive.client().llen(queue)) for queue in QUEUES]
        except redis.RedisError:
            return
        waiting = GaugeMetricFamily("voorwerp_queue_length", "Jobs that wait, by queue.", labels=["queue"])
        for queue, length in lengths:
            waiting.add_metric([queue], length)
        yield waiting


class SupervisorCollector:
    """Where one machine's supervisor tends this data folder (`make demo`); elsewhere nothing."""

    def collect(self) -> Iterable[Metric]:
        try:
            told = json.loads((settings.VAR_DIR / "supervisor.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        died = CounterMetricFamily(
            "voorwerp_process_deaths",
            "How often a process died and was started again, since the start of the supervisor.",
            labels=["process"],
        )
        for name, deaths in told.get("deaths", {}).items():
            died.add_metric([name], deaths)
        yield died


def allowed(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(shown.encode(), settings.METRICS_TOKEN.encode())
    # Behind a proxy every request comes from this machine, so there it takes a token.
    return not settings.BEHIND_PROXY and request.META.get("REMOTE_ADDR") in LOOPBACK


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not allowed(request):
        return HttpResponseForbidden(
            "Set METRICS_TOKEN and show it: Authorization: Bearer TOKEN.\n", "text/plain"
        )
    read_now = CollectorRegistry()
    for collector in (DatabaseCollector(), QueueCollector(), SupervisorCollector()):
        read_now.register(collector)
    requests = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        requests = CollectorRegistry()
        MultiProcessCollector(requests)
    return HttpResponse(generate_latest(requests) + generate_latest(read_now), CONTENT_TYPE_LATEST)
