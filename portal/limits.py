"""Rate limits: so many calls a minute from one caller, counted in Redis. When Redis is away, everybody may pass."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Spent:
    """limit: calls a minute. left: of them, now. reset: seconds until all are there again. wait: 0 when it may pass."""

    limit: int
    left: int
    reset: int
    wait: int

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.reset),
        }


def spend(kind: str, caller: str, now: float | None = None) -> Spent | None:
    """Count one call; None where nobody counts."""
    global _asleep_until
    now = time.time() if now is None else now
    if not settings.RATE_LIMITS_ON or now < _asleep_until:
        return None
    window = int(now // WINDOW)
    # Redis writes its keys to disk: an address is not to be read there.
    caller = salted_hmac("voorwerp.limit", caller).hexdigest()[:16]
    key = f"voorwerp:limit:{kind}:{caller}:{window}"
    try:
        count = int(alive.client().incr(key))
        if count == 1:
            alive.client().expire(key, 2 * WINDOW)
    except redis.RedisError as error:
        _asleep_until = now + REST
        logger.warning("Rate limits are off for %s s, since Redis does not answer: %s", REST, error)
        return None
    limit = settings.RATE_LIMITS[kind]
    reset = int((window + 1) * WINDOW - now) + 1
    return Spent(limit, max(0, limit - count), reset, reset if count > limit else 0)


def wait(kind: str, caller: str, now: float | None = None) -> int:
    """Count one call; 0 when it may pass, else the whole seconds until the next window."""
    spent = spend(kind, caller, now)
    return spent.wait if spent else 0


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
    """DRF's form: `throttle_classes = [Throttle]` and `limit = "record"` on the view; without `limit`, "api".

    A token's calls are counted by its account, all others by address. What is left is told in headers
    (portal.requests).
    """

    seconds = 0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        account = getattr(request.auth, "user_id", None)
        caller = address(request._request) if account is None else f"account {account}"
        spent = spend(getattr(view, "limit", "api"), caller)
        request._request.spent = spent  # type: ignore[attr-defined]
        self.seconds = spent.wait if spent else 0
        return self.seconds == 0

    def wait(self) -> float:
        return self.seconds
