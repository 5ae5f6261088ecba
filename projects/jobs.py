"""Celery's way into the record."""

from celery import shared_task

from projects import services


@shared_task
def reap_leases() -> int:
    """Take back expired leases; returns how many subjects came free. Beat sends this every ten seconds."""
    return services.reap_leases()
