"""Exports as the reference platform's clients fetch them: asked for, looked after, downloaded from a signed address.

They are the exports of the page Data (projects/exports/waiting.py), as CSV. Nothing limits how often one may ask.
"""

from functools import partial
from typing import Any

from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.pages.exports import hurry, keep_look
from portal.panoptes import identity
from portal.panoptes.door import answer, door, known
from portal.panoptes.errors import Refused
from portal.panoptes.kinds import KINDS
from portal.panoptes.resource import Call, moment
from portal.ranged import send
from projects.exports.forms import FORMS
from projects.exports.waiting import ask, file_name, opened, path_of, storage
from projects.models import Export, Project, Workflow
from projects.permissions import is_member, may_download, require_download

FILE = "voorwerp.panoptes.file"
LASTS = 900
"""Seconds in which a download is begun; clients fetch at once."""
CSV = "csv"
OFFERED = {
    "projects": ("classifications", "subjects", "workflows"),
    "workflows": ("classifications", "subjects"),
    "subject_sets": ("classifications",),
}
"""Of what which tables."""


@door("GET", "POST")
@known
def export(call: Call, resource: str, row: int, table: str) -> HttpResponse:
    """POST asks for a file of how things stand now; GET says how far it is, and then where it lies."""
    if table not in OFFERED.get(resource, ()):
        raise Refused(
            404, _("There is no export of %(what)s here: see docs/panoptes.md.") % {"what": table[:40]}
        )
    project, workflow = _about(call, resource, row)
    require_download(call.user, project)
    team = is_member(call.user, project.pk)
    if call.request.method == "POST":
        record = ask(project, table=table, form=CSV, workflow=workflow, team=team, by=call.user)
        if record.state == Export.State.WAITING:
            transaction.on_commit(hurry)
    else:
        found = Export.objects.filter(project=project, workflow=workflow, table=table, form=CSV, team=team)
        newest = found.exclude(state=Export.State.CANCELLED).first()
        if newest is None:
            raise Refused(404, _("Nobody has asked for this export yet: get_export(..., generate=True)."))
        record = newest
    if record.state == Export.State.FAILED:  # else a client would ask for ever
        raise Refused(409, _("The export failed: %(why)s") % {"why": record.message})
    return answer({"media": [_shown(call, record)]})


def _about(call: Call, resource: str, row: int) -> tuple[Project, Workflow | None]:
    """The project, and the workflow if it is about one. Raises Refused."""
    found = KINDS[resource].find(call, row)
    if isinstance(found, Project):
        return found, None
    if isinstance(found, Workflow):
        return found.project, found
    flows = list(found.workflows.filter(published__isnull=False)[:2])
    if len(flows) != 1:
        raise Refused(
            422,
            _("Not one workflow alone is about this set: ask for the export of the workflow that you mean."),
        )
    return found.project, flows[0]


def _shown(call: Call, record: Export) -> dict[str, Any]:
    is_ready = record.state == Export.State.DONE
    signed = signing.dumps([record.pk, call.token.pk], salt=FILE)
    return {
        "id": str(record.pk),
        "content_type": "text/csv",
        "src": call.absolute(reverse("panoptes:file", args=[signed])) if is_ready else None,
        "metadata": {
            "state": "ready" if is_ready else "creating",
            "rows": record.rows,
            "done": record.done,
            "total": record.total,
        },
        "created_at": moment(record.at),
        "updated_at": moment(record.finished_at or record.at),
    }


@door("GET", limit="download")
def file(request: HttpRequest, signed: str) -> HttpResponseBase:
    """The client sends no bearer here. Whoever had the address signed must still be allowed; that a team member has now
    seen others' answers is kept (Look)."""
    try:
        pk, token = signing.loads(signed, salt=FILE, max_age=LASTS)
    except signing.BadSignature:
        raise Refused(
            403,
            _("This address ran out after %(n)d minutes, or is none: ask for the export again.")
            % {"n": LASTS // 60},
        ) from None
    request.user = identity.usable(token).user
    record = Export.objects.select_related("project", "workflow").filter(pk=pk).first()
    if record is None or not storage().exists(path_of(record)) or record.size is None:
        raise Refused(404, _("The file is not kept any more: ask for the export again."))
    allowed = (
        is_member(request.user, record.project_id)
        if record.team
        else may_download(request.user, record.project)
    )
    if not allowed:
        raise Refused(403, _("You may not have this file any more."))
    keep_look(request, record)
    return send(
        request, partial(opened, record), size=record.size, name=file_name(record), mime=FORMS[CSV].mime,
        etag=record.sha256[:32],
    )  # fmt: skip
