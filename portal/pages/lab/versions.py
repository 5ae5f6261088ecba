"""What was published when, how many answers each version has, and what differs between two, or from the draft."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.pages.places import get_project_for, get_workflow
from projects.drafting.changes import changes
from projects.models import Classification, Workflow
from projects.permissions import may_edit
from projects.services.drafts import draft_of

DRAFT = "draft"


@require_safe
@never_cache
def versions(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """`?old=&new=` choose two: a version's id, or draft. Without: the published one and the draft."""
    flow = get_workflow(get_project_for(request, slug, may_edit), workflow)
    rows = list(flow.versions.order_by("-major", "-minor"))
    counts = dict(
        Classification.objects.filter(workflow=flow).values_list("version").annotate(n=Count("pk")).order_by()
    )
    chosen = _chosen(request, flow, rows)
    context: dict[str, Any] = {
        "project": flow.project,
        "workflow": flow,
        "rows": [(row, counts.get(row.pk, 0)) for row in rows],
        "choices": [(DRAFT, _("the draft")), *[(str(row.pk), row.number) for row in rows]],
        "chosen": chosen,
        "told": changes(*(_definition(flow, rows, each) for each in chosen)) if rows else None,
    }
    return render(request, "lab/versions.html", context)


def _chosen(request: HttpRequest, flow: Workflow, rows: list[Any]) -> tuple[str, str]:
    known = {DRAFT, *(str(row.pk) for row in rows)}
    old, new = request.GET.get("old", ""), request.GET.get("new", "")
    return old if old in known else str(flow.published_id), new if new in known else DRAFT


def _definition(flow: Workflow, rows: list[Any], chosen: str) -> dict[str, Any]:
    if chosen == DRAFT:
        return draft_of(flow).definition
    return next(row.definition for row in rows if str(row.pk) == chosen)
