"""Webhooks: made, changed, given another secret, tried, removed; messages sent again. Sending: projects/webhooks."""

import secrets
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.models import Delivery, Project, Webhook
from projects.webhooks.addresses import parse
from projects.webhooks.news import positions_now
from projects.webhooks.signing import secret_of

MOST = 10
"""Of a project."""
TWICE = timedelta(minutes=1)
"""A secret that was made so lately is in no program yet: another one replaces it, a second click for one."""
WAITING = 20
"""Tests and repeats of one webhook that wait: more would only make the receiver wait."""


@transaction.atomic
def make_webhook(
    project: Project, *, address: str, kinds: Collection[str], by: AbstractBaseUser | None = None
) -> tuple[Webhook, str]:
    """The webhook, and its secret, which is shown once. It tells what happens from now on.

    Raises Invalid for an address that is not on the public web or is told already, for nothing to tell, and for one too
    many.
    """
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    if project.webhooks.count() >= MOST:
        raise Invalid(_("A project has up to %(n)d webhooks: remove one first.") % {"n": MOST})
    parse(address)
    told = _kinds(kinds)
    _check_untold(project.webhooks.filter(address=address))
    made = Webhook.objects.create(
        project=project,
        address=address,
        kinds=told,
        nonce=secrets.token_urlsafe(24),
        positions=positions_now(project.pk),
        by_id=by.pk if by else None,
    )
    return made, secret_of(made.nonce)


@transaction.atomic
def change_webhook(webhook: Webhook, *, address: str, kinds: Collection[str]) -> None:
    """Raises Invalid as `make_webhook`. What waits goes to the new address."""
    parse(address)
    _check_untold(webhook.project.webhooks.filter(address=address).exclude(pk=webhook.pk))
    webhook.address, webhook.kinds = address, _kinds(kinds)
    webhook.save(update_fields=["address", "kinds"])


@transaction.atomic
def switch(webhook: Webhook, *, on: bool) -> None:
    """Off by the team's wish, or on again: it goes on where it was, with the message first that was not taken."""
    webhook.state = Webhook.State.ON if on else Webhook.State.PAUSED
    webhook.message = ""
    webhook.save(update_fields=["state", "message"])
    if on:
        newest = webhook.deliveries.filter(is_test=False).first()
        if newest is not None and newest.state in (Delivery.State.FAILED, Delivery.State.WAITING):
            Delivery.objects.filter(pk=newest.pk).update(
                state=Delivery.State.WAITING, once=False, tries=0, next_at=timezone.now()
            )


@transaction.atomic
def renew_secret(webhook: Webhook) -> str:
    """Another secret, shown once. For a day messages are signed with the one before, too."""
    found = Webhook.objects.select_for_update().get(pk=webhook.pk)
    now = timezone.now()
    if found.renewed_at is None or now - found.renewed_at > TWICE:
        found.nonce_before = found.nonce
    found.nonce, found.renewed_at = secrets.token_urlsafe(24), now
    found.save(update_fields=["nonce", "nonce_before", "renewed_at"])
    return secret_of(found.nonce)


def remove_webhook(webhook: Webhook) -> None:
    """With its log. What was not told is not told."""
    webhook.delete()


def send_test(webhook: Webhook) -> Delivery:
    """A message that says nothing, by the worker within seconds, whether the webhook is on or not."""
    _check_waiting(webhook)
    return Delivery.objects.create(
        webhook=webhook, events=[], is_test=True, once=True, next_at=timezone.now()
    )


def send_again(webhook: Webhook, delivery: uuid.UUID) -> Delivery | None:
    """The same message under the same id, tried once; what it says is what stands now. None where there is none that
    has ended."""
    _check_waiting(webhook)
    ended = webhook.deliveries.filter(public_id=delivery).exclude(state=Delivery.State.WAITING)
    if not ended.update(state=Delivery.State.WAITING, once=True, next_at=timezone.now()):
        return None
    return webhook.deliveries.get(public_id=delivery)


def forget(before: datetime) -> int:
    """Take away what the log says of messages that ended before then; returns how many. Of a webhook that is off they
    stay: the newest is sent when it is switched on."""
    ended = Delivery.objects.exclude(state=Delivery.State.WAITING).filter(made_at__lt=before)
    return ended.filter(webhook__state=Webhook.State.ON).delete()[0]


def _kinds(kinds: Collection[str]) -> list[str]:
    chosen = [kind for kind in Webhook.Kind.values if kind in kinds]
    if not chosen or len(chosen) != len(set(kinds)):
        raise Invalid(_("kinds: choose what is told: %(all)s.") % {"all": ", ".join(Webhook.Kind.values)})
    return chosen


def _check_untold(same: QuerySet[Webhook]) -> None:
    if same.exists():
        raise Invalid(
            _(
                "This address is told already: open its webhook below. If you have no secret of it, take another."
            )
        )


def _check_waiting(webhook: Webhook) -> None:
    if webhook.deliveries.filter(state=Delivery.State.WAITING, once=True).count() >= WAITING:
        raise Invalid(_("%(n)d messages wait to be sent: wait for these.") % {"n": WAITING})
