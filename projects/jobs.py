"""Celery's way into the record: ids in, safe to run twice, lost or late."""

# ruff: noqa: PLC0415 - so that a process that only sends loads no more than it needs
import subprocess
import sys

from celery import shared_task
from django.conf import settings

from projects import services


@shared_task
def reap_leases() -> int:
    """Take back expired leases; returns how many subjects came free. Beat sends this every ten seconds."""
    return services.reap_leases()


@shared_task
def tend_blocks() -> int:
    """Discount what blocked volunteers have answered, restore it after a block is lifted; returns how many answers
    were moved. Beat sends this every minute, a decision at once; a long one goes on at the next."""
    from projects.services.blocks import tend_blocks as tend

    return tend()


@shared_task
def tend_rules() -> int:
    """Rules look at what has arrived; returns at how many subjects. Beat sends this every five seconds."""
    from projects.services.rule_work import tend_rules as tend

    return tend()


@shared_task
def tend_imports() -> None:
    """Send the next uploaded file on its way. Beat sends this every ten seconds, an upload at once."""
    from projects.imports.waiting import tend

    import_id = tend()
    if import_id is not None:
        run_import.apply_async([import_id], queue="heavy", expires=60)


@shared_task
def tend_exports() -> None:
    """Send the next files that were asked for on their way. Beat sends this every five seconds, a request at once."""
    from projects.exports.waiting import tend

    for export_id in tend():
        run_export.apply_async([export_id], queue="heavy", expires=60)


@shared_task
def send_webhooks() -> int:
    """Tell other programs what has happened; returns how many messages were tried. Beat sends this every five seconds;
    one thread at a time does it."""
    from projects.webhooks.deliver import deliver_due

    return deliver_due()


@shared_task
def run_export(export_id: int) -> None:
    """In a process of its own, which may load what is heavy. Told twice it is done once."""
    subprocess.run(
        [sys.executable, "manage.py", "run_export", str(export_id)],
        cwd=settings.BASE_DIR,
        check=True,
        stdin=subprocess.DEVNULL,
    )


@shared_task
def run_import(import_id: int) -> None:
    """In a process of its own: parsing would hold up the other threads of this one, which weigh answers."""
    subprocess.run(
        [sys.executable, "manage.py", "run_import", str(import_id)],
        cwd=settings.BASE_DIR,
        check=True,
        stdin=subprocess.DEVNULL,
    )
