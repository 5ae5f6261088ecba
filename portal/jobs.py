"""Celery's way into the upkeep of the site."""

import logging

from celery import shared_task

logger = logging.getLogger(__name__)


@shared_task
def forget() -> None:
    """End what is kept only for a time. Beat sends it often; it keeps no dates, so a rarer one might never come."""
    from portal.retention import forget as one_round  # noqa: PLC0415 - models, which beat does not need

    logger.info("forgotten: %s", one_round())
