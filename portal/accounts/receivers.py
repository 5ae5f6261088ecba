"""Signing in, up or out changes who this browser's volunteer is.

Django's own two signals cover every door (sign-up, sign-in, the admin's form). They have no response at hand, so the
wish is left on the request and the middleware writes the cookie.
"""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from portal.accounts.middleware import DROP, wish
from projects.exceptions import ForgedCookie
from projects.models import Classification, Volunteer
from projects.services.volunteers import join_account, pass_of_account, read_pass

CAME_ALONG = "came_along"
"""On the request: how many answers joined the account; account/messages/logged_in.txt says it."""


@receiver(user_logged_in, dispatch_uid="voorwerp-join-account")
def join(sender: Any, request: HttpRequest, user: AbstractBaseUser, **rest: Any) -> None:
    """What this browser answered before belongs to the account from now on; nothing of it is lost."""
    try:
        held = read_pass(request)
    except ForgedCookie:
        held = None
    nameless = Volunteer.objects.filter(account=None, joined_to=None)
    before = nameless.filter(public_id=held.public_id).first() if held else None
    own = join_account(held.public_id if held else None, user)
    wish(request, pass_of_account(own, held))
    setattr(request, CAME_ALONG, answers_that_count(before) if before else 0)


def answers_that_count(volunteer: Volunteer) -> int:
    """Reads all of the volunteer's answers: for signing in only."""
    return Classification.objects.standing().filter(volunteer=volunteer).count()


@receiver(user_logged_out, dispatch_uid="voorwerp-start-afresh")
def start_afresh(sender: Any, request: HttpRequest, **rest: Any) -> None:
    """The next answer in this browser is somebody new."""
    wish(request, DROP)
