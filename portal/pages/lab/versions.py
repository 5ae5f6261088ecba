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
from projects.models import Classification, Draft
from projects.permissions import may_edit
from projects.services.drafts import draft_of, kept_state

DRAFT = "draft"
EDITIONS = 20
"""The newest states of the draft, to compare and to go back to."""


@require_safe
@never_cache
def versions(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """`?old=&new=` choose two: draft, or a state as `kept_state` names it. Without: the published one and the draft."""
    flow = get_workflow(get_project_for(request, slug, may_edit), workflow)
    rows = list(flow.versions.order_by("-major", "-minor"))
    editions = list(Draft.objects.filter(workflow=flow).select_related("by").order_by("-edition")[:EDITIONS])
    counts = dict(
        Classification.objects.filter(workflow=flow).values_list("version").annotate(n=Count("pk")).order_by()
    )
    choices = [
        (DRAFT, _("the draft")),
        *[(f"v{row.pk}", row.number) for row in rows if not row.inferred],
        *[(f"e{each.edition}", _("draft %(n)d") % {"n": each.edition}) for each in editions[1:]],
    ]
    known = [value for value, _said in choices]
    old, new = request.GET.get("old", f"v{flow.published_id}"), request.GET.get("new", DRAFT)
    chosen = (old if old in known else known[-1], new if new in known else DRAFT)
    draft = draft_of(flow)
    context: dict[str, Any] = {
        "project": flow.project,
        "workflow": flow,
        "rows": [(row, counts.get(row.pk, 0)) for row in rows],
        "editions": editions,
        "edition": draft.edition,
        "choices": choices,
        "chosen": chosen,
        "told": changes(*(draft.definition if each == DRAFT else kept_state(flow, each) for each in chosen)),
    }
    return render(request, "lab/versions.html", context)
