"""What the pages of a draft share: which edition a form was made from, what has come since, and a page of one form."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from projects.drafting.changes import changes
from projects.exceptions import Conflict, Invalid
from projects.models import Draft, Workflow
from projects.services.drafts import change_draft, draft_of, edition_at


def read_edition(request: HttpRequest) -> int:
    """That of the form that was sent; what is none is no edition, so that nothing is overwritten."""
    text = request.POST.get("edition", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def conflict(workflow: Workflow, seen: int) -> list[str]:
    """What others have changed since that edition, in sentences."""
    before = edition_at(workflow, seen)
    return changes(before, draft_of(workflow).definition) if before else []


def form_page(
    request: HttpRequest,
    draft: Draft,
    form: Any,
    template: str,
    *,
    said: str,
    also: Callable[[], object] = lambda: None,
) -> HttpResponse:
    """A form about the draft: shown, or its `step` done to the draft when it is sent, and `also` with it. Where that is
    refused the form comes back as it was filled in."""
    flow, changed, status = draft.workflow, [], 200
    if request.method == "POST":
        seen, status = read_edition(request), 400
        if form.is_valid():
            assert request.user.is_authenticated  # noqa: S101 (of the team)
            try:
                with transaction.atomic():
                    change_draft(flow, edition=seen, step=form.step, by=request.user)
                    also()
                messages.success(request, said)
                return redirect("lab:workflow", flow.project.slug, flow.slug)
            except Conflict as error:
                form.add_error(None, ValidationError(str(error)))
                changed, draft, status = conflict(flow, seen), draft_of(flow), error.status
            except Invalid as error:
                form.add_error(None, ValidationError(str(error)))
    context = {
        "project": flow.project,
        "workflow": flow,
        "form": form,
        "edition": draft.edition,
        "changed": changed,
    }
    return render(request, template, context, status=status)
