"""Fair use, for the team: who is suggested and why, who is blocked and what they say to it, what was decided before.

Volunteers are named by pseudonym. Whoever sees the examples has seen others' answers on them.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mining.models import FairnessLook, Suggestion
from mining.services.suggestions import act, dismiss
from portal.pages.fairness_cards import cards, decided, name_of
from portal.pages.places import get_project_for
from projects.exceptions import Invalid
from projects.models import Block
from projects.permissions import may_judge
from projects.services.blocks import lift
from projects.services.look_at_answers import look_at_subjects
from projects.services.volunteers import join_account

MOST = 30
"""Suggestions on the page: those that harm most."""


@require_safe
@never_cache
def fairness(request: HttpRequest, slug: str) -> HttpResponse:
    project = get_project_for(request, slug, may_judge)
    rows = Suggestion.objects.filter(workflow__project=project, state=Suggestion.State.OPEN)
    rows = rows.select_related("workflow__published", "volunteer").order_by("-harm", "pk")
    listed = cards(project, list(rows[:MOST]))
    if request.user.is_authenticated and listed:
        viewer = join_account(None, request.user)
        for card in listed:
            look_at_subjects(card.row.workflow_id, [each.subject for each in card.examples], viewer)
    standing = Block.objects.filter(project=project, lifted_at=None).select_related("volunteer", "by")
    context: dict[str, Any] = {
        "project": project,
        "cards": listed,
        "more": max(rows.count() - len(listed), 0),
        "blocks": [
            (block, name_of(project, block.volunteer)) for block in standing.order_by("-appealed_at", "-at")
        ],
        "history": decided(project),
        "looks": FairnessLook.objects.filter(workflow__project=project).select_related("workflow"),
    }
    return render(request, "pages/fairness.html", context)


@require_POST
def decide(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`do` is dismiss or block, with a `reason`."""
    project = get_project_for(request, slug, may_judge)
    suggestion = get_object_or_404(Suggestion, pk=pk, workflow__project=project)
    reason, do = request.POST.get("reason", ""), request.POST.get("do", "")
    assert request.user.is_authenticated  # noqa: S101 (of the team)
    try:
        if do == "block":
            act(suggestion, by=request.user, reason=reason)
            messages.success(request, _("Blocked. They read your reason on their own page, and can answer."))
        elif do == "dismiss":
            dismiss(suggestion, by=request.user, reason=reason)
            messages.success(request, _("Dismissed. It comes back only if the evidence grows much."))
        else:
            raise Invalid(_("Choose whether to dismiss or to block."))
    except Invalid as error:
        messages.error(request, str(error))
    return redirect("pages:fairness", slug)


@require_POST
def lift_block(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    project = get_project_for(request, slug, may_judge)
    block = get_object_or_404(Block, pk=pk, project=project)
    assert request.user.is_authenticated  # noqa: S101 (of the team)
    try:
        lift(block=block, by=request.user, reason=request.POST.get("reason", ""))
    except Invalid as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Lifted. Their answers of before count again within minutes."))
    return redirect("pages:fairness", slug)
