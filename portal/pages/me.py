"""One's own page: what I have done, with or without an account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.pages import own_work
from portal.pages.places import own_aliases


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
        "favourites": own_work.favourites(people),
        "older": len(answers) == own_work.PAGE,
    }
    return render(request, "pages/me.html", context)


@require_safe
@never_cache
def older(request: HttpRequest) -> HttpResponse:
    """The fragment with the answers before `?before=ID`."""
    try:
        before = int(request.GET.get("before", ""))
    except ValueError:
        return HttpResponse(status=400)
    answers = own_work.recent(own_aliases(request), before)
    return render(
        request, "pages/_answers.html", {"answers": answers, "older": len(answers) == own_work.PAGE}
    )
