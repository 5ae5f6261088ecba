"""One line of log, one id and one measurement for each request."""

import contextvars
import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal import metrics

logger = logging.getLogger(__name__)
ACCEPTABLE = re.compile(
    r"[A-Za-z0-9._-]{8,64}"
)  # of an id that a proxy or a client gives us: it goes into logs
current_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
QUIET = frozenset({"healthz", "metrics"})


class RequestIdFilter(logging.Filter):
    """Puts the request's id on every line that is logged while it is served."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_id.get()
        return True


def route(request: HttpRequest) -> str:
    """The path's template (`api/v1/workflows/<int:pk>/next`), so that measurements don't grow with the ids in paths."""
    match = getattr(request, "resolver_match", None)
    return match.route if match else "none"


class RequestMiddleware:
    """Outermost. Gives `request.request_id`, answers with X-Request-ID, logs, measures."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if ACCEPTABLE.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        token = current_id.set(request_id)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            response.headers["X-Request-ID"] = request_id
            if spent := getattr(request, "spent", None):  # by portal.limits
                for name, value in spent.headers().items():
                    response.headers[name] = value
            path = route(request)
            metrics.observe_request(path, request.method or "", response.status_code, seconds)
            if path not in QUIET and not request.path_info.startswith("/static/"):
                logger.info(
                    "request",
                    extra={
                        "method": request.method,
                        "route": path,
                        "status": response.status_code,
                        "ms": round(seconds * 1000, 1),
                    },
                )
            return response
        finally:
            current_id.reset(token)
