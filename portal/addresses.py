"""Database and Redis addresses, in the forms that Django, redis-py and Celery want. Pure."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from portal.env import EnvError


def database(url: str) -> dict[str, Any]:
    """`postgres://user:password@host:port/name?sslmode=require` as Django's settings.

    The host may be a folder with a socket, as `?host=/folder`. Every other parameter goes to psycopg.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise EnvError(
            f"DATABASE_URL starts with {parts.scheme!r}: write postgres://user:password@host:5432/name."
        )
    options = dict(parse_qsl(parts.query))
    settings: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "voorwerp",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
    }
    if options:
        settings["OPTIONS"] = options
    return settings


def celery_broker(redis_url: str) -> str:
    """The same Redis, as kombu writes it: its scheme and its parameter for sockets differ from redis-py's."""
    parts = urlsplit(redis_url)
    if parts.scheme in ("redis", "rediss"):
        return redis_url
    if parts.scheme != "unix":
        raise EnvError(f"REDIS_URL starts with {parts.scheme!r}: write redis://, rediss:// or unix://.")
    number = dict(parse_qsl(parts.query)).get("db", "0")
    return f"redis+socket://{parts.path}?virtual_host={number}"
