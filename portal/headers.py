"""The Content-Security-Policy header: one text for the whole site, put together once."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def policy() -> str:
    return "; ".join(
        f"{directive} {sources}" for directive, sources in settings.CONTENT_SECURITY_POLICY.items()
    )


class ContentPolicyMiddleware:
    """A view that has set a stricter policy of its own (a download, a picture from outside) keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response
