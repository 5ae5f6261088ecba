"""A lane at the desk, one item at a time: claimed, shown, decided; undo within a minute."""

import time
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.desk.cards import (
    cards_of,
    choices_of,
    group_history,
    group_key,
    history_of,
    like,
    notes_of,
    verdicts,
)
from portal.desk.places import is_veiled, number_in, workflow_of
from portal.pages.run_places import private
from projects.exceptions import Conflict, Invalid, NotFound, Unqualified, UuidConflict
from projects.models import Lane, Region, Review, Subject, Workflow
from projects.services.claims import claim, claim_next, let_go
from projects.services.decisions import UNDO, Judged
from projects.services.desk import decide_here, take_back
from projects.services.gates import check_lane_gate
from projects.services.look_at_answers import look_at_subjects
from projects.services.reviews import claim_review, judge_again
from projects.services.statement import run
from projects.services.volunteers import join_account, volunteer_of

LONG = 50 * 60
"""Seconds of deciding after which a break is spoken of."""
PAUSE = 10 * 60
"""Seconds without a decision that are a break."""
LEFT = """
SELECT count(retired_at), count(*) FROM projects_subjectstate WHERE lane_id = %(lane)s AND use = 0
"""
Refused = (Invalid, Conflict, NotFound, Unqualified, UuidConflict)


@require_safe
def item(request: HttpRequest, slug: str, workflow: str, lane: str | None = None) -> HttpResponse:
    """The next item of the lane, or of the common pool, held for who asks. One that is to be looked at twice comes as
    any other, without what was said of it."""
    found = workflow_of(request, slug, workflow)
    there = get_object_or_404(found.lanes.filter(closed_at=None), slug=lane) if lane else None
    user = request.user
    assert user.is_authenticated  # noqa: S101 (of the team)
    if there is not None:
        try:
            check_lane_gate(found, there.requires, user)
        except Unqualified as error:
            lacks = {"project": found.project, "workflow": found, "lane": there, "why": str(error.message)}
            return private(render(request, "desk/empty.html", lacks, status=403))
    review = claim_review(found, there, user) if there else None
    subject_id = review.subject_id if review else claim_next(found, there, user)
    context = {
        "project": found.project,
        "workflow": found,
        "lane": there,
        "here": request.path,
        "long": _is_long(request),
        "fresh": request.session.get("desk-last") if is_undoable(request) else None,
        "left": _left(found, there),
    }
    if subject_id is None:
        return private(render(request, "desk/empty.html", context))
    look_at_subjects(
        found.pk, [subject_id], volunteer_of(request) or join_account(None, user)
    )  # held: it is open
    (card,) = cards_of(found, [Subject.objects.get(pk=subject_id)])
    key = group_key(found)
    everywhere = [each.pk for each in card.standing if each.region_id is None]
    context |= {
        "card": card,
        "veiled": is_veiled(request, found),
        "verdicts": verdicts(),
        "choices": choices_of(found),
        "regions": list(Region.objects.filter(project=found.project_id)),
        "like": like(found, subject_id),
        "history": history_of(found, subject_id),
        "notes": [] if review else notes_of(found, subject_id),
        "review": review,
        "group_key": key,
        "group": group_history(found, key, card.group) if card.group else None,
        "id": uuid.uuid4(),
        "seen": everywhere[0] if everywhere else 0,
    }
    return private(render(request, "desk/item.html", context))


@require_POST
def decide(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """`verdict` on each `subject`, with `category`, `reason`, `region`. One has its own `id` and what was `seen`; with
    `many` they are a batch of that id."""
    found = workflow_of(request, slug, workflow)
    user = request.user
    assert user.is_authenticated  # noqa: S101 (of the team)
    given = request.POST
    back = back_to(request, slug)
    try:
        which = uuid.UUID(given.get("id", ""))
        subjects = [int(each) for each in given.getlist("subject")]
        seen = int(given["seen"]) if given.get("seen") and not given.get("region") else None
    except ValueError:
        messages.error(request, _("Something of the form was missing: load the page again."))
        return redirect(back)
    many = given.get("many") == "yes"
    judged = [
        Judged(
            subject_id=subject, verdict=given.get("verdict", ""), region=given.get("region", ""),
            category=given.get("category", ""), reason=given.get("reason", ""),
            id=uuid.uuid5(which, str(subject)) if many else which, seen=None if many else seen,
        )
        for subject in dict.fromkeys(subjects)
    ]  # fmt: skip
    try:
        if given.get("review") and len(judged) == 1:
            rows = Review.objects.filter(workflow=found, subject=judged[0].subject_id)
            judge_again(get_object_or_404(rows, pk=number_in(given["review"])), judged[0], user)
            request.session.pop("desk-last", None)
            messages.success(request, _("Your verdict is kept."))
            return redirect(back)
        decided = decide_here(workflow=found, judged=judged, by=user, batch=which if many else None)
    except Refused as error:
        messages.error(request, str(error.message))
        return redirect(back)
    now = time.time()
    if now - request.session.get("desk-at", 0) > PAUSE:
        request.session["desk-since"] = now
    request.session["desk-at"] = now
    request.session["desk-last"] = {
        "id": str(which), "at": now, "n": len(decided), "verdict": decided[0].decision.get_verdict_display(),
        "workflow": found.slug,
    }  # fmt: skip
    return redirect(back)


@require_POST
def undo(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """`id`: of the decision, or of the batch. A single item comes back to who undoes it."""
    found = workflow_of(request, slug, workflow)
    user = request.user
    assert user.is_authenticated  # noqa: S101 (of the team)
    try:
        undone = take_back(found, uuid.UUID(request.POST.get("id", "")), user)
    except ValueError:
        messages.error(request, _("Something of the form was missing: load the page again."))
    except Refused as error:
        messages.error(request, str(error.message))
    else:
        if len(undone) == 1:
            claim(found, undone[0].subject_id, user)
        request.session.pop("desk-last", None)
        messages.success(request, _("Undone: %(n)d.") % {"n": len(undone)})
    return redirect(back_to(request, slug))


@require_POST
def leave(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """Give back what one holds."""
    found = workflow_of(request, slug, workflow)
    assert request.user.is_authenticated  # noqa: S101 (of the team)
    let_go(found, request.user)
    return redirect("desk:desk", slug)


def back_to(request: HttpRequest, slug: str) -> str:
    """Where the form was: a place at this project's desk."""
    home = reverse("desk:desk", args=[slug])
    back = request.POST.get("back", "")
    return back if back.startswith(home) else home


def is_undoable(request: HttpRequest) -> bool:
    last: dict[str, Any] = request.session.get("desk-last") or {"at": 0}
    return time.time() - float(last["at"]) < UNDO.total_seconds()


def _is_long(request: HttpRequest) -> int:
    """Minutes since the last break; 0 where no word is due."""
    now = time.time()
    since, at = request.session.get("desk-since", now), request.session.get("desk-at", 0)
    return int((now - since) // 60) if now - at <= PAUSE and now - since >= LONG else 0


def _left(workflow: Workflow, lane: Lane | None) -> tuple[int, int] | None:
    """Done and total of the lane, as "266 / 266"."""
    if lane is None:
        return None
    ((done, total),) = run(LEFT, {"lane": lane.pk})
    return done, total
