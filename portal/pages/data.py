"""What a project gives away: its tables in many forms, files that were asked for, its attributes described."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.pages import exports
from portal.pages.activity import has_simulated
from portal.pages.places import get_project
from projects.exports.cone import has_places
from projects.exports.files import COLUMNS, tables_of
from projects.exports.forms import FORMS
from projects.models import Webhook, Workflow
from projects.permissions import is_member, may_download, may_hook, may_own

Words = str | Promise
TOLD: dict[str, tuple[Words, Words]] = {
    "catalogue": (
        _("Catalogue"),
        _("One row a subject: what was measured, and what the volunteers say, weighed."),
    ),
    "marks": (
        _("Marks"),
        _(
            "One row a thing that volunteers have drawn: its mean shape, how many drew it, the chance that it is real."
        ),
    ),
    "classifications": (
        _("Raw classifications"),
        _(
            "One row an answer, as it was given, in the 14 columns of the reference platform. Some cells hold JSON."
        ),
    ),
    "annotations": (
        _("Annotations"),
        _("One row an answered question or a drawn mark, ready for a spreadsheet: no cell holds JSON."),
    ),
    "votes": (_("Votes"), _("One row a vote of an answer that counts: what the weighing reads.")),
    "subjects": (
        _("Subjects"),
        _("One row a subject: its names, addresses of its pictures, metadata, measurements."),
    ),
    "workflows": (
        _("Workflow versions"),
        _("One row a published version: what was asked, and in which words."),
    ),
    "merits": (
        _("Volunteers' merits"),
        _("One row a volunteer and question: skill and information, by pseudonym. For the team only."),
    ),
    "unusual": (
        _("Unusual objects"),
        _("One row an object that stands out, with why, who found it, what became of it."),
    ),
    "ranking": (
        _("Ranking"),
        _("One row a member of compared pairs: its place and strength with an interval."),
    ),
    COLUMNS: (_("Columns"), _("What each column of the others says, with units.")),
}
"""Table to its name and what is in it. The order is that of the page."""


@require_safe
def data(request: HttpRequest, slug: str) -> HttpResponse:
    """Open to whoever sees the project; the files only to whoever may download them."""
    project = get_project(request, slug)
    team = is_member(request.user, project.pk)
    may = may_download(request.user, project)
    may_tell = may_hook(request.user, project.pk)
    workflows = project.workflows.filter(published__isnull=False).select_related("counter")
    context = {
        "project": project,
        "flows": [_flow(project.slug, each, team) for each in workflows] if may else [],
        "attributes": project.attributes.all(),
        "may_download": may,
        "may_hook": may_tell,
        "webhook_off": may_tell and project.webhooks.filter(state=Webhook.State.OFF).exists(),
        "may_rename": may_own(request.user, project.pk),
        "has_simulated": has_simulated(project),
        "is_member": team,
        "more": exports.of_project(request, project) if may else {},
    }
    return render(request, "pages/data.html", context)


def _flow(slug: str, workflow: Workflow, team: bool) -> dict[str, Any]:
    """A workflow with its tables: each with its words, the address of its CSV, and the other forms."""
    offered = {table.name: table.forms for table in tables_of(workflow, team=team)} | {COLUMNS: ("csv",)}
    tables = [
        {
            "table": name,
            "name": TOLD[name][0],
            "what": TOLD[name][1],
            "csv": reverse(f"api:{name}.csv", args=[slug, workflow.slug]),
            "forms": [(form, FORMS[form]) for form in offered[name] if form != "csv"],
        }
        for name in TOLD
        if name in offered
    ]
    return {"workflow": workflow, "tables": tables, "cone": has_places(workflow)}
