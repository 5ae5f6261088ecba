"""A call done once, however often its caller sends it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from projects.exceptions import IdempotencyConflict, Invalid
from projects.models import ApiCall

Answer = tuple[int, Any]
"""Status and body."""


@transaction.atomic
def answer_once(
    user: AbstractBaseUser, key: str, fingerprint: str, work: Callable[[], Answer]
) -> tuple[int, Any, bool]:
    """What `work` answers, or answered the first time; and whether it is told again.

    One transaction: a second call that comes while the first is at work waits for it. What raises is not kept, so it
    may be tried again under the same key. Raises IdempotencyConflict for another call under the key.
    """
    if not 1 <= len(key) <= 64 or not key.isascii() or not key.isprintable():
        raise Invalid(_("Idempotency-Key: 1 to 64 plain characters, made by you, such as a UUID."))
    ApiCall.objects.bulk_create(
        [ApiCall(user_id=user.pk, key=key, fingerprint=fingerprint)], ignore_conflicts=True
    )
    call = ApiCall.objects.select_for_update().get(user_id=user.pk, key=key)
    if call.fingerprint != fingerprint:
        raise IdempotencyConflict
    if call.status:
        return call.status, call.body, True
    call.status, call.body = work()
    call.save(update_fields=["status", "body"])
    return call.status, call.body, False


def forget_calls(before: datetime) -> int:
    """Whoever sends a call again does so soon."""
    return ApiCall.objects.filter(at__lt=before).delete()[0]
