"""What we count of requests and of hints to browsers.

With several web processes the counts meet in PROMETHEUS_MULTIPROC_DIR.
"""

from prometheus_client import Counter, Histogram

BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
duration = Histogram(
    "voorwerp_request_seconds", "Time of a request by route.", ["route", "method"], buckets=BUCKETS
)
errors = Counter("voorwerp_errors", "Answers with a status of 500 or more, by route.", ["route"])
hints_failed = Counter("voorwerp_live_hints_failed", "Hints to open pages that could not be sent.")


def observe_request(route: str, method: str, status: int, seconds: float) -> None:
    if method not in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
        method = "other"  # a client may write anything here; each new word would stay in memory for ever
    duration.labels(route, method).observe(seconds)
    if status >= 500:
        errors.labels(route).inc()
