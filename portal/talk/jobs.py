"""Celery's way into Talk: safe to run twice, lost or late."""

from celery import shared_task


@shared_task
def send_mails() -> int:
    """Mail people what they have not read; returns how many mails. Beat sends this every minute."""
    from portal.talk.services.mailing import send_mails as send  # noqa: PLC0415 - models, which beat does not need

    return send()
