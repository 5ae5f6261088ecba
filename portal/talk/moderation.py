"""What is done with a comment or a discussion by others than its author, and the moderators' page."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.pages.run_places import private
from portal.talk.models import Act, Comment, Report, TimeOut
from portal.talk.places import (
    Place,
    address_of,
    comment_of,
    discussion_of,
    frame,
    opened,
    require_rest,
    sign_in,
    told,
)
from portal.talk.services import moderation as verbs
from portal.talk.services.upvotes import upvote
from projects.exceptions import VoorwerpError
from projects.permissions import may_moderate

ACTS_ON_A_PAGE = 30


@require_POST
def on_comment(request: HttpRequest, comment: uuid.UUID) -> HttpResponse:
    """`do`: upvote, unvote, report; of moderators hide, show. With a `reason` but for votes."""
    found = comment_of(request, comment)
    back = address_of(found.discussion, found)
    user: Any = request.user
    if not user.is_authenticated:
        return redirect(sign_in(request))
    reason = request.POST.get("reason", "")
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "upvote": (lambda: upvote(found, user, on=True), ""),
        "unvote": (lambda: upvote(found, user, on=False), ""),
        "report": (lambda: verbs.report(found, user, reason), _("Thank you: the moderators look at it.")),
        "hide": (lambda: verbs.hide(found, user, reason), _("Hidden.")),
        "show": (lambda: verbs.show(found, user, reason), _("Shown again.")),
    }
    _do(request, acts)
    return redirect(back)


@require_POST
def on_discussion(request: HttpRequest, discussion: uuid.UUID) -> HttpResponse:
    """`do`: lock, unlock, pin, unpin; with a `reason`. To others than moderators it is not there."""
    found = discussion_of(request, discussion)
    user: Any = request.user
    if not may_moderate(user, found.project_id):
        raise Http404
    reason = request.POST.get("reason", "")
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "lock": (lambda: verbs.lock(found, user, reason, locked=True), _("Locked.")),
        "unlock": (lambda: verbs.lock(found, user, reason, locked=False), _("Open again.")),
        "pin": (lambda: verbs.pin(found, user, reason, pinned=True), _("Pinned.")),
        "unpin": (lambda: verbs.pin(found, user, reason, pinned=False), _("Unpinned.")),
    }
    _do(request, acts)
    return redirect(address_of(found))


@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """Reports that wait, time-outs that stand, the audit. A POST: `do` keep or hide a `comment`, time-out a `name` for
    so many `days`, lift a `time_out`; with a `reason`."""
    place = opened(request, slug)
    if not place.may_moderate:
        raise Http404
    if request.method == "POST":
        _moderate(request, place)
        return redirect(request.path)
    waiting = Report.objects.filter(comment__discussion__project=place.project_id, closed_at__isnull=True)
    acts = Act.objects.filter(project=place.project_id).select_related(
        "by", "person", "comment__discussion__project"
    )
    page = Paginator(acts.select_related("discussion__project"), ACTS_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    standing = TimeOut.objects.filter(
        project=place.project_id, lifted_at__isnull=True, until__gt=timezone.now()
    ).select_related("user")
    context = frame(
        request,
        place,
        reports=_by_comment(
            list(waiting.select_related("by", "comment__author", "comment__discussion__project"))
        ),
        time_outs=standing.order_by("until"),
        page=page,
        days=verbs.DAYS,
    )
    return private(render(request, "talk/moderation.html", context))


def _by_comment(reports: list[Report]) -> list[tuple[Comment, str, list[Report]]]:
    found: dict[int, tuple[Comment, str, list[Report]]] = {}
    for each in reports:
        said = each.comment
        found.setdefault(said.pk, (said, address_of(said.discussion, said), []))[2].append(each)
    return list(found.values())


def _moderate(request: HttpRequest, place: Place) -> None:
    given = request.POST
    user: Any = request.user
    reason = given.get("reason", "")

    def comment() -> Comment:
        number = given.get("comment", "")
        rows = Comment.objects.filter(discussion__project=place.project_id).select_related("discussion")
        return get_object_or_404(rows, pk=int(number) if number.isdecimal() and len(number) < 18 else 0)

    def time_out() -> None:
        person = get_user_model()._default_manager.filter(username=given.get("name", "")).first()
        if person is None:
            raise VoorwerpError(_("Nobody has that name."))
        days = given.get("days", "")
        verbs.time_out(place.project, person, user, reason, days=int(days) if days in ("1", "7", "30") else 0)

    def lift() -> None:
        number = given.get("time_out", "")
        rows = TimeOut.objects.filter(project=place.project_id).select_related("user")
        row = get_object_or_404(rows, pk=int(number) if number.isdecimal() and len(number) < 18 else 0)
        verbs.lift(row, user, reason)

    acts: dict[str, tuple[Callable[[], object], str]] = {
        "keep": (lambda: verbs.keep(comment(), user, reason), _("It stays.")),
        "hide": (lambda: verbs.hide(comment(), user, reason), _("Hidden.")),
        "time-out": (time_out, _("They say nothing here until then.")),
        "lift": (lift, _("Lifted.")),
    }
    _do(request, acts)


def _do(request: HttpRequest, acts: dict[str, tuple[Callable[[], object], str]]) -> None:
    found = acts.get(request.POST.get("do", ""))
    if found is None:
        raise Http404
    try:
        require_rest(request)
        found[0]()
        if found[1]:
            messages.success(request, found[1])
    except VoorwerpError as error:
        messages.error(request, told(error))
