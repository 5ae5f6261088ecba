"""The header Idempotency-Key, and If-Match: a write sent twice is done once, and overwrites nothing unseen."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api.places import somebody
from projects.exceptions import PreconditionFailed, PreconditionRequired
from projects.services.once import answer_once

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Made by you, such as a UUID. The same call with the same key is done once, and answered alike.",
)


IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of what you have read: where somebody has changed it since, nothing is written (412).",
)


def once(view: Callable[..., Response]) -> Callable[..., Response]:
    """A method of a view that writes, for who is signed in or sends a token. Its answer says `Idempotency-Replayed`
    where it is told again."""

    @wraps(view)
    def inner(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        user = somebody(request)
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return view(self, request, *args, **kwargs)

        def work() -> tuple[int, Any]:
            done = view(self, request, *args, **kwargs)
            return done.status_code, done.data

        status, body, again = answer_once(user, key, _fingerprint(request), work)
        return Response(body, status=status, headers={"Idempotency-Replayed": "true"} if again else None)

    return inner


def _fingerprint(request: Request) -> str:
    body = hashlib.sha256(request._request.body).hexdigest()
    said = [request.method, request.get_full_path(), request.headers.get("If-Match", ""), body]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def tag_of(shown: Any) -> str:
    """An ETag of what is shown."""
    return f'"{hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:32]}"'


def check_match(request: Request, stands: str, *, must: bool = False) -> None:
    """Raises PreconditionFailed where If-Match names another state than the one that stands; where it `must` be there
    and is not, PreconditionRequired."""
    given = request.headers.get("If-Match")
    if given is None:
        if must:
            raise PreconditionRequired
        return
    if given != "*" and stands not in [each.strip() for each in given.split(",")]:
        raise PreconditionFailed
