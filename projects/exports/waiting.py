"""Files that are asked for: written by a worker's process one after another, kept some days, deleted.

Web and worker see the same private storage. Whoever is given the team's file has looked at others' answers: the caller
keeps that when it sends the file (projects/services/look_at_answers.py), since it shows what was open by then.
"""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.exceptions import Invalid, VoorwerpError
from projects.exports.columns import Column
from projects.exports.files import table_of
from projects.exports.forms import FORMS, Content
from projects.exports.releases.build import build
from projects.exports.releases.make import RELEASE
from projects.exports.tables import TABLES, Table
from projects.exports.working import GOING_ON, Cancelled, Work, cancel, fail, is_worked_on, take_up
from projects.models import Export, Project, Release, Workflow, WorkflowCounter

TRIES = 3
AT_ONCE = 2
"""Exports that are written at the same time on the whole site."""

FRESH = timedelta(minutes=1)
"""So long a file is given again to who asks for the same, if the record has not gone on."""

ASK = 0x45585451  # "EXTQ": who asks for the same at the same time waits for the other


@transaction.atomic
def ask(
    project: Project,
    *,
    table: str,
    form: str,
    workflow: Workflow | None = None,
    team: bool,
    by: AbstractBaseUser | None = None,
) -> Export:
    """A file of a table, in a form, to be written by the worker; workflow None: of all published ones together.

    One that goes on, or was made of the same record within the last minute, is given to all who ask for the same.
    Raises Invalid for a table or a form that there is not.
    """
    if table not in TABLES or form not in TABLES[table].forms:
        raise Invalid(
            _("There is no table %(table)s as %(form)s.") % {"table": table[:40], "form": form[:40]}
        )
    workflows = _workflows(project, workflow, TABLES[table])
    for each in workflows:
        table_of(table, each, team=team)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ASK, project.pk])
    same = Export.objects.filter(project=project, workflow=workflow, table=table, form=form, team=team)
    positions = _positions(workflows)
    going_on = same.filter(state__in=GOING_ON).first()
    fresh = same.filter(
        state=Export.State.DONE, positions=positions, finished_at__gt=timezone.now() - FRESH
    ).first()
    return (
        going_on
        or fresh
        or Export.objects.create(
            project=project,
            workflow=workflow,
            table=table,
            form=form,
            team=team,
            positions=positions,
            asked_by_id=by.pk if by else None,
        )
    )


def tend() -> list[int]:
    """What beat asks for now and then: the exports to write next. One whose process was killed is taken up again."""
    free, chosen = AT_ONCE, []
    for record in Export.objects.filter(state__in=GOING_ON).order_by("pk"):
        with transaction.atomic():
            if is_worked_on(record):
                free -= 1
            elif record.tries >= TRIES:
                fail(record, _("It broke off %(n)s times. Ask for it again.") % {"n": TRIES})
            else:
                chosen.append(record.pk)
    return chosen[: max(free, 0)]


def run_waiting(record: Export) -> None:
    """Write it now, in this process. What it came to stands in the record."""
    try:
        with take_up(record) as work:
            if work is not None:
                _write(work)
    except VoorwerpError:
        pass  # told in the record
    finally:
        record.refresh_from_db()


def stop(record: Export) -> bool:
    """Cancel it; False where it had ended before."""
    return cancel(record)


def opened(record: Export) -> IO[bytes]:
    """The finished file. Raises FileNotFoundError."""
    return storage().open(path_of(record), "rb")


def file_name(record: Export) -> str:
    if record.table == RELEASE:
        number = Release.objects.values_list("number", flat=True).get(export=record)
        return f"{record.project.slug}-release-{number}.zip"
    name = f"{record.project.slug}-{record.workflow.slug}" if record.workflow else record.project.slug
    return f"{name}-{record.table}.{FORMS[record.form].suffix}"


def forget(now: datetime) -> int:
    """Delete the files whose time is over, with their rows, and what else has ended as long ago; returns how many."""
    old = now - timedelta(days=settings.KEEP["exports"])
    ended = Export.objects.filter(until=None, finished_at__lte=old).exclude(state=Export.State.DONE)
    over = (Export.objects.filter(until__lte=now) | ended).filter(release=None)
    gone = 0
    for record in over:
        storage().delete(path_of(record))
        gone += record.delete()[0]
    return gone


def storage() -> Storage:
    return storages["private"]


def path_of(record: Export) -> str:
    folder = "releases" if record.table == RELEASE else "exports"
    return f"{folder}/{record.public_id}.{FORMS[record.form].suffix}"


def _workflows(project: Project, workflow: Workflow | None, table: Table) -> list[Workflow]:
    if workflow is not None:
        return [workflow]
    found = list(project.workflows.filter(published__isnull=False))
    if not found:
        raise Invalid(_("No workflow of this project was ever published, so there are no data."))
    if not table.together:
        raise Invalid(_("Say of which workflow: the columns of this table differ."))
    return found


def _positions(workflows: Sequence[Workflow]) -> dict[str, int]:
    found = WorkflowCounter.objects.filter(pk__in=[each.pk for each in workflows])
    return {str(pk): position for pk, position in found.values_list("pk", "position")}


def _write(work: Work) -> None:
    """All as of one moment; into a file of this machine first, then whole into the storage."""
    record = work.record
    with _folder(record) as folder:
        target = folder / "file"
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            if record.table == RELEASE:
                _build_release(work, target)
            else:
                _write_table(work, target)
        with target.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            storage().delete(path_of(record))  # of a process that was killed between the two steps
            file.seek(0)
            storage().save(path_of(record), File(file))
        _finish(record, work.rows, target.stat().st_size, sha256)


def _write_table(work: Work, target: Path) -> None:
    record = work.record
    table = TABLES[record.table]
    workflows = _workflows(record.project, record.workflow, table)
    totals = [table.total(each, team=record.team) for each in workflows]
    work.begin(None if None in totals else sum(total or 0 for total in totals))
    FORMS[record.form].writer(record.form)(target, _content(work, table, workflows, totals))


def _build_release(work: Work, target: Path) -> None:
    release = Release.objects.select_related("project").get(export=work.record)
    work.begin(None)
    release.files, release.checksum = build(release, target, work)
    release.save(update_fields=["files", "checksum", "about"])


def folder_of(record: Export) -> Path:
    return Path(settings.VAR_DIR) / "exports" / str(record.pk)


@contextmanager
def _folder(record: Export) -> Iterator[Path]:
    """An empty one on this machine, of who works on the export alone; what a killed process left in it is gone."""
    folder = folder_of(record)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _finish(record: Export, rows: int, size: int, sha256: str) -> None:
    now = timezone.now()
    running = Export.objects.filter(pk=record.pk, state=Export.State.RUNNING)
    if not running.update(
        state=Export.State.DONE,
        rows=rows,
        size=size,
        sha256=sha256,
        finished_at=now,
        until=None if record.table == RELEASE else now + timedelta(days=settings.KEEP["exports"]),
    ):
        storage().delete(path_of(record))
        raise Cancelled


def _content(
    work: Work, table: Table, workflows: Sequence[Workflow], totals: Sequence[int | None]
) -> Content:
    team = work.record.team
    first = workflows[0]
    columns = table.columns(first, team=team)
    title = f"{first.project.title}: {first.title}" if work.record.workflow else first.project.title
    if len(workflows) == 1:
        rows = work.through(table.rows(first, team=team), table.position)
    else:
        rows = _together(work, table, workflows, totals)
        columns = [_nth(column, at) for at, column in enumerate(columns)]
    return Content(
        f"{title}, {table.name}", _("From Voorwerp; see the table of columns."), columns, rows, first
    )


def _together(
    work: Work, table: Table, workflows: Sequence[Workflow], totals: Sequence[int | None]
) -> Iterator[tuple[Any, ...]]:
    """The cells of one workflow after the other, each by its own columns."""
    before = 0
    for workflow, total in zip(workflows, totals, strict=True):
        workflow.project = work.record.project
        getters = [column.of for column in table.columns(workflow, team=work.record.team)]
        rows = table.rows(workflow, team=work.record.team)
        for row in work.through(rows, table.position, before):
            yield tuple(of(row) for of in getters)
        before += total or 0


def _nth(column: Column[Any], at: int) -> Column[tuple[Any, ...]]:
    return Column(
        column.name, column.description, itemgetter(at), column.unit, column.values, column.type, column.ucd
    )
