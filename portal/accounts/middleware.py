"""Writes the volunteer cookie that signing in or out asked for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from projects.services.volunteers import Pass, drop_pass, set_pass

DROP = "drop"
_WISH = "_volunteer_cookie_wish"


def wish(request: HttpRequest, change: Pass | str) -> None:
    """The pass that this request's answer shall bring, or DROP."""
    setattr(request, _WISH, change)


class VolunteerCookieMiddleware:
    """Plain and synchronous, as the outermost ones are: one more costs no change of thread."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        change = getattr(request, _WISH, None)
        if isinstance(change, Pass):
            set_pass(response, change)
        elif change == DROP:
            drop_pass(response)
        return response
