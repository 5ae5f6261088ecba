"""The servers under a backup or a restore: those that run, or our own for its length."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from portal.backup import BackupError
from portal.backup.programs import is_embedded
from portal.embedded import servers
from portal.embedded.folders import make_var
from portal.supervisor.record import AlreadyRunning, Record


@contextmanager
def beside_the_site() -> Iterator[None]:
    """PostgreSQL answers. Where no site runs on this data folder, none can start meanwhile."""
    if not is_embedded():
        yield
        return
    if not (settings.PLACES.postgres / "PG_VERSION").exists():
        raise BackupError(f"There is no site under {settings.VAR_DIR}: nothing to back up.")
    record = Record(settings.VAR_DIR)
    try:
        record.take()
        taken = True
    except AlreadyRunning:
        taken = False
    try:
        with servers(settings.VAR_DIR, with_redis=False):
            yield
    finally:
        if taken:
            record.free()


@contextmanager
def alone() -> Iterator[None]:
    """PostgreSQL answers, and no site runs on this data folder until the block ends. Raises BackupError."""
    make_var(settings.VAR_DIR)
    record = Record(settings.VAR_DIR)
    try:
        record.take()
    except AlreadyRunning as error:
        raise BackupError(f"Nothing was restored: the site is running. {error}") from None
    try:
        if is_embedded():
            with servers(settings.VAR_DIR, with_redis=False):
                yield
        else:
            yield
    finally:
        record.free()
