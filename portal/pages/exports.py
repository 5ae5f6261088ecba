"""Files that take a worker: ask for one on the page Data, see it go, fetch it in parts if need be."""

import logging
import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.limits import limited
from portal.pages.imports import private
from portal.pages.places import get_project, get_project_for
from portal.ranged import send
from projects.exceptions import Invalid
from projects.exports.forms import FORMS
from projects.exports.tables import TABLES
from projects.exports.waiting import ask, file_name, opened, path_of, stop, storage
from projects.exports.working import GOING_ON
from projects.models import Export, Project
from projects.permissions import is_member, may_download, may_own
from projects.services.look_at_answers import look_at_answers
from projects.services.rename_volunteers import rename_volunteers
from projects.services.volunteers import join_account, volunteer_of

logger = logging.getLogger(__name__)
EARLIER = 30


@limited("download")
@require_POST
def ask_for(request: HttpRequest, slug: str) -> HttpResponseBase:
    """`workflow` (its slug; empty: of all), `table`, `form`."""
    project = get_project(request, slug)
    if not may_download(request.user, project):
        raise Http404
    given = request.POST
    workflow = None
    if given.get("workflow"):
        workflow = get_object_or_404(project.workflows.select_related("project"), slug=given["workflow"])
    user = request.user if request.user.is_authenticated else None
    try:
        record = ask(
            project,
            table=given.get("table", ""),
            form=given.get("form", ""),
            workflow=workflow,
            team=is_member(request.user, project.pk),
            by=user,
        )
    except Invalid as error:
        messages.error(request, str(error.message))
    else:
        if record.state == Export.State.WAITING:
            transaction.on_commit(hurry)
    return redirect(reverse("pages:data", args=[slug]) + "#files")


@require_safe
def state(request: HttpRequest, slug: str) -> HttpResponse:
    """The fragment that a page fetches every second while something goes on; when that has ended, the whole page."""
    project = get_project(request, slug)
    if not may_download(request.user, project):
        raise Http404
    context = of_project(request, project)
    response = private(render(request, "pages/_exports.html", {"project": project, **context}))
    if request.GET.get("seen") != ",".join(str(each["record"].pk) for each in context["going_on"]):
        response["HX-Refresh"] = "true"
    return response


@require_POST
def cancel(request: HttpRequest, slug: str, export: uuid.UUID) -> HttpResponse:
    """By who asked for it, and by the team."""
    record = record_for(request, slug, export)
    if not may_cancel(request, record):
        raise Http404
    if stop(record):
        messages.success(request, _("Cancelled: %(file)s is not written.") % {"file": file_name(record)})
    else:
        messages.info(request, _("%(file)s had ended before.") % {"file": file_name(record)})
    return redirect(reverse("pages:data", args=[slug]) + "#files")


@limited("download")
@require_safe
def file(request: HttpRequest, slug: str, export: uuid.UUID) -> HttpResponseBase:
    return send_file(request, record_for(request, slug, export))


def send_file(request: HttpRequest, record: Export) -> HttpResponseBase:
    """The finished file, or a part of it (Range). Who gets the team's file has now seen others' answers (Look)."""
    if record.state != Export.State.DONE or record.size is None:
        raise Http404
    if not storage().exists(path_of(record)):
        raise Http404
    keep_look(request, record)
    form = FORMS[record.form]
    return send(
        request,
        partial(opened, record),
        size=record.size,
        name=file_name(record),
        mime=form.mime,
        etag=record.sha256[:32],
    )


@require_POST
def rename(request: HttpRequest, slug: str) -> HttpResponse:
    """New pseudonyms for everybody, by an owner."""
    rename_volunteers(get_project_for(request, slug, may_own))
    messages.success(request, _("From now on each file names every volunteer anew."))
    return redirect("pages:data", slug)


def keep_look(request: HttpRequest, record: Export) -> None:
    user = request.user
    if not record.team or not user.is_authenticated or not TABLES[record.table].answers:
        return
    person = volunteer_of(request) or join_account(None, user)
    workflows = [record.workflow] if record.workflow else record.project.workflows.all()
    for workflow in workflows:
        look_at_answers(workflow.pk, person)


def of_project(request: HttpRequest, project: Project) -> dict[str, Any]:
    """going_on, and files that are there or came to nothing; visitors see those of the finished subjects."""
    rows = Export.objects.filter(project=project).select_related("workflow", "project", "release")
    if not is_member(request.user, project.pk):
        rows = rows.filter(Q(team=False))
    going_on = rows.filter(state__in=GOING_ON).order_by("pk")
    ended = rows.exclude(state__in=[*GOING_ON, Export.State.CANCELLED]).filter(release=None)[:EARLIER]
    return {
        "going_on": [_shown(request, each) for each in going_on],
        "files": [_shown(request, each) for each in ended],
    }


def hurry() -> None:
    """Else beat finds it within five seconds."""
    from projects.jobs import tend_exports  # noqa: PLC0415 - Celery is loaded when it is first needed

    try:
        tend_exports.apply_async(expires=60, retry=False)
    except Exception as error:
        logger.warning("No message to the workers (%s); beat will find the export.", error)


def _shown(request: HttpRequest, record: Export) -> dict[str, Any]:
    return {
        "record": record,
        "name": file_name(record),
        "form": FORMS[record.form].name,
        "may_cancel": may_cancel(request, record),
        "share": round(100 * record.done / record.total) if record.total else None,
    }


def record_for(request: HttpRequest, slug: str, export: uuid.UUID) -> Export:
    """For who may have the file; to others it is not there."""
    project = get_project(request, slug)
    found = get_object_or_404(
        Export.objects.select_related("workflow", "project"), project=project, public_id=export
    )
    allowed = is_member(request.user, project.pk) if found.team else may_download(request.user, project)
    if not allowed:
        raise Http404
    return found


def may_cancel(request: HttpRequest, record: Export) -> bool:
    user = request.user
    return user.is_authenticated and (user.pk == record.asked_by_id or is_member(user, record.project_id))
