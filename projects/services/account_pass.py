"""The pass of a browser in which somebody has signed in."""

from datetime import UTC, datetime

from projects.models import Consent, Volunteer
from projects.services.volunteers import CONSENT_VERSION, Pass

NO_CONSENT = "0"
"""A pass always names a version; this one never stands, so that the privacy text is shown before the first answer."""


def pass_of_account(own: Volunteer, held: Pass | None) -> Pass:
    """The account's id with the consent that either the account or this browser has given to the text that stands.

    Consent that only the browser held is written down for the account: its volunteer row exists already, so the
    first answer would not do it.
    """
    given = Consent.objects.filter(volunteer=own, version=CONSENT_VERSION).order_by("at").first()
    if given is None and held is not None and held.consent_version == CONSENT_VERSION:
        at = datetime.fromtimestamp(held.consent_at, UTC)
        given = Consent.objects.create(volunteer=own, version=CONSENT_VERSION, at=at)
    if given is None:
        return Pass(own.public_id, NO_CONSENT, 0)
    return Pass(own.public_id, given.version, int(given.at.timestamp()))
