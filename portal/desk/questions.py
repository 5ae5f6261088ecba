"""Notes for colleagues, questions to the business, and their answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.desk.cards import cards_of
from portal.desk.item import Refused, back_to
from portal.desk.places import is_veiled, number_in, workflow_of
from portal.pages.looks import keep_looks
from portal.pages.run_places import private
from projects.models import DeskNote, SubjectState
from projects.services.desk import answer, ask_business, note

SHOWN = 50


@require_safe
def questions(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """Those without an answer, the oldest first; then the newest answers."""
    found = workflow_of(request, slug, workflow)
    rows = DeskNote.objects.filter(workflow=found, kind=DeskNote.Kind.QUESTION).select_related(
        "by", "subject"
    )
    waiting = list(rows.filter(answered_by=None)[:SHOWN])
    answered = rows.exclude(answered_by=None).select_related("answered_by__by").order_by("-answered_by")
    keep_looks(request, found.pk, [each.subject_id for each in waiting])
    cards = {card.subject.pk: card for card in cards_of(found, [each.subject for each in waiting])}
    context = {
        "project": found.project,
        "workflow": found,
        "waiting": [(each, cards[each.subject_id]) for each in waiting],
        "answered": list(answered[:SHOWN]),
        "veiled": is_veiled(request, found),
    }
    return private(render(request, "desk/questions.html", context))


@require_POST
def write(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """`kind` note or question on `subject`, or the answer to `question`: `text`."""
    found = workflow_of(request, slug, workflow)
    user = request.user
    assert user.is_authenticated  # noqa: S101 (of the team)
    given = request.POST
    kind, text = given.get("kind"), given.get("text", "")
    pk = number_in(given.get("question" if kind == "answer" else "subject", ""))
    try:
        if kind == "answer":
            rows = DeskNote.objects.filter(workflow=found, kind=DeskNote.Kind.QUESTION)
            answer(get_object_or_404(rows, pk=pk), text, user)
            messages.success(request, _("Answered: the item is handed out again."))
        else:
            get_object_or_404(SubjectState, workflow=found, subject=pk)
            if kind == "question":
                ask_business(found, pk, text, user)
                messages.success(request, _("Asked. The item waits for the answer."))
            else:
                note(found, pk, text, user)
                messages.success(request, _("Noted."))
    except Refused as error:
        messages.error(request, str(error.message))
    return redirect(back_to(request, slug))
