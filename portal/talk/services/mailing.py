"""Mails of what somebody has not read in the site: at once, once a day, once a week, never.

A mail holds who said something where, and no word of what: the reader may be somebody who must not hear it yet. Only
addresses that their owner has confirmed are written to, and only where the site knows its own address (SITE_URL).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.talk.models import Notice, Wishes

Often = Wishes.Often
GAPS = {Often.NOW: timedelta(0), Often.DAILY: timedelta(days=1), Often.WEEKLY: timedelta(days=7)}
LAST = {Often.DAILY: "daily_at", Often.WEEKLY: "weekly_at"}
LISTED = 50
_signer = Signer(salt="voorwerp.talk.mail")


def send_mails(now: datetime | None = None) -> int:
    """One round; how many mails. Safe to run at the same time: a person's notices are locked while their mail is sent,
    and settled in the same transaction, so that a mail is sent twice only where the process dies in between."""
    now = now or timezone.now()
    if not settings.SITE_URL:
        return 0
    waiting = Notice.objects.filter(_to_settle(now), mailed_at__isnull=True)
    return sum(_mail(user, now) for user in list(waiting.values_list("user", flat=True).distinct()))


def _to_settle(now: datetime) -> Q:
    """Notices of people of whom something is due, or is settled without a mail: a weekly mail that waits costs nothing
    meanwhile."""
    found = Q(user__talk_wishes__isnull=True) | Q(read_at__isnull=False)
    for kind in Notice.Kind:
        wish = f"user__talk_wishes__{kind.value}"
        found |= Q(kind=kind, **{f"{wish}__in": [Often.NOW, Often.NEVER]})
        for often, last in LAST.items():
            last = f"user__talk_wishes__{last}"
            over = Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__lte": now - GAPS[often]})
            found |= Q(kind=kind, **{wish: often}) & over
    return found


@transaction.atomic
def _mail(user_id: int, now: datetime) -> int:
    user = get_user_model()._default_manager.select_for_update(skip_locked=True).filter(pk=user_id).first()
    if user is None:
        return 0
    wishes = Wishes.objects.get_or_create(user=user)[0]
    rows = Notice.objects.filter(user=user, mailed_at__isnull=True)
    rows.filter(read_at__isnull=False).update(mailed_at=now)
    due: list[Notice] = []
    for kind in Notice.Kind:
        of_kind = rows.filter(kind=kind)
        often = getattr(wishes, kind.value)
        if often == Often.NEVER:
            of_kind.update(mailed_at=now)
        elif _is_due(wishes, often, now):
            due += of_kind.select_related("comment__author", "comment__discussion__project")
            due = [each for each in due if each.comment.hidden_at is None]
    address = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary").first()
    if address is None:
        rows.update(mailed_at=now)
        return 0
    if not due:
        return 0
    rows.filter(pk__in=[each.pk for each in due]).update(mailed_at=now)
    for often, field in LAST.items():
        if any(getattr(wishes, each.kind) == often for each in due):
            Wishes.objects.filter(pk=wishes.pk).update(**{field: now})
    _message(address.email, wishes, sorted(due, key=lambda each: each.pk)).send()
    return 1


def _is_due(wishes: Wishes, often: str, now: datetime) -> bool:
    last = getattr(wishes, LAST[Often(often)]) if often in LAST else None
    return last is None or now - last >= GAPS[Often(often)]


def _message(address: str, wishes: Wishes, notices: Iterable[Notice]) -> EmailMessage:
    told = list(notices)
    lines = [_line(each) for each in told[:LISTED]]
    if len(told) > LISTED:
        lines.append(_("And %(n)s more.") % {"n": len(told) - LISTED})
    end = settings.SITE_URL + reverse("talk:unsubscribe", args=[signed(wishes)])
    choose = settings.SITE_URL + reverse("talk:notices")
    foot = _("How often you are mailed: %(choose)s\nNo such mails any more: %(end)s") % {
        "choose": choose,
        "end": end,
    }
    return EmailMessage(
        subject=_("Talk: %(n)s new for you") % {"n": len(told)},
        body="\n\n".join([*lines, foot]) + "\n",
        to=[address],
        headers={"List-Unsubscribe": f"<{end}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )


def _line(notice: Notice) -> str:
    from portal.talk.places import address_of  # noqa: PLC0415 - pages know this module, too

    said = notice.comment
    who = said.author.get_username() if said.author else _("Somebody")
    where = said.discussion.project.title if said.discussion.project else _("Talk of this site")
    return (
        f"{who} {notice.get_kind_display()} ({where})\n{settings.SITE_URL}{address_of(said.discussion, said)}"
    )


def signed(wishes: Wishes) -> str:
    return _signer.sign(wishes.key.hex)


def end_mails(token: str) -> User | None:
    """Whoever the link belongs to is mailed no more. Safe to repeat. None for a link that is none of ours."""
    try:
        key = _signer.unsign(token)
    except BadSignature:
        return None
    wishes = Wishes.objects.select_related("user").filter(key=key).first()
    if wishes is None:
        return None
    Wishes.objects.filter(pk=wishes.pk).update(mention=Often.NEVER, reply=Often.NEVER, followed=Often.NEVER)
    return wishes.user
