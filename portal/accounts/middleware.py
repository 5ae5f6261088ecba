"""Writes the volunteer cookie that signing in or out asked for."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

from projects.services.volunteers import Pass, drop_pass, set_pass

DROP = "drop"
_WISH = "_volunteer_cookie_wish"


def wish(request: HttpRequest, change: Pass | str) -> None:
    """The pass that this request's answer shall bring, or DROP."""
    setattr(request, _WISH, change)


def _fulfil(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    change = getattr(request, _WISH, None)
    if isinstance(change, Pass):
        set_pass(response, change)
    elif change == DROP:
        drop_pass(response)
    return response


@sync_and_async_middleware
def volunteer_cookie(
    get_response: Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]],
) -> Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]]:
    """In both worlds without a change of thread: it runs on every request of the site."""
    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponse:
            return _fulfil(request, await get_response(request))

        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponse:
        return _fulfil(request, get_response(request))

    return synchronous
