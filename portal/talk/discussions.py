"""A discussion: on a board, or about a subject with its picture; saying something there."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal.pages import findings
from portal.pages.pictures import of_subjects
from portal.pages.places import person_of
from portal.pages.run_places import private
from portal.talk.models import LONGEST, Comment, Discussion, Follow, Upvote
from portal.talk.places import (
    Place,
    address_of,
    discussion_of,
    form_id,
    frame,
    opened,
    place_of,
    reader_of,
    require_rest,
    sight_for,
    sign_in,
    told,
)
from portal.talk.services.comments import say, subject_discussion
from portal.talk.services.notices import read
from portal.talk.text import quoted
from portal.talk.text import render as render_text
from projects.exceptions import VoorwerpError
from projects.models import Project, ProjectMember, Subject
from projects.services import get_version
from projects.services.odd_flags import flags_of
from projects.services.sight import choose_to_hear, hear

ON_A_PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
def discussion(request: HttpRequest, discussion: uuid.UUID) -> HttpResponse:
    """Of a board. A POST says something: `id`, `body`, perhaps `reply_to`."""
    found = discussion_of(request, discussion)
    if found.subject_id is not None:
        return redirect(address_of(found))
    place = place_of(request, found.project.slug if found.project else None)
    return _answered(request, place, found)


@require_http_methods(["GET", "HEAD", "POST"])
def subject(request: HttpRequest, slug: str, subject: int) -> HttpResponse:
    """About a subject. Whoever may still be asked about it is told nothing of what was said; a POST with `hear` gives
    up the answers that one has not given yet."""
    place = opened(request, slug)
    assert place.project is not None  # noqa: S101 (by the route)
    shown = get_object_or_404(Subject, pk=subject, project=place.project)
    sight = sight_for(request, shown.pk, place.project.pk)
    person = reader_of(request, place.project.pk)
    if request.method == "POST" and "hear" in request.POST:
        if person is None or not (sight.may_choose or sight.may_hear):
            raise Http404
        choose_to_hear(shown.pk, sight, person)
        return redirect("talk:subject", slug, shown.pk)
    more: dict[str, Any] = {
        "subject": shown,
        "picture": of_subjects([shown.pk]).get(shown.pk),
        "sight": sight,
    }
    if not sight.may_hear:
        return private(render(request, "talk/closed.html", frame(request, place, **more), status=403))
    hear(shown.pk, sight, person)
    found = Discussion.objects.filter(subject=shown).first() or Discussion(
        subject=shown, project=place.project
    )
    return _answered(request, place, found, **more)


def _answered(request: HttpRequest, place: Place, found: Discussion, **more: Any) -> HttpResponse:
    body, status = request.POST.get("body", ""), 200
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect(sign_in(request))
        try:
            require_rest(request)
            at = found if found.pk else subject_discussion(more["subject"])
            said = say(
                discussion=at, author=request.user, public_id=form_id(request), body=body,
                reply_to=_comment_in(found, request.POST.get("reply_to", "")),
            )  # fmt: skip
            return redirect(address_of(at, said))
        except VoorwerpError as error:
            messages.error(request, told(error))
            status = error.status
    elif quote := _comment_in(found, request.GET.get("quote", "")):
        body = quoted(quote.body)
    page = _page(request, found)
    if request.user.is_authenticated and found.pk:
        read(request.user, found)
    context = frame(
        request,
        place,
        discussion=found,
        page=page,
        comments=[(each, _html(place, each)) for each in page.object_list],
        team=_team(place, page.object_list),
        own_votes=_own_votes(request, page.object_list),
        follows=_follows(request, found),
        form={"id": uuid.uuid4(), "body": body, "reply_to": request.GET.get("quote", "")},
        longest=LONGEST,
        **more,
    )
    if "subject" in more:
        context |= {
            "found": _consensus(place.project, more["subject"]),
            "own_flags": _own_flags(request, more),
        }
    return private(render(request, "talk/discussion.html", context, status=status))


def _page(request: HttpRequest, found: Discussion) -> Any:
    """`?page=`, or `?at=` a comment's number: the page that it stands on."""
    rows = (
        Comment.objects.filter(discussion=found if found.pk else 0)
        .select_related("author", "reply_to__author")
        .annotate(votes=Count("upvotes"))
        .order_by("pk")
    )
    at = request.GET.get("at", "")
    number: Any = request.GET.get("page")
    if at.isdecimal() and len(at) < 18:
        number = rows.filter(pk__lt=int(at)).count() // ON_A_PAGE + 1
    return Paginator(rows, ON_A_PAGE).get_page(number)


def _team(place: Place, comments: Any) -> set[int]:
    """Of the authors those who are of the project's team, whatever their role."""
    authors = [each.author_id for each in comments if each.author_id]
    rows = ProjectMember.objects.filter(project=place.project_id, user__in=authors)
    return set(rows.values_list("user_id", flat=True))


def _own_votes(request: HttpRequest, comments: Any) -> set[int]:
    if not request.user.is_authenticated:
        return set()
    own = Upvote.objects.filter(user=request.user, comment__in=[each.pk for each in comments])
    return set(own.values_list("comment_id", flat=True))


def _follows(request: HttpRequest, found: Discussion) -> bool:
    own = Follow.objects.filter(discussion=found.pk or 0, muted=False)
    return request.user.is_authenticated and own.filter(user=request.user).exists()


def _html(place: Place, comment: Comment) -> Any:
    project = place.project
    if project is None:
        return render_text(comment.body)
    return render_text(
        comment.body, lambda tag: reverse("talk:tag", args=[project.slug, "-"])[:-2] + f"{tag}/"
    )


def _comment_in(found: Discussion, number: str) -> Comment | None:
    if not found.pk or not number.isdecimal() or len(number) > 18:
        return None
    return found.comments.filter(pk=int(number), hidden_at__isnull=True).first()


def _consensus(project: Project | None, subject: Subject) -> list[tuple[str, findings.Found]]:
    """What it was found to be, by each workflow that asks about it no more."""
    shown = []
    workflows = project.workflows.filter(subject_set=subject.subject_set_id) if project else []
    for workflow in workflows:
        if workflow.published_id is None:
            continue
        version = get_version(workflow.published_id)
        rows = findings.evidence(workflow, version.definition.first_task, with_open=False)
        described = findings.describe(version, rows.filter(subject_id=subject.pk))
        shown += [(workflow.title, each) for each in described]
    return shown


def _own_flags(request: HttpRequest, more: dict[str, Any]) -> list[str]:
    person = person_of(request)
    return flags_of(more["subject"], person) if person else []
