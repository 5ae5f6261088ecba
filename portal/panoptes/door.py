"""What each view does first and last: is the room open, who calls, how a refusal is said."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from portal import limits
from portal.panoptes import identity
from portal.panoptes.errors import Refused, refusal
from portal.panoptes.resource import Call
from projects.api.bodies import DEEPEST, check_storable
from projects.exceptions import Invalid, VoorwerpError

View = Callable[..., HttpResponseBase]


def door(*methods: str, limit: str = "api") -> Callable[[View], View]:
    """A view of this room. No CSRF token is asked for: no cookie opens anything but the token call, and that one is not
    sent from other sites (SameSite)."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @never_cache
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not settings.PANOPTES:
                raise Http404
            if request.method not in methods:
                return refusal(405, _("This address takes %(methods)s.") % {"methods": ", ".join(methods)})
            if seconds := limits.wait(limit, limits.address(request)):
                answer = refusal(429, _("Too many calls: go on in %(n)d seconds.") % {"n": seconds})
                answer.headers["Retry-After"] = str(seconds)
                return answer
            try:
                return view(request, *args, **kwargs)
            except Refused as error:
                return refusal(error.status, error.message)
            except VoorwerpError as error:
                return refusal(error.status if error.status != 400 else 422, error.message)
            except RequestDataTooBig:
                return refusal(413, _("The request is too large."))

        return inner

    return decorate


def known(view: View) -> View:
    """The view with a Call in the request's place."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(Call(request, identity.caller(request)), *args, **kwargs)

    return inner


def read_json(request: HttpRequest) -> dict[str, Any]:
    """Raises Refused, and Invalid for signs and numbers that can't be stored."""
    try:
        data = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise Refused(400, _("The body is not JSON.")) from None
    if not isinstance(data, dict):
        raise Invalid(_("The body is not a JSON object: send {...}."))
    check_storable(data, DEEPEST)
    return data


def read_resource(request: HttpRequest, name: str) -> dict[str, Any]:
    """What the body has under the resource's name."""
    body = read_json(request).get(name)
    if not isinstance(body, dict):
        raise Refused(422, _('Send {"%(name)s": {...}}.') % {"name": name})
    return body


def answer(data: dict[str, Any], *, status: int = 200, tag: str = "") -> JsonResponse:
    response = JsonResponse(data, status=status, content_type="application/vnd.api+json; version=1")
    if tag:
        response.headers["ETag"] = f'W/"{tag}"'
    return response
