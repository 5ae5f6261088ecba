"""The worker's part: who is due, one message at a time to each webhook, tried again with longer and longer waits.

At least once: a worker that is killed between sending and noting that leaves the message waiting, and it is sent again
under the same webhook-id, by which the receiver knows it. While a message waits, what happens later waits in the ledger
and comes together in the next: a receiver that was away is not flooded, and hears things in their order.
"""

import json
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.beside import beside, lock, unlock
from projects.exceptions import Invalid
from projects.models import Delivery, Webhook
from projects.webhooks.addresses import NotSent, parse, resolve
from projects.webhooks.news import body_of, gather
from projects.webhooks.post import FIRST, Answer, post
from projects.webhooks.signing import headers

LOCK = 0x5745424B  # "WEBK"
ROUND = 20.0  # seconds after which a worker begins no further message
LOOK = 1.0  # seconds between two looks at what is due, while a receiver lets us wait
AT_ONCE = 8
"""Receivers that are waited for at the same time."""
LEASE = timedelta(minutes=1)
"""Longer than the slowest try."""
WAITS = [
    timedelta(seconds=seconds)
    for seconds in (5, 30, 120, 600, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 24 * 3600)
]
"""After the first try, the second, ...; after the last of ten the webhook is switched off."""
GONE = 410
State = Delivery.State
Said = tuple[Answer | None, str]


def deliver_due() -> int:
    """One round: all that is due, as far as time allows. Returns how many messages were tried."""
    if not Webhook.objects.exists():
        return 0
    with beside() as other:
        # One job for all of them: slow receivers must not take the threads of those that weigh answers.
        if not lock(other, LOCK, 0):
            return 0
        try:
            return _round()
        finally:
            unlock(other, LOCK, 0)


def _round() -> int:
    """Several receivers at once: who lets us wait holds up no other. Threads do the waiting and know no database."""
    until, tried = time.monotonic() + ROUND, 0
    going: dict[Future[Said], Delivery] = {}
    line = _due()
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool:
        while True:
            while line and len(going) < AT_ONCE and time.monotonic() < until:
                tried += _start(line.pop(0), pool, going)
            if not going:
                return tried
            done, waited_for = wait(going, timeout=LOOK)
            for future in done:
                _end(going.pop(future), future.result())
            if waited_for and not line:
                line = _due()  # not those that are waited for: they are busy


def _start(webhook_id: int, pool: ThreadPoolExecutor, going: "dict[Future[Said], Delivery]") -> int:
    """1 where there was a message."""
    delivery = _claim(webhook_id)
    if delivery is None:
        return 0
    request = _request(delivery)
    if request is None:
        _free(webhook_id)
    else:
        going[pool.submit(_ask, *request)] = delivery
    return 1


def _due() -> list[int]:
    """Webhooks with a message that is due, or that may have something to tell; whose turn was longest ago first."""
    now = timezone.now()
    waiting = Delivery.objects.filter(state=State.WAITING)
    due = waiting.filter(Q(webhook__state=Webhook.State.ON) | Q(once=True), next_at__lte=now)
    free = Webhook.objects.filter(Q(busy_until=None) | Q(busy_until__lt=now))
    first = free.filter(pk__in=due.values("webhook"))
    idle = free.filter(state=Webhook.State.ON).exclude(pk__in=waiting.filter(once=False).values("webhook"))
    found = (first | idle).order_by(F("busy_until").asc(nulls_first=True), "pk")
    return list(found.values_list("pk", flat=True))


def _claim(webhook_id: int) -> Delivery | None:
    """The next message of a webhook that is free, which is busy from now on; else it stays free."""
    now = timezone.now()
    free = Webhook.objects.filter(Q(busy_until=None) | Q(busy_until__lt=now), pk=webhook_id)
    if not free.update(busy_until=now + LEASE):
        return None
    webhook = Webhook.objects.select_related("project").get(pk=webhook_id)
    delivery = _next(webhook)
    if delivery is None:
        _free(webhook_id)
    else:
        delivery.webhook = webhook
    return delivery


def _free(webhook_id: int) -> None:
    Webhook.objects.filter(pk=webhook_id).update(busy_until=timezone.now())


def _next(webhook: Webhook) -> Delivery | None:
    waiting = webhook.deliveries.filter(state=State.WAITING).order_by("pk")
    is_on = webhook.state == Webhook.State.ON
    due = waiting.filter(next_at__lte=timezone.now())
    found = (due if is_on else due.filter(once=True)).first()
    if found is not None or not is_on or waiting.filter(once=False).exists():
        return found
    return gather(webhook)


def _request(delivery: Delivery) -> tuple[str, bytes, dict[str, str]] | None:
    """(address, body, headers) of what stands now; None, and it is noted, where all of it is past."""
    delivery.sent_at = timezone.now()
    said = body_of(delivery, delivery.sent_at)
    if said is None:
        _note(delivery, State.EMPTY)
        return None
    body = json.dumps(said).encode()
    named = {
        "Content-Type": "application/json",
        "User-Agent": f"Voorwerp/{settings.VERSION}",
        **headers(delivery.webhook, delivery.public_id, body, delivery.sent_at),
    }
    return delivery.webhook.address, body, named


def _ask(address: str, body: bytes, named: dict[str, str]) -> Said:
    """What the receiver says; where it says nothing, why."""
    try:
        target = parse(address)
        answer = post(target, resolve(target), body, named)
    except Invalid as error:  # what the operator allows has changed since
        return None, str(error)
    except NotSent as error:
        return None, str(error)
    return answer, answer.text


def _end(delivery: Delivery, said: Said) -> None:
    _judge(delivery, *said)
    _free(delivery.webhook_id)


def _judge(delivery: Delivery, answer: Answer | None, why: str) -> None:
    delivery.tries += 1
    delivery.status = answer.status if answer else None
    delivery.seconds = round(answer.seconds, 3) if answer else None
    delivery.answer = why[:FIRST]
    if answer and 200 <= answer.status < 300:
        _note(delivery, State.DONE)
    elif delivery.once:
        _note(delivery, State.FAILED)
    elif answer and answer.status == GONE:
        _give_up(delivery, _("The receiver said that it is gone (410)."))
    elif delivery.tries > len(WAITS):
        _give_up(
            delivery,
            _(
                "A message was not taken in %(n)d tries. Mend the receiver, send a test, and switch it on again: it "
                "goes on where it was."
            )
            % {"n": delivery.tries},
        )
    else:
        delivery.next_at = (delivery.sent_at or timezone.now()) + WAITS[delivery.tries - 1]
        _note(delivery, State.WAITING)


def _give_up(delivery: Delivery, why: str) -> None:
    """What was not taken stays, and is the first to be sent when somebody switches the webhook on again."""
    _note(delivery, State.FAILED)
    on = Webhook.objects.filter(pk=delivery.webhook_id, state=Webhook.State.ON)
    on.update(state=Webhook.State.OFF, message=why)


def _note(delivery: Delivery, state: State) -> None:
    delivery.state = state
    delivery.save(update_fields=["state", "tries", "next_at", "sent_at", "status", "seconds", "answer"])
