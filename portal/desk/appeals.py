"""Appeals at the desk: enter one for a seller, judge the next that one did not decide oneself."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.desk.cards import Card, cards_of, choices_of, verdicts
from portal.desk.item import Refused
from portal.desk.places import is_veiled, number_in, workflow_of
from portal.pages.looks import keep_looks
from portal.pages.run_places import private
from projects.models import Appeal, Decision, Subject, SubjectState, Workflow
from projects.services.appeals import claim_appeal, enter_appeal, overturn, uphold, waiting_appeals
from projects.services.policies import policy_text
from projects.triage.policy import Shown, shown

JUDGED = 20
"""The newest of those that were judged, below."""


@require_http_methods(["GET", "POST"])
def appeals(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """The next that waits, held for who asks. A POST judges `appeal`: `do` uphold, or overturn with `verdict` and
    `category`; with a `reason`."""
    found = workflow_of(request, slug, workflow)
    user = request.user
    assert user.is_authenticated  # noqa: S101 (of the team)
    if request.method == "POST":
        _judge(request, found)
        return redirect("desk:appeals", slug, workflow)
    appeal = claim_appeal(found, user)
    judged = Appeal.objects.filter(workflow=found).exclude(outcome="").select_related("subject", "closed_by")
    context: dict[str, Any] = {
        "project": found.project,
        "workflow": found,
        "appeal": appeal,
        "waiting": waiting_appeals(found),
        "judged": judged.order_by("-closed_at")[:JUDGED],
    }
    if appeal is not None:
        context |= _shown(request, found, appeal.subject) | {
            "cited": _cited(appeal.decision),
            "verdicts": verdicts(),
            "choices": choices_of(found),
        }
    return private(render(request, "desk/appeals.html", context))


@require_http_methods(["GET", "POST"])
def appeal(request: HttpRequest, slug: str, workflow: str, subject: int) -> HttpResponse:
    """Enter one against what stands of an item: `text`, and the `region` where it stands."""
    found = workflow_of(request, slug, workflow)
    user = request.user
    assert user.is_authenticated  # noqa: S101 (of the team)
    if not SubjectState.objects.filter(workflow=found, subject=subject).exists():
        raise Http404
    if request.method == "POST":
        try:
            enter_appeal(found, subject, request.POST.get("text", ""), user, request.POST.get("region", ""))
            messages.success(request, _("The appeal waits to be judged."))
            return redirect("desk:appeals", slug, workflow)
        except Refused as error:
            messages.error(request, str(error.message))
    context = {
        "project": found.project,
        "workflow": found,
        "text": request.POST.get("text", ""),
        **_shown(request, found, get_object_or_404(Subject, pk=subject)),
    }
    return private(
        render(request, "desk/appeal.html", context, status=400 if request.method == "POST" else 200)
    )


def _judge(request: HttpRequest, workflow: Workflow) -> None:
    given, user = request.POST, request.user
    assert user.is_authenticated  # noqa: S101 (of the team)
    rows = Appeal.objects.filter(workflow=workflow).select_related("workflow", "decision__region")
    found = get_object_or_404(rows, pk=number_in(given.get("appeal", "")))
    try:
        if given.get("do") == "uphold":
            uphold(found, given.get("reason", ""), user)
            messages.success(request, _("Upheld."))
        else:
            verdict, category = given.get("verdict", ""), given.get("category", "")
            overturn(found, given.get("reason", ""), user, verdict=verdict, category=category)
            messages.success(request, _("Overturned: the new decision stands."))
    except Refused as error:
        messages.error(request, str(error.message))


def _shown(request: HttpRequest, workflow: Workflow, subject: Subject) -> dict[str, Any]:
    keep_looks(request, workflow.pk, [subject.pk])
    card: Card = cards_of(workflow, [subject])[0]
    return {"card": card, "veiled": is_veiled(request, workflow)}


def _cited(decision: Decision) -> Shown | None:
    """The category as it was in the version by which it was decided, in the reader's language."""
    if decision.policy_id is None:
        return None
    found = shown(policy_text(decision.policy_id), [get_language() or "en"])
    return next((each for each in found if each.key == decision.category), None)
