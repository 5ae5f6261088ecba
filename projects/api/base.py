"""What the volunteers' calls share: no session is read unless it decides something, and CSRF always holds."""

from collections.abc import Iterable
from typing import Any

from rest_framework.authentication import SessionAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.api.tokens import SAFE, require_scope, token_of
from projects.exceptions import ForgedCookie, Private
from projects.models import Token
from projects.permissions import is_member
from projects.services.volunteers import carry_pass, drop_pass, join_account, pass_of_account, volunteer_of


class OnlyJson(BaseContentNegotiation):
    """We answer in JSON whatever was asked for."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


class VolunteerView(APIView):
    """A call by the signed volunteer cookie, or by a token. Without a token a write needs the CSRF token, signed in
    or not."""

    authentication_classes = []
    permission_classes = []  # nothing is decided by DRF's user, who is nobody here
    content_negotiation_class = OnlyJson
    scope: dict[str, str] = {}
    """Method to the scope that a token needs, where that is not classify."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        token = request.auth
        if isinstance(token, Token):
            require_scope(token, self.scope.get(request.method or "", Token.Scope.CLASSIFY))
            # No cookie is read or set: the token's person is the account's volunteer, and needs no browser.
            own = volunteer_of(request._request) or join_account(None, token.user)
            carry_pass(request._request, pass_of_account(own, None))
        elif request.method not in SAFE:
            # Of Django's own request: DRF's would parse the body in search of a form's token.
            SessionAuthentication().enforce_csrf(request._request)  # type: ignore[arg-type]

    def perform_authentication(self, request: Request) -> None:
        """The token's person; else the session's user as Django has it, unread. Left to itself DRF would put "nobody"
        in that one's place as soon as somebody asks, and the session's user decides in private projects."""
        token = token_of(request._request)
        request.user = request._request.user if token is None else token.user
        request.auth = token

    def handle_exception(self, exc: Exception) -> Response:
        """A forged cookie is taken away, since no script can: the browser's next call goes on as somebody new."""
        response = super().handle_exception(exc)
        if isinstance(exc, ForgedCookie):
            drop_pass(response)
        return response


def require_member(request: Request, project_id: int, refusal: Private) -> None:
    """Raise the refusal unless the signed-in user is of the team; only asked where a volunteer would be refused."""
    if not is_member(request._request.user, project_id):
        raise refusal
