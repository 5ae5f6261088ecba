"""`Authorization: Bearer ...`: who speaks, and that the token's scope covers what is asked."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from projects.exceptions import OutOfScope
from projects.models import Token
from projects.services.tokens import find_token

if TYPE_CHECKING:  # at run time rest_framework.views itself imports this module, by the setting
    from rest_framework.views import APIView

SAFE = ("GET", "HEAD", "OPTIONS")


def token_of(request: HttpRequest) -> Token | None:
    """The request's token; None where the header names none. Raises BadToken.

    Its user knows the project that the token is bound to; projects.permissions opens no other.
    """
    kind, _blank, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if kind.lower() != "bearer":
        return None
    token = find_token(secret.strip())
    token.user.bound_to = token.project_id  # type: ignore[attr-defined]
    return token


def require_scope(token: Token, scope: str) -> None:
    if not token.allows(scope):
        raise OutOfScope(scope)


class Bearer(BaseAuthentication):
    """A token is no session: whoever holds one sends it on purpose, so no CSRF token is asked for."""

    def authenticate(self, request: Request) -> tuple[Any, Token] | None:
        token = token_of(request._request)
        return None if token is None else (token.user, token)

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class WithinScope(BasePermission):
    """Of a view's `scope` (a dict of method to scope), else read for what changes nothing and write for the rest."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if isinstance(request.auth, Token):
            usual = Token.Scope.READ if request.method in SAFE else Token.Scope.WRITE
            require_scope(request.auth, getattr(view, "scope", {}).get(request.method, usual))
        return True
