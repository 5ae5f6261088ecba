"""The Celery app. A Celery function is a *job*, in a `jobs.py`; a *task* is what a volunteer answers."""

import logging
import os
import time
from typing import Any

import redis
from celery import Celery
from celery.signals import heartbeat_sent, setup_logging

from portal import alive

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("voorwerp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")

logger = logging.getLogger(__name__)


@setup_logging.connect
def keep_our_logging(**kwargs: Any) -> None:
    """Celery sets up no logging of its own when this signal has a receiver: settings.LOGGING stands."""


@heartbeat_sent.connect
def worker_lives(**kwargs: Any) -> None:
    try:
        alive.say("worker", time.time())
    except redis.RedisError as error:
        logger.warning("The worker could not say that it lives: %s", error)
