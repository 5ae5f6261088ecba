"""A workflow as text: its draft as a YAML file, and an edited file as the next edition of the draft."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.pages.lab.drafting import conflict, read_edition
from portal.pages.places import get_project_for, get_workflow
from projects.bundles.take import take_text
from projects.bundles.write import workflow_text
from projects.drafting.changes import changes
from projects.exceptions import Conflict, Invalid
from projects.models import Workflow
from projects.permissions import may_edit
from projects.services.drafts import draft_of, edition_at

MOST_BYTES = 4 * 1024 * 1024
SHOWN = 50
"""Sentences of what a file has changed."""


@require_http_methods(["GET", "POST"])
@never_cache
def text(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """The file to look at; a POST takes an edited one in and tells what it changed."""
    flow = get_workflow(get_project_for(request, slug, may_edit), workflow)
    problem, changed, told, status = "", [], None, 200
    if request.method == "POST":
        seen = read_edition(request)
        try:
            _take(request, flow, seen)
            told = changes(edition_at(flow, seen) or {}, draft_of(flow).definition)[:SHOWN]
            messages.success(
                request, _("The file is the draft now.") if told else _("The file changes nothing.")
            )
        except Conflict as error:
            problem, changed, status = str(error), conflict(flow, seen), error.status
        except Invalid as error:
            problem, status = str(error), 400
    draft = draft_of(flow)
    written = ""
    try:
        written = workflow_text(flow, draft.definition)
    except Invalid as error:
        problem = problem or _("There is no file of it yet: %(why)s") % {"why": str(error)}
    context = {
        "project": flow.project,
        "workflow": flow,
        "written": written,
        "edition": draft.edition,
        "problem": problem,
        "changed": changed,
        "told": told,
    }
    return render(request, "lab/text.html", context, status=status)


def _take(request: HttpRequest, flow: Workflow, edition: int) -> None:
    """Raises Invalid and Conflict."""
    file = request.FILES.get("file")
    if file is None:
        raise Invalid(_("Choose a file first."))
    if file.size is None or file.size > MOST_BYTES:
        raise Invalid(_("The file is larger than 4 MB: no workflow is."))
    try:
        content = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(_("The file is not UTF-8 (byte %(at)d).") % {"at": error.start}) from None
    assert request.user.is_authenticated  # noqa: S101 (of the team)
    take_text(flow, content, edition=edition, by=request.user)


@require_safe
@never_cache
def file(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """The file to keep and edit."""
    flow = get_workflow(get_project_for(request, slug, may_edit), workflow)
    try:
        written = workflow_text(flow, draft_of(flow).definition)
    except Invalid as error:
        messages.error(request, str(error))
        return redirect("lab:text", slug, workflow)
    response = HttpResponse(written, content_type="text/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{flow.slug}.yaml"'
    return response
