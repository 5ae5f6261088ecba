"""Who calls: an app password at the sign-in, then a cookie, then a bearer token for two hours.

None of the three is stored. Each is the number of the app password, signed, and opens nothing once that is revoked. The
cookie is read by the token call alone, which names no user (the reference platform's clients rely on that).
"""

from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from portal.panoptes.errors import Refused
from projects.models import Token
from projects.services.tokens import check_app_password, usable_token

COOKIE = "panoptes"
PATH = "/panoptes/"
LASTS = 7200
"""Seconds of a bearer token; clients ask for a new one two minutes before."""
REMEMBERED = 14 * 86400
"""Seconds of the cookie and of what refreshes a token."""
FORM = 3600
"""Seconds of the token of the sign-in form."""
BEARER, REFRESH, SIGN_IN = (f"voorwerp.panoptes.{use}" for use in ("bearer", "refresh", "sign-in"))


def form_token() -> str:
    return signing.dumps("sign-in", salt=SIGN_IN)


def sign_in(name: str, password: str, form: str) -> Token:
    """The app password's token. Raises Refused, with a sentence for whoever runs the script."""
    if _read(form, SIGN_IN, FORM) is None:
        raise Refused(
            422, _("The sign-in has no authenticity_token of this site, or an old one: connect again.")
        )
    token = check_app_password(name, password)
    if token is None:
        raise Refused(
            401,
            _(
                "Sign in with your user name and an app password, which you make on your page of tokens. The password "
                "of your account opens nothing here."
            ),
        )
    return token


def remember(response: HttpResponseBase, token: Token, *, secure: bool) -> None:
    response.set_signed_cookie(
        COOKIE, str(token.pk), salt=SIGN_IN, max_age=REMEMBERED, path=PATH, secure=secure, httponly=True,
        samesite="Strict",
    )  # fmt: skip


def remembered(request: HttpRequest) -> Token:
    """Raises Refused."""
    pk = request.get_signed_cookie(COOKIE, default=None, salt=SIGN_IN, max_age=REMEMBERED)
    return usable(int(pk) if pk else None)


def refreshed(refresh_token: str) -> Token:
    return usable(_read(refresh_token, REFRESH, REMEMBERED))


def grant(token: Token) -> dict[str, object]:
    return {
        "access_token": signing.dumps(token.pk, salt=BEARER),
        "refresh_token": signing.dumps(token.pk, salt=REFRESH),
        "token_type": "Bearer",
        "expires_in": LASTS,
        "scope": "project subject",
    }


def caller(request: HttpRequest) -> Token:
    """The token behind the request's bearer; its user knows the project that it is bound to. Raises Refused."""
    kind, _blank, bearer = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return usable(_read(bearer, BEARER, LASTS) if kind.lower() == "bearer" else None)


def _read(signed: str, salt: str, seconds: int) -> int | None:
    try:
        value: int = signing.loads(signed, salt=salt, max_age=seconds)
    except signing.BadSignature:
        return None
    return value


def usable(pk: int | None) -> Token:
    """The app password of that number, if it still opens something. Raises Refused."""
    token = usable_token(pk) if pk is not None else None
    if token is None or not token.allows(Token.Scope.APP_PASSWORD):
        raise Refused(401, _("Sign in first: connect with your user name and an app password."))
    token.user.bound_to = token.project_id  # type: ignore[attr-defined]
    return token
