"""Files that come in part by part, over as many connections as it takes, and then wait for the worker as others do."""

import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import IO, Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.files.base import File
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from projects.exceptions import Conflict, Invalid, TooLarge
from projects.imports.waiting import accept, storage
from projects.models import Import, Project, Upload

KEPT = timedelta(days=2)
"""From the last part on."""
MOST_AT_ONCE = 5
"""That one person has begun and not ended in a project; of more the oldest is given up."""
PIECE = 1024 * 1024
"""Bytes copied at once."""


@transaction.atomic
def begin(
    project: Project, *, file_name: str, length: int, options: Mapping[str, Any], by: AbstractBaseUser
) -> Upload:
    """options: those of pictures.Options. Raises Invalid for an empty file, TooLarge for one that is too large."""
    if length <= 0:
        raise Invalid(_("The file is empty."))
    if length > settings.IMPORT_MAX_BYTES:
        said = {"size": filesizeformat(length), "most": filesizeformat(settings.IMPORT_MAX_BYTES)}
        raise TooLarge(
            _("That is %(size)s; at most %(most)s can be uploaded at once. Send it in parts.") % said
        )
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    begun = Upload.objects.filter(project=project, by_id=by.pk, done_at=None).order_by("-at", "pk")
    for old in begun[MOST_AT_ONCE - 1 :]:
        drop(old)
    return Upload.objects.create(
        project=project,
        by_id=by.pk,
        file_name=file_name[-200:] or "pictures.zip",
        options=dict(options),
        length=length,
        expires_at=timezone.now() + KEPT,
    )


@transaction.atomic
def add_part(upload: Upload, *, offset: int, part: IO[bytes], size: int) -> Upload:
    """Keep the next `size` bytes; with the last ones it becomes an import. Returns it as it stands then.

    Raises Conflict where the part does not begin where the file stands, so that nothing is doubled or left out, and
    Invalid where it would go beyond the file's end.
    """
    standing = (
        Upload.objects.select_for_update(of=("self",)).select_related("project", "by").get(pk=upload.pk)
    )
    check_place(standing, offset)
    if offset + size > standing.length:
        raise Invalid(_("More than the %(n)d bytes that were announced.") % {"n": standing.length})
    if not size:
        return standing
    path = _path(standing, offset)
    storage().delete(path)  # of a try whose transaction did not end well
    storage().save(path, File(part))
    standing.parts.append(offset)
    standing.offset += size
    standing.expires_at = timezone.now() + KEPT
    if standing.offset == standing.length:
        _end(standing)
    standing.save()
    return standing


def check_place(upload: Upload, offset: int) -> None:
    """Raises Conflict where a part that begins at `offset` is not the next one."""
    if offset != upload.offset:
        raise Conflict(_("It stands at byte %(at)d: go on from there.") % {"at": upload.offset})


def _end(upload: Upload) -> None:
    """All of it is here. Its row stays a while, for who asks because the last answer got lost."""
    with tempfile.TemporaryFile() as whole:
        for offset in upload.parts:
            with storage().open(_path(upload, offset), "rb") as part:
                while piece := part.read(PIECE):
                    whole.write(piece)
        whole.seek(0)
        accept(
            upload.project,
            File(whole, upload.file_name),
            source="",
            options=upload.options,
            user=upload.by,
            kind=Import.Kind.PICTURES,
        )
    upload.done_at = timezone.now()
    paths = [_path(upload, offset) for offset in upload.parts]
    transaction.on_commit(lambda: _delete(paths))


def drop(upload: Upload) -> None:
    """Give it up, with all that has come of it."""
    paths = [_path(upload, offset) for offset in upload.parts]
    upload.delete()
    transaction.on_commit(lambda: _delete(paths))


def forget(now: datetime) -> int:
    """Take away those to which nothing was added for a while; returns how many."""
    old = list(Upload.objects.filter(expires_at__lt=now))
    for each in old:
        drop(each)
    return len(old)


def _delete(paths: list[str]) -> None:
    for path in paths:
        storage().delete(path)


def _path(upload: Upload, offset: int) -> str:
    """Not to be guessed, should somebody open the storage to the web."""
    token = salted_hmac("voorwerp.upload", str(upload.pk), algorithm="sha256").hexdigest()
    return f"uploads/{upload.pk}-{token[:24]}/{offset:012d}"
