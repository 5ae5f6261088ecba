"""GET /healthz: is every part of the site up? 503 with the reason when one is not."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from psycopg_pool import PoolTimeout

from portal import alive, numbers

SILENT = (
    15.0  # seconds after which a worker or beat that said nothing counts as down (they speak every 1-2 s)
)
_migrations_applied = False


@dataclass(frozen=True)
class Part:
    """One part of the site; `detail` says what is wrong and what to do, or a measure of what is right."""

    ok: bool
    detail: str


def check_database() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, PoolTimeout) as error:
        return Part(False, f"PostgreSQL does not answer: {str(error).strip()}")
    return Part(True, "answers")


def check_redis() -> Part:
    try:
        alive.client().ping()
    except redis.RedisError as error:
        return Part(False, f"Redis does not answer: {error}")
    return Part(True, "answers")


def check_voice(who: str, now: float) -> Part:
    """Of `worker` or `beat`."""
    try:
        seconds = alive.seconds_since(who, now)
    except redis.RedisError:
        return Part(False, "not known, since Redis does not answer")
    if seconds is None:
        return Part(False, f"no {who} has spoken for an hour: is it running?")
    if seconds > SILENT:
        return Part(False, f"last heard of {seconds:.0f} s ago")
    return Part(True, f"heard of {seconds:.0f} s ago")


def check_migrations() -> Part:
    """Costs a read of all migration files until it is once true; then nothing for the life of this process."""
    global _migrations_applied
    if _migrations_applied:
        return Part(True, "all applied")
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, PoolTimeout):
        return Part(False, "not known, since PostgreSQL does not answer")
    if plan:
        return Part(False, f"{len(plan)} not applied: run `python manage.py migrate`")
    _migrations_applied = True
    return Part(True, "all applied")


def _guarded(check: Callable[[], Any], default: Any) -> Any:
    try:
        return check()
    except (DatabaseError, PoolTimeout):
        return default


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    now = time.time()
    parts = {
        "database": check_database(),
        "redis": check_redis(),
        "worker": check_voice("worker", now),
        "beat": check_voice("beat", now),
        "migrations": check_migrations(),
    }
    down = [f"{name}: {part.detail}" for name, part in parts.items() if not part.ok]
    body = {
        "status": "down" if down else "up",
        "reason": "; ".join(down) or None,
        "version": settings.VERSION,
        "mining_lag": _guarded(
            lambda: numbers.read().mining_lag, None
        ),  # answers that mining has not weighed yet
        **{name: {"up": part.ok, "detail": part.detail} for name, part in parts.items()},
    }
    return JsonResponse(body, status=503 if down else 200)
