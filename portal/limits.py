"""Rate limits: so many calls a minute from one caller, counted in Redis. When Redis is away, everybody may pass."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import redis
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from portal import alive, errors

if TYPE_CHECKING:  # at run time rest_framework.views itself imports this module, by the setting
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)
WINDOW = 60  # seconds
REST = 5.0  # seconds without asking, after Redis did not answer
_asleep_until = 0.0


def address(request: HttpRequest) -> str:
    """The caller's address; the proxy's word for it counts only when settings say that there is one."""
    if settings.BEHIND_PROXY:
        forwarded: str = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if forwarded:
            # The last one was written by our proxy, the others by anybody.
            return forwarded.rsplit(",", maxsplit=1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def wait(kind: str, caller: str, now: float | None = None) -> int:
    """Count one call; 0 when it may pass, else the whole seconds until the next window."""
    global _asleep_until
    now = time.time() if now is None else now
    if not settings.RATE_LIMITS_ON or now < _asleep_until:
        return 0
    window = int(now // WINDOW)
    # Redis writes its keys to disk: an address is not to be read there.
    caller = salted_hmac("voorwerp.limit", caller).hexdigest()[:16]
    key = f"voorwerp:limit:{kind}:{caller}:{window}"
    try:
        count = alive.client().incr(key)
        if count == 1:
            alive.client().expire(key, 2 * WINDOW)
    except redis.RedisError as error:
        _asleep_until = now + REST
        logger.warning("Rate limits are off for %s s, since Redis does not answer: %s", REST, error)
        return 0
    if count <= settings.RATE_LIMITS[kind]:
        return 0
    return int((window + 1) * WINDOW - now) + 1


def limited(kind: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Decorator of a view that is no DRF view (a download): 429 in the one error shape."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if seconds := wait(kind, address(request)):
                return errors.response(429, Retry_After=str(seconds))
            return view(request, *args, **kwargs)

        return inner

    return decorate


class Throttle(BaseThrottle):
    """DRF's form: `throttle_classes = [Throttle]` and `limit = "record"` on the view; without `limit`, "api"."""

    seconds = 0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        self.seconds = wait(getattr(view, "limit", "api"), address(request._request))
        return self.seconds == 0

    def wait(self) -> float:
        return self.seconds
