"""The front of a project's Talk, or the site's: its boards, what is talked of; a board; opening Talk."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.pages.pictures import of_subjects
from portal.pages.places import person_of
from portal.pages.run_places import private
from portal.talk.models import Discussion, Hashtag
from portal.talk.places import (
    Place,
    address_of,
    form_id,
    frame,
    opened,
    place_of,
    require_rest,
    told,
)
from portal.talk.services.boards import boards_of, make_board, open_talk
from portal.talk.services.comments import begin_discussion
from projects.exceptions import VoorwerpError
from projects.models import Subject
from projects.services.sight import audible, finished

NEWEST = 10
ON_A_PAGE = 25
SUBJECTS = 12
TAGS = 24
SHOWN = Q(discussions__comments_count__gt=0)
"""Of a board: discussions in which not all is hidden."""


@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """Boards and the newest discussions, subjects last; a POST opens Talk, or makes a board called `title`."""
    place = place_of(request, slug)
    boards = list(boards_of(place.project_id).annotate(n=Count("discussions", filter=SHOWN)))
    if not boards and not place.may_moderate:
        raise Http404
    if request.method == "POST":
        return _make(request, place)
    newest = Discussion.objects.filter(project=place.project_id, board__isnull=False, comments_count__gt=0)
    newest = newest.select_related("author", "board").order_by("-last_at")
    context = frame(
        request,
        place,
        boards=[(board, place.board(board)) for board in boards],
        newest=list(newest[:NEWEST]),
        subjects=_subjects(request, place) if boards and place.project else [],
        tags=_tags(place) if boards and place.project else [],
    )
    return private(render(request, "talk/home.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
def board(request: HttpRequest, board: str, slug: str | None = None) -> HttpResponse:
    """Its discussions, pinned ones first; a POST begins one: `id`, `title`, `body`."""
    place = opened(request, slug)
    shown = get_object_or_404(boards_of(place.project_id), slug=board)
    title, body, status = request.POST.get("title", ""), request.POST.get("body", ""), 200
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect(frame(request, place)["sign_in_url"])
        try:
            require_rest(request)
            made = begin_discussion(
                board=shown, author=request.user, public_id=form_id(request), title=title, body=body
            )
            return redirect(address_of(made))
        except VoorwerpError as error:
            messages.error(request, told(error))
            status = error.status
    rows = shown.discussions.filter(comments_count__gt=0).select_related("author")
    rows = rows.order_by(F("pinned_at").desc(nulls_last=True), "-last_at", "-pk")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = frame(
        request,
        place,
        board=shown,
        page=page,
        may_begin=not shown.team_begins or place.may_moderate,
        form={"id": uuid.uuid4(), "title": title, "body": body},
    )
    return private(render(request, "talk/board.html", context, status=status))


def _make(request: HttpRequest, place: Place) -> HttpResponse:
    try:
        if title := request.POST.get("title", ""):
            make_board(place.project, request.user, title=title, description=request.POST.get("text", ""))
            messages.success(request, _("The board is there."))
        else:
            open_talk(place.project, request.user)
            messages.success(request, _("Talk is open."))
    except VoorwerpError as error:
        messages.error(request, told(error))
    return redirect(place.home)


def _subjects(request: HttpRequest, place: Place) -> list[tuple[Discussion, object]]:
    """Discussions of subjects of which the reader may hear, the newest first; nothing of what was said there."""
    heard = audible(Subject.objects.filter(project=place.project_id), person_of(request))
    rows = Discussion.objects.filter(subject__in=heard, comments_count__gt=0).select_related("subject")
    found = list(rows.order_by("-last_at")[:SUBJECTS])
    pictures = of_subjects(row.subject_id for row in found if row.subject_id)
    return [(row, pictures.get(row.subject_id or 0)) for row in found]


def _tags(place: Place) -> list[tuple[str, int]]:
    """The hashtags of the last comments that everybody may read, and in how many they stand."""
    rows = readable_tags(place).values("tag").annotate(n=Count("pk")).order_by("-n", "tag")
    return [(row["tag"], row["n"]) for row in rows[:TAGS]]


def readable_tags(place: Place) -> QuerySet[Hashtag]:
    """Of comments that everybody may read: on boards, and about subjects that nobody is asked about any more."""
    done = finished(Subject.objects.filter(project=place.project_id))
    return Hashtag.objects.filter(project=place.project_id, comment__hidden_at__isnull=True).filter(
        Q(comment__discussion__subject__isnull=True) | Q(comment__discussion__subject__in=done)
    )
