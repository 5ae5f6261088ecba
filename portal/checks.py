"""What an operator can get wrong: each with an id and a hint. `python manage.py check --deploy` runs all of them."""

import importlib.util
from collections.abc import Sequence
from typing import Any

import redis
from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from portal import alive


@register(Tags.security)
def check_security(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Wrong together with https, that is, on a site that others use."""
    found: list[CheckMessage] = []
    if not settings.HTTPS:
        return found
    if settings.SECRET_KEY == settings.NO_SECRET:
        found.append(
            Error(
                "SECRET_KEY is the one that everybody knows.",
                hint="Set SECRET_KEY, or SECRET_KEY_FILE to a file with a long random text.",
                id="portal.E001",
            )
        )
    if settings.DEBUG:
        found.append(
            Error(
                "DEBUG is on for an https site: errors would show settings.", hint="DEBUG=0", id="portal.E002"
            )
        )
    if "*" in settings.ALLOWED_HOSTS:
        found.append(
            checks.Warning(
                "ALLOWED_HOSTS accepts every name.",
                hint="Leave it unset (SITE_URL's name is taken) or list the names.",
                id="portal.W001",
            )
        )
    if not settings.BEHIND_PROXY:
        found.append(
            checks.Warning(
                "SITE_URL is https, and no proxy is said to be in front: every page would redirect to itself.",
                hint="Set BEHIND_PROXY=1 where a proxy ends TLS and sets X-Forwarded-Proto.",
                id="portal.W002",
            )
        )
    return found


@register(Tags.files)
def check_storage(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Object storage is an extra, since most sites need none."""
    if not settings.S3_BUCKET or importlib.util.find_spec("storages"):
        return []
    return [
        Error(
            "S3_BUCKET is set, and what speaks to object storage is not installed.",
            hint="pip install --constraint constraints.txt --requirement requirements/storage.txt",
            id="portal.E004",
        )
    ]


@register(Tags.security, deploy=True)
def check_services(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Asks the network, so only with --deploy."""
    try:
        alive.client().ping()
    except redis.RedisError as error:
        return [
            Error(
                f"Redis does not answer at {settings.REDIS_URL}: {error}",
                hint="Start it, or set REDIS_URL (redis://host:6379/0).",
                id="portal.E003",
            )
        ]
    return []
