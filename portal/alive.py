"""Worker and beat say "I live" into Redis; /healthz reads how long ago."""

from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

KEY = "voorwerp:alive:{}"
KEPT = 3600  # seconds


@cache
def client() -> redis.Redis:
    """This process's Redis, for small things that must not wait: no retries, short timeouts."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0)
    )


def say(who: str, now: float) -> None:
    client().set(KEY.format(who), repr(now), ex=KEPT)


def forget(*who: str) -> None:
    """What they said before. Redis keeps it on disk, so a site that is started again would believe the dead."""
    client().delete(*map(KEY.format, who))


def seconds_since(who: str, now: float) -> float | None:
    """None when it never said so within the last hour. Raises redis.RedisError when Redis is away."""
    said = client().get(KEY.format(who))
    return max(0.0, now - float(said)) if said else None
