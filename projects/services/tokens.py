"""Personal tokens: made, shown once, found again by their hash, revoked."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.exceptions import BadToken, Invalid
from projects.models import Project, Token

START = "vw_"
"""Every secret begins with it, so that programs that look for leaked keys can know one."""
SHOWN = 10
"""Characters of a secret that its owner goes on seeing: 42 of its 256 random bits."""
MOST = 50
MOST_DAYS = 3660
NOTED = timedelta(minutes=1)
"""A use is noted when the last note is older than this: a write for each call would cost more than it tells."""


@transaction.atomic
def make_token(
    *,
    user: AbstractBaseUser,
    name: str,
    scopes: Collection[str],
    days: int | None = None,
    project: Project | None = None,
) -> tuple[Token, str]:
    """The token, and its secret, which nobody can find again. days: until it expires; None: never.

    project: the only one that it opens. Raises Invalid for no scope or an unknown one, an app password with other
    scopes, a token to classify that is bound to a project (a volunteer is one in all of them), a name that is taken,
    and for one too many.
    """
    name = name.strip()
    if not 1 <= len(name) <= 80:
        raise Invalid(_("Give the token a name of 1 to 80 characters: what it is for."))
    chosen = [scope for scope in Token.Scope.values if scope in scopes]
    if not chosen or len(chosen) != len(set(scopes)):
        raise Invalid(_("Choose what the token may do: %(all)s.") % {"all": ", ".join(Token.Scope.values)})
    if Token.Scope.APP_PASSWORD in chosen and len(chosen) > 1:
        raise Invalid(
            _("An app password stands alone: make another token for the API, so that each can be revoked.")
        )
    if project is not None and Token.Scope.CLASSIFY in chosen:
        raise Invalid(_("A token to classify is not bound to a project: leave the project empty."))
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Invalid(_("A token lasts from 1 to %(most)d days.") % {"most": MOST_DAYS})
    get_user_model().objects.select_for_update().get(pk=user.pk)
    if living(user).count() >= MOST:
        raise Invalid(_("You have %(n)d tokens, which is the most: revoke some first.") % {"n": MOST})
    if living(user).filter(name=name).exists():  # a second click, or the page loaded again
        raise Invalid(_("You have a token %(name)s already: choose another name.") % {"name": name})
    secret = START + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user_id=user.pk,
        project=project,
        name=name,
        prefix=secret[:SHOWN],
        digest=_digest(secret),
        scopes=chosen,
        expires_at=timezone.now() + timedelta(days=days) if days is not None else None,
    )
    return token, secret


def living(user: AbstractBaseUser) -> QuerySet[Token]:
    """Those that still open something."""
    fresh = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return Token.objects.filter(fresh, user_id=user.pk, revoked_at=None)


def find_token(secret: str) -> Token:
    """The living token with its active user; its use is noted. Raises BadToken: who asks learns not why.

    The hash is looked up in an index: how long that takes says nothing of the secret, which nobody can approach.
    """
    token = Token.objects.select_related("user").filter(digest=_digest(secret)).first()
    if token is None or not is_usable(token):
        raise BadToken
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - NOTED:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def is_usable(token: Token) -> bool:
    """Neither revoked nor expired, and of an active account."""
    fresh = token.expires_at is None or token.expires_at > timezone.now()
    return fresh and token.revoked_at is None and token.user.is_active


def check_app_password(username: str, secret: str) -> Token | None:
    """A living app password of the account of that name; None for anything else."""
    try:
        token = find_token(secret)
    except BadToken:
        return None
    is_own = token.user.get_username() == username
    return token if is_own and token.allows(Token.Scope.APP_PASSWORD) else None


def usable_token(token_id: int) -> Token | None:
    """The token by its id, for what was given out on the strength of it; None once it is ended."""
    token = Token.objects.select_related("user").filter(pk=token_id).first()
    return token if token is not None and is_usable(token) else None


def revoke_token(user: AbstractBaseUser, token_id: int) -> Token | None:
    """From here on it opens nothing. None where the user has no such living token."""
    token = living(user).filter(pk=token_id).first()
    if token is not None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
    return token


def _digest(secret: str) -> str:
    """Plain SHA-256: a secret of 256 random bits needs no slow hash, and each call pays for this one."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
