"""Signatures as in Standard Webhooks: whoever has the secret can tell that a message is ours, whole, and of now.

The secret of a webhook is made of the site's own key and a random word of the webhook's row. So no table and no backup
holds it, it can be made again for each message, and another word makes another secret.
"""

import base64
import hashlib
import hmac
import uuid
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from projects.models import Webhook

START = "whsec_"
BOTH = timedelta(days=1)
"""So long after a change messages are signed with the secret before, too: nobody has to change two places at once."""


def secret_of(nonce: str) -> str:
    key = salted_hmac("voorwerp.webhook", nonce, algorithm="sha256").digest()
    return START + base64.b64encode(key).decode()


def headers(webhook: Webhook, message: uuid.UUID, body: bytes, now: datetime) -> dict[str, str]:
    name, at = f"msg_{message.hex}", str(int(now.timestamp()))
    nonces = [webhook.nonce]
    if webhook.nonce_before and webhook.renewed_at and now < webhook.renewed_at + BOTH:
        nonces.append(webhook.nonce_before)
    return {
        "webhook-id": name,
        "webhook-timestamp": at,
        "webhook-signature": " ".join(_signature(secret_of(nonce), name, at, body) for nonce in nonces),
    }


def _signature(secret: str, name: str, at: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(START))
    digest = hmac.new(key, f"{name}.{at}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"
