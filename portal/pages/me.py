"""One's own pages: what I have done, with or without an account. Private to whoever holds the cookie or the account."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.pages import own_work
from portal.pages.blocks import standing_blocks
from portal.pages.own_filter import OwnFilter, listed, taken_part
from portal.pages.places import own_aliases, person_of
from portal.pages.unfinished import waiting
from projects.exceptions import ForgedCookie
from projects.services.volunteers import read_pass

SOME_FAVOURITES = 12


@require_safe
@never_cache
def me(request: HttpRequest) -> HttpResponse:
    people = own_aliases(request)
    answers = own_work.recent(people)
    shares = own_work.shares(people)
    context = {
        "answers": answers,
        "shares": shares,
        "total": sum(share.answers for share in shares),
        "favourites": own_work.favourites(people, SOME_FAVOURITES),
        "blocks": standing_blocks(people),
        "unfinished": waiting(_holder(request)),
        "before": answers[-1].id if len(answers) == own_work.PAGE else None,
    }
    return render(request, "pages/me.html", context)


def _holder(request: HttpRequest) -> uuid.UUID | None:
    """Under whose name subjects are handed to this browser."""
    try:
        held = read_pass(request)
    except ForgedCookie:
        return None
    return held.public_id if held else None


@require_safe
@never_cache
def classifications(request: HttpRequest) -> HttpResponse:
    """All of them, `?place=&answer=&since=&until=&words=` to choose some."""
    person = person_of(request)
    form = OwnFilter(request.GET, taken_part(person.pk) if person else [])
    valid = form.is_valid()
    people = own_work.aliases(person) if person else []
    found = listed(people, form if form.is_set else None) if valid else None
    context = {"form": form, "found": found, "query": _query(request), "person": person}
    return render(request, "pages/me_classifications.html", context)


@require_safe
@never_cache
def older(request: HttpRequest) -> HttpResponse:
    """The fragment with the answers before `?before=ID`, chosen as on the page."""
    before = request.GET.get("before", "")
    if not before.isdecimal() or len(before) > 18:
        return HttpResponse(status=400)
    person = person_of(request)
    if person is None:
        return HttpResponse(status=204)
    form = OwnFilter(request.GET, taken_part(person.pk))
    if not form.is_valid():
        return HttpResponse(status=400)
    found = listed(own_work.aliases(person), form if form.is_set else None, int(before))
    context = {"answers": found.answers, "before": found.before, "query": _query(request)}
    return render(request, "pages/_answers.html", context)


def _query(request: HttpRequest) -> str:
    """The choice, for the address of the next page."""
    kept = request.GET.copy()
    kept.pop("before", None)
    return kept.urlencode()
