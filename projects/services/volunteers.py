"""Who answers: the signed cookie, the volunteer row, joining an account."""

import re
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from projects.exceptions import ConsentRequired, ForgedCookie, Invalid
from projects.models import Consent, Favourite, Volunteer
from projects.services.blocks import move_blocks
from projects.services.discount import move_answers
from projects.services.joining import append_joinings

COOKIE = "voorwerp_volunteer"
CONSENT_VERSION = "2026-11"
"""Of the privacy text. Raise it when the text changes: everybody is asked again."""

NO_CONSENT = "0"
"""The consent version of a pass whose holder has only looked."""

_VALUE = re.compile(r"^([0-9a-f]{32})\.([0-9-]{1,20})\.(\d{1,12})$")
_CARRIED = "_carried_pass"
_signer = Signer(salt="voorwerp.volunteer")


@dataclass(frozen=True)
class Pass:
    """What the cookie says: a random id, and when its holder agreed to which privacy text."""

    public_id: uuid.UUID
    consent_version: str
    consent_at: int

    def signed(self) -> str:
        return _signer.sign(f"{self.public_id.hex}.{self.consent_version}.{self.consent_at}")


def read_pass(request: HttpRequest) -> Pass | None:
    """The request's pass, None without a cookie. Raises ForgedCookie."""
    carried: Pass | None = getattr(request, _CARRIED, None)
    if carried is not None:
        return carried
    raw = request.COOKIES.get(COOKIE)
    if not raw:
        return None
    try:
        parts = _VALUE.match(_signer.unsign(raw))
    except BadSignature:
        raise ForgedCookie from None
    if parts is None:
        raise ForgedCookie
    return Pass(uuid.UUID(hex=parts[1]), parts[2], int(parts[3]))


def carry_pass(request: HttpRequest, held: Pass) -> None:
    """For a request that names its account without a browser: this pass stands in the cookie's place."""
    setattr(request, _CARRIED, held)


def is_carried(request: HttpRequest) -> bool:
    return hasattr(request, _CARRIED)


def require_pass(request: HttpRequest) -> Pass:
    """The pass of someone who agreed to the privacy text that stands. Raises ConsentRequired, ForgedCookie."""
    found = read_pass(request)
    if found is None or found.consent_version != CONSENT_VERSION:
        raise ConsentRequired
    return found


def give_consent(held: Pass, version: str) -> Pass:
    """The pass with today's consent. Raises Invalid.

    No volunteer is made before the first answer; who is one already (an account, an older text) gets the dated row now.
    """
    if version != CONSENT_VERSION:
        raise Invalid(f"The privacy text that stands is {CONSENT_VERSION}: reload the page and read it.")
    given = Pass(held.public_id, version, int(time.time()))
    if volunteer := Volunteer.objects.filter(public_id=held.public_id).first():
        _write_consent(volunteer, given)
    return given


def set_pass(response: HttpResponse, held: Pass) -> None:
    response.set_cookie(
        COOKIE,
        held.signed(),
        max_age=365 * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def drop_pass(response: HttpResponse) -> None:
    """Signing out: the next answer on this device is somebody new."""
    response.delete_cookie(COOKIE, samesite="Lax")


def volunteer_of(request: HttpRequest) -> Volunteer | None:
    """The person (not the alias) of the request, None for who has not answered yet."""
    if request.user.is_authenticated:
        return Volunteer.objects.filter(account_id=request.user.pk).first()
    held = read_pass(request)
    if held is None:
        return None
    found = Volunteer.objects.select_related("joined_to").filter(public_id=held.public_id).first()
    return found and (found.joined_to or found)


def make_volunteer(held: Pass) -> Volunteer:
    """The volunteer row of a pass, made at the first answer together with the consent that allowed it."""
    volunteer, made = Volunteer.objects.get_or_create(public_id=held.public_id)
    if made:
        _write_consent(volunteer, held)
    return volunteer


def _write_consent(volunteer: Volunteer, held: Pass) -> Consent:
    at = datetime.fromtimestamp(held.consent_at, UTC)
    return Consent.objects.create(volunteer=volunteer, version=held.consent_version, at=at)


def pass_of_account(own: Volunteer, held: Pass | None) -> Pass:
    """The pass of a browser in which somebody has just signed in: the account's id, and the consent to the text that
    stands which either the account or this browser has given. What only the browser knew is written down."""
    given = Consent.objects.filter(volunteer=own, version=CONSENT_VERSION).order_by("at").first()
    if given is None and held is not None and held.consent_version == CONSENT_VERSION:
        given = _write_consent(own, held)
    if given is None:
        return Pass(own.public_id, NO_CONSENT, 0)
    return Pass(own.public_id, given.version, int(given.at.timestamp()))


@transaction.atomic
def join_account(public_id: uuid.UUID | None, user: AbstractBaseUser) -> Volunteer:
    """Signing up or in: what was answered before under `public_id` belongs to the account from now on.

    The first volunteer that joins an account without one becomes the account's own; a later one becomes an alias
    of it. Where both answered a subject the earlier answer counts and the other is discounted, as a dated record.
    A volunteer of another account is left alone. Returns the account's volunteer.
    """
    own = Volunteer.objects.select_for_update().filter(account_id=user.pk).first()
    held = Volunteer.objects.select_for_update().filter(public_id=public_id).first() if public_id else None
    if held is not None and (held.account_id or held.joined_to_id):
        held = None
    if own is None:
        own = held or Volunteer()
        own.account_id = user.pk
        own.save()
    elif held is not None:
        held.joined_to = own
        held.save(update_fields=["joined_to"])
        move_answers(held, own)
        kept = Favourite.objects.filter(volunteer=own).values("subject_id")
        Favourite.objects.filter(volunteer=held).exclude(subject_id__in=kept).update(volunteer=own)
        move_blocks(held, own)
        append_joinings(held, own)
    return own
