"""Uploaded files wait in the private storage until the worker takes them in, one after another.

Web and worker see the same storage. A file is deleted when its import has ended, however that was.
"""

from collections.abc import Mapping
from typing import IO, Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.files.base import File as Upload
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from projects.exceptions import VoorwerpError
from projects.imports.classifications import Options, import_classifications
from projects.imports.csvfile import File
from projects.imports.runs import Run, cancel, fail, is_worked_on, take_up
from projects.models import Import, Project

TRIES = 3
State = Import.State


def storage() -> Storage:
    return storages["private"]


def path_of(record: Import) -> str:
    """Not to be guessed, should somebody open the storage to the web."""
    token = salted_hmac("voorwerp.import", str(record.pk), algorithm="sha256").hexdigest()
    return f"imports/{record.pk}-{token[:24]}"


@transaction.atomic
def accept(
    project: Project,
    upload: "Upload[bytes]",
    *,
    source: str,
    options: Mapping[str, Any],
    user: AbstractBaseUser,
    kind: Import.Kind = Import.Kind.CLASSIFICATIONS,
) -> Import:
    """An uploaded file: kept, and to be taken in by the worker. options: those of classifications.Options, of a
    catalogue table those of catalogue.Options, of pictures those of pictures.Options."""
    record = Import.objects.create(
        project=project,
        kind=kind,
        source=source,
        file_name=(upload.name or "export.csv")[-200:],
        started_by_id=user.pk,
        report={"options": dict(options)},
    )
    storage().save(path_of(record), upload)
    return record


def tend() -> int | None:
    """What beat asks for now and then: the import to take in next, if none is at work.

    One whose process was killed is taken up again where its file is here; a command's has ended with its process.
    """
    going_on = Import.objects.filter(state__in=[State.WAITING, State.RUNNING]).order_by("pk")
    next_one: int | None = None
    for record in going_on:
        with transaction.atomic():
            if is_worked_on(record):
                if _is_ours(record):
                    return None
                continue
            if not _is_ours(record):
                fail(
                    record, _("Its process was ended before it was done. Nothing was stored: start it again.")
                )
            elif _tries(record) >= TRIES:
                end(record, _("It broke off %(n)s times. Nothing was stored.") % {"n": TRIES})
            else:
                next_one = next_one or record.pk
    return next_one


def run_waiting(record: Import) -> None:
    """Take it in now, in this process. What it came to stands in the record."""
    Import.objects.filter(pk=record.pk).update(report=record.report | {"tries": _tries(record) + 1})
    try:
        with take_up(record) as run:
            if run is not None:
                _take_in(run, File(record.file_name, lambda: _opened(record)))
    except VoorwerpError:
        pass  # told in the record
    finally:
        record.refresh_from_db()
        if record.state not in (State.WAITING, State.RUNNING):
            storage().delete(path_of(record))


def _take_in(run: Run, file: File) -> None:
    options = run.record.report.get("options", {})
    if run.record.kind == Import.Kind.CATALOGUE:
        from projects.imports import catalogue  # noqa: PLC0415 - loads numpy: not in a web process

        catalogue.import_catalogue(run, file, catalogue.Options(**options))
    elif run.record.kind == Import.Kind.PICTURES:
        from projects.imports import pictures  # noqa: PLC0415 - decodes pictures: the worker's business

        pictures.import_pictures(run, file, pictures.Options(**options))
    else:
        import_classifications(run, file, Options(**options))


def stop(record: Import) -> bool:
    """Cancel it; False where it had ended before."""
    with transaction.atomic():
        idle = not is_worked_on(record)
        cancelled = cancel(record)
    if cancelled and idle:
        storage().delete(path_of(record))
    return cancelled


def end(record: Import, reason: str) -> None:
    fail(record, reason)
    storage().delete(path_of(record))


def _opened(record: Import) -> IO[bytes]:
    return storage().open(path_of(record), "rb")


def _is_ours(record: Import) -> bool:
    """Uploaded, not a command's."""
    return storage().exists(path_of(record))


def _tries(record: Import) -> int:
    return int(record.report.get("tries", 0))
