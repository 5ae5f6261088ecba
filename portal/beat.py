"""Celery's beat, keeping nothing on disk (all our schedules are short intervals), and saying that it lives."""

import logging
import time
from typing import Any

import redis
from celery.beat import Scheduler

from portal import alive

logger = logging.getLogger(__name__)


class Beat(Scheduler):
    def tick(self, *args: Any, **kwargs: Any) -> float:
        wait: float = super().tick(*args, **kwargs)
        try:
            alive.say("beat", time.time())
        except redis.RedisError as error:
            logger.warning("Beat could not say that it lives: %s", error)
        return wait
