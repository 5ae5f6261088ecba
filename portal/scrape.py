"""GET /metrics: what Prometheus reads. To this machine only, or to whoever shows METRICS_TOKEN."""

import hmac
import os
from collections.abc import Iterable

import redis
from django.conf import settings
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
        now = numbers.read()
        yield CounterMetricFamily("voorwerp_answers", "Answers that count, since the beginning.", now.answers)
        yield GaugeMetricFamily(
            "voorwerp_mining_lag", "Entries of the record not weighed yet.", now.mining_lag
        )
        yield GaugeMetricFamily(
            "voorwerp_oldest_unweighed_seconds",
            "Age of the oldest answer not weighed yet.",
            now.oldest_unweighed,
        )
        try:
            lengths = [(queue, alive.client().llen(queue)) for queue in QUEUES]
        except redis.RedisError:
            return
        waiting = GaugeMetricFamily("voorwerp_queue_length", "Jobs that wait, by queue.", labels=["queue"])
        for queue, length in lengths:
            waiting.add_metric([queue], length)
        yield waiting


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
    from_database = CollectorRegistry()
    from_database.register(DatabaseCollector())
    requests = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        requests = CollectorRegistry()
        MultiProcessCollector(requests)
    return HttpResponse(generate_latest(requests) + generate_latest(from_database), CONTENT_TYPE_LATEST)
