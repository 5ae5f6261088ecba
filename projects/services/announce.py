"""Subjects that a program announces, whose pictures then come one by one.

An announced subject has its id at once, and is a subject when both have happened, in whatever order: its last picture
has arrived, and it was put into a set (subject_sets.py). So a subject without its pictures is never shown to anybody.
"""

import hashlib
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from projects.exceptions import Conflict, Invalid, TooLarge
from projects.imports.archive import MOST_BYTES
from projects.imports.measured import FORMATS, measured
from projects.models import Announced, Media, Project, Subject, SubjectSet
from projects.services.import_subjects import NewMedia, NewSubject, import_subjects
from projects.services.store_media import store_media

MOST_PICTURES = 20
"""Of one subject."""
MOST_WAITING = 20_000
"""Announced subjects of a project that have not become subjects."""
NAMES = ("external_id", "#external_id")
"""Keys of metadata that say what the team calls the subject; else it is called by its id."""
_ONE_AT_A_TIME = threading.Lock()
"""A picture of 50 million pixels takes 200 MB while it is decoded."""
MIMES = dict(FORMATS.values())


@dataclass(frozen=True)
class Location:
    """A picture that will be sent, or, with an address, one that lies elsewhere on the web."""

    mime: str
    address: str = ""


def announce_subject(
    project: Project, *, locations: Sequence[Location], metadata: dict[str, Any], by: AbstractBaseUser
) -> Announced:
    """A place for a subject with these pictures. Raises Invalid for none or too many, for a type that can't be shown,
    and for a name that the project has."""
    if not 1 <= len(locations) <= MOST_PICTURES:
        raise Invalid(_("locations: a subject has from 1 to %(most)d pictures.") % {"most": MOST_PICTURES})
    for location in locations:
        if location.mime not in MIMES:
            raise Invalid(
                _("locations: %(mime)s can't be shown here; there are %(all)s.")
                % {"mime": location.mime[:60], "all": ", ".join(MIMES)}
            )
        if location.address:
            _check_address(location.address)
    if project.announced.count() >= MOST_WAITING:
        raise Invalid(
            _("%(n)d announced subjects of this project wait for pictures or a set: see to these first.")
            % {"n": MOST_WAITING}
        )
    announced = Announced(
        project=project,
        metadata=metadata,
        media=[
            {"mime": each.mime, "path": each.address, "width": None, "height": None, "sha256": ""}
            for each in locations
        ],
        by_id=by.pk,
    )
    announced.external_id = _name(metadata) or str(announced.pk)
    if Subject.objects.filter(project=project, external_id=announced.external_id).exists():
        raise _taken(announced)
    try:
        with transaction.atomic():
            announced.save(force_insert=True)
    except IntegrityError:
        raise _taken(announced) from None
    return announced


def _check_address(address: str) -> None:
    """The site never fetches it: volunteers' browsers do, and only from where the operator lets them (PICTURE_HOSTS are
    in the content policy). So nobody can make this machine ask its own network for anything."""
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    if origin not in settings.PICTURE_HOSTS or not address.isprintable() or len(address) > 500:
        raise Invalid(
            _(
                "locations: pictures of %(origin)s are not shown here. Upload the file itself, or ask whoever runs the "
                "site to add that address to PICTURE_HOSTS."
            )
            % {"origin": origin[:100]}
        )


def _taken(announced: Announced) -> Invalid:
    return Invalid(
        _("The project has a subject %(name)s already: give external_id in metadata another value.")
        % {"name": announced.external_id[:80]}
    )


def _name(metadata: dict[str, Any]) -> str:
    for key in NAMES:
        value = metadata.get(key)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            name = " ".join(str(value).split())
            if len(name) > 200:
                raise Invalid(_("%(key)s in metadata is longer than 200 characters.") % {"key": key})
            return name
    return ""


def receive_media(announced_id: int, at: int, mime: str, content: bytes) -> bool:
    """The picture at that place, checked as those of an upload in the lab are; whether it was new.

    The same once more changes nothing, also after it has become a subject. Raises Invalid for what is no such picture,
    TooLarge, and Conflict where another picture is there: a subject's pictures never change.
    """
    if len(content) > MOST_BYTES:
        raise TooLarge(
            _("A picture has %(most)d MB at most: make it smaller.") % {"most": MOST_BYTES // 1024**2}
        )
    digest = hashlib.sha256(content).hexdigest()
    there = _digest_there(announced_id, at)
    if there == digest:
        return False
    if there is not None:
        raise Conflict(_("Another picture is there already: announce a new subject for this one."))
    try:
        with _ONE_AT_A_TIME:
            kind, width, height = measured(content)
    except ValueError as error:
        raise Invalid(_("This is not taken: %(reason)s.") % {"reason": error}) from None
    if FORMATS[kind][0] != mime:
        raise Invalid(
            _("%(mime)s was announced, and this is %(found)s: announce what you send.")
            % {"mime": mime, "found": FORMATS[kind][0]}
        )
    project = Announced.objects.select_related("project").get(pk=announced_id).project
    path = f"{project.slug}/{announced_id}-{at}.{digest[:8]}{FORMATS[kind][1]}"
    with tempfile.TemporaryDirectory() as folder:
        beside = Path(folder) / "picture"
        beside.write_bytes(content)
        store_media(beside, path)
    with transaction.atomic():
        announced = Announced.objects.select_for_update(of=("self",)).get(pk=announced_id)
        announced.media[at] = {
            "mime": mime, "path": path, "width": width, "height": height, "sha256": digest,
        }  # fmt: skip
        announced.save(update_fields=["media"])
        if announced.subject_set and not announced.missing:
            become_subjects(announced.subject_set, [announced])
    return True


def _digest_there(announced_id: int, at: int) -> str | None:
    """Of the picture that has arrived; None where none has. Raises Invalid where there is no such place."""
    announced = Announced.objects.filter(pk=announced_id).first()
    if announced is not None:
        media = announced.media[at]
        return str(media["sha256"]) if media["path"] else None
    digest = Media.objects.filter(subject=announced_id, position=at).values_list("sha256", flat=True).first()
    if digest is None:
        raise Invalid(_("The subject was deleted: announce it again."))
    return digest


def become_subjects(subject_set: SubjectSet, whole: Sequence[Announced]) -> None:
    """Those of which all pictures are here, locked by the caller, are subjects of the set from here on."""
    added = import_subjects(
        subject_set,
        [
            NewSubject(
                each.external_id,
                [NewMedia(**media) for media in each.media],
                metadata=each.metadata,
                id=each.pk,
            )
            for each in whole
        ],
    )
    if added < len(whole):  # the name came in by another way meanwhile
        names = {each.pk: each.external_id for each in whole}
        there = Subject.objects.filter(pk__in=names).values_list("pk", flat=True)
        raise Invalid(
            _("The project has a subject %(name)s already: announce this one under another external_id.")
            % {"name": names[min(names.keys() - set(there))][:80]}
        )
    Announced.objects.filter(pk__in=[each.pk for each in whole]).delete()


def withdraw(announced: Announced) -> None:
    """It will be no subject. Files that have arrived stay in the store, as all media do."""
    announced.delete()
