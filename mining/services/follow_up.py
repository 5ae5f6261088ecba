"""What the team says of an unusual object. Light: the web process calls it."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction

from mining.models import FollowUp, UnusualObject


def say(unusual: UnusualObject, state: str, note: str, user: AbstractBaseUser | AnonymousUser) -> FollowUp:
    """Somebody of the team says what is the matter with it: a dated row; the newest state stands."""
    with transaction.atomic():
        locked = UnusualObject.objects.select_for_update().get(pk=unusual.pk)
        said = FollowUp.objects.create(unusual=locked, state=state, note=note, by_id=user.pk)
        UnusualObject.objects.filter(pk=locked.pk).update(state=state)
    return said
