"""What is kept only for a time, and the job that ends it. The record itself (answers, their pseudonymous givers) stays.

settings.KEEP says how many days; the privacy page shows the same numbers. Leases end by themselves
(projects.services.leases), uploaded files with their import (projects.imports.waiting).
"""

import os
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from portal.talk.services.notices import forget as forget_notices
from projects.exports.waiting import forget as forget_exports
from projects.imports.uploading import forget as forget_uploads
from projects.models import Consent, Cursor, LaneCursor, Lease, Volunteer
from projects.services.once import forget_calls
from projects.services.webhooks import forget as forget_messages

CALLS = timedelta(days=3)
"""How long the API knows what it has answered under an Idempotency-Key."""


@dataclass(frozen=True)
class Forgotten:
    """How much one round took away."""

    sessions: int
    cursors: int
    volunteers: int
    logs: int
    exports: int
    calls: int
    messages: int
    uploads: int
    notices: int

    def __str__(self) -> str:
        return ", ".join(f"{number} {what}" for what, number in asdict(self).items())


def forget(now: datetime | None = None) -> Forgotten:
    """One round; safe to repeat and to run at the same time. `now`: for tests."""
    now = now or timezone.now()
    return Forgotten(
        sessions=_sessions(now),
        cursors=_cursors(),
        volunteers=_volunteers(now - timedelta(days=settings.KEEP["unused"])),
        logs=_logs(Path(settings.VAR_DIR) / "log", now.timestamp()),
        exports=forget_exports(now),
        calls=forget_calls(now - CALLS),
        messages=forget_messages(now - timedelta(days=settings.KEEP["logs"])),
        uploads=forget_uploads(now),
        notices=forget_notices(now - timedelta(days=settings.KEEP["notices"])),
    )


def _sessions(now: datetime) -> int:
    """A session ends by itself (SESSION_COOKIE_AGE); its row goes with it."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]


def _cursors() -> int:
    """Places in ring and lanes of those who looked and never answered: without a lease they begin anywhere as well."""
    strangers = ~Exists(Volunteer.objects.filter(public_id=OuterRef("holder")))
    idle = ~Exists(Lease.objects.filter(workflow_id=OuterRef("workflow_id"), holder=OuterRef("holder")))
    idle_there = ~Exists(
        Lease.objects.filter(workflow_id=OuterRef("lane__workflow_id"), holder=OuterRef("holder"))
    )
    LaneCursor.objects.filter(strangers, idle_there).delete()
    return Cursor.objects.filter(strangers, idle).delete()[0]


@transaction.atomic
def _volunteers(before: datetime) -> int:
    """Volunteers that no row but their consents names, and that have no account (any more).

    Whoever has answered, joined, kept or looked at something is named by a row; so is whoever a later table tells of.
    """
    unused = Volunteer.objects.filter(
        ~Exists(Volunteer.objects.filter(joined_to=OuterRef("pk"))),
        account=None, joined_to=None, simulated=False, source="", created_at__lt=before,
    )  # fmt: skip
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Volunteer and model not in (Volunteer, Consent):
                unused = unused.exclude(
                    Exists(model._default_manager.filter(**{field.attname: OuterRef("pk")}))
                )
    going = list(unused.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    return unused.filter(pk__in=going).delete()[1].get("projects.Volunteer", 0)


def _logs(folder: Path, now: float) -> int:
    """Put each log aside, as NAME.log.1, when the last one aside is half the time old: so no line gets older than all
    of it. Copied and emptied in place, since its process goes on writing to it; a line or two may be lost."""
    put_aside = 0
    for log in sorted(folder.glob("*.log")):
        aside = log.with_name(f"{log.name}.1")
        if not aside.exists():
            aside.touch()  # from now on its time runs
        if now - aside.stat().st_mtime < settings.KEEP["logs"] * 86400 / 2:
            continue
        shutil.copyfile(log, aside)
        os.truncate(log, 0)
        put_aside += 1
    return put_aside
