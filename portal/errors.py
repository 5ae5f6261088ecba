"""The one shape of an error under /api/: {"error": {"code", "message", "request_id", "fields"?}}."""

import logging
import sys
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from django.views.csrf import csrf_failure as html_csrf_failure
from rest_framework import exceptions as drf
from rest_framework.response import Response

from portal.database.away import RETRY_AFTER, is_away
from portal.requests import current_id
from projects.exceptions import VoorwerpError

logger = logging.getLogger(__name__)

# By status: a stable code and a sentence that says what to do.
SENTENCES: dict[int, tuple[str, Any]] = {
    400: ("invalid", _("The request is not valid.")),
    401: ("sign_in", _("Sign in first.")),
    403: ("forbidden", _("You may not do this.")),
    404: ("not_found", _("There is nothing here, or you may not see it.")),
    405: (
        "method_not_allowed",
        _("This address does not take this method; the Allow header names those it takes."),
    ),
    406: ("not_acceptable", _("This address answers in JSON only: accept application/json.")),
    413: ("too_large", _("The request is too large.")),
    415: ("unsupported_media_type", _("Send JSON, with the header Content-Type: application/json.")),
    429: ("too_many_requests", _("Too many calls: wait as long as the Retry-After header says, then go on.")),
    500: (
        "error",
        _("Something broke on our side. Nothing was changed; try again, and tell us the request id."),
    ),
    503: ("unavailable", _("The site is not ready to answer. Try again in a moment.")),
}
CSRF = ("csrf", _("The page is too old to send this: reload it, and send again."))


def body(code: str, message: Any, fields: Any = None) -> dict[str, Any]:
    """The shape itself."""
    error = {"code": code, "message": str(message), "request_id": current_id.get()}
    if fields:
        error["fields"] = fields
    return {"error": error}


def response(
    status: int, code: str = "", message: Any = "", fields: Any = None, **headers: str
) -> JsonResponse:
    """An error for those who are not inside a DRF view: middleware, handlers, decorators."""
    usual_code, usual_message = SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])
    answer = JsonResponse(body(code or usual_code, message or usual_message, fields), status=status)
    for name, value in headers.items():
        answer.headers[name.replace("_", "-")] = value
    return answer


def api_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook: every exception of an API view in the one shape. None lets an unknown one go on to `server_error`."""
    if isinstance(error, VoorwerpError):
        answer = Response(body(error.code, error.message, error.fields), status=error.status)
        if error.status == HTTPStatus.UNAUTHORIZED:
            answer.headers["WWW-Authenticate"] = "Bearer"
        if wait := getattr(error, "retry_after", None):
            answer.headers["Retry-After"] = str(wait)
        return answer
    if isinstance(error, Http404):
        error = drf.NotFound()
    elif isinstance(error, PermissionDenied):
        error = drf.PermissionDenied()
    elif isinstance(error, RequestDataTooBig):
        return Response(body(*SENTENCES[413]), status=413)
    elif isinstance(error, ValidationError):
        fields = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        return Response(body(*SENTENCES[400], fields), status=400)
    if not isinstance(error, drf.APIException):
        return None
    return _from_drf(error)


def _from_drf(error: drf.APIException) -> Response:
    status = error.status_code
    code, message = SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])
    fields = None
    if isinstance(error, drf.ParseError):
        message = _("The body is not JSON (%(detail)s).") % {"detail": error.detail}
    elif isinstance(error, drf.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"": error.detail}
    elif isinstance(error, drf.PermissionDenied) and str(error.detail).startswith("CSRF"):
        code, message = CSRF
    answer = Response(body(code, message, fields), status=status)
    if header := getattr(error, "auth_header", None):
        answer.headers["WWW-Authenticate"] = header
    if isinstance(error, drf.Throttled) and (wait := getattr(error, "wait", None)):
        answer.headers["Retry-After"] = str(int(wait))
    return answer


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400; also a body over DATA_UPLOAD_MAX_MEMORY_SIZE."""
    if not _is_api(request):
        return defaults.bad_request(request, exception or Exception())
    too_big = isinstance(exception, RequestDataTooBig)
    return response(HTTPStatus.REQUEST_ENTITY_TOO_LARGE if too_big else HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    return (
        response(403) if _is_api(request) else defaults.permission_denied(request, exception or Exception())
    )


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return response(404) if _is_api(request) else defaults.page_not_found(request, exception or Exception())


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500; a database that is away is 503, with the time after which to try again."""
    if is_away(sys.exc_info()[1]):
        return database_away(request)
    return response(500) if _is_api(request) else defaults.server_error(request)


def database_away(request: HttpRequest) -> HttpResponse:
    """Nothing here asks the database. What was sent may be sent again: under its UUID an answer is stored once."""
    if _is_api(request):
        return response(503, Retry_After=str(RETRY_AFTER))
    page = render_to_string("503.html")
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER)})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """settings.CSRF_FAILURE_VIEW."""
    if _is_api(request):
        code, message = CSRF
        return response(403, code, message)
    return html_csrf_failure(request, reason)
