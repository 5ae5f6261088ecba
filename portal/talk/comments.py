"""What is done with one comment: its author edits it, anybody reads what it said before."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.pages.run_places import private
from portal.talk.models import LONGEST
from portal.talk.places import address_of, comment_of, frame, place_of, require_rest, told
from portal.talk.services.comments import edit as edit_comment
from projects.exceptions import VoorwerpError


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, comment: uuid.UUID) -> HttpResponse:
    """One's own; to others it is not there."""
    found = comment_of(request, comment)
    if not request.user.is_authenticated or found.author_id != request.user.pk:
        raise Http404
    body, status = request.POST.get("body", found.body), 200
    if request.method == "POST":
        try:
            require_rest(request)
            edit_comment(found, request.user, body)
            return redirect(address_of(found.discussion, found))
        except VoorwerpError as error:
            messages.error(request, told(error))
            status = error.status
    place = place_of(request, found.discussion.project.slug if found.discussion.project else None)
    context = frame(
        request, place, comment=found, body=body, longest=LONGEST, address=address_of(found.discussion, found)
    )
    return private(render(request, "talk/edit.html", context, status=status))


@require_safe
def history(request: HttpRequest, comment: uuid.UUID) -> HttpResponse:
    """What it said before each edit, for whoever may read it now."""
    found = comment_of(request, comment)
    place = place_of(request, found.discussion.project.slug if found.discussion.project else None)
    context = frame(
        request,
        place,
        comment=found,
        editions=list(found.editions.all()),
        address=address_of(found.discussion, found),
    )
    return private(render(request, "talk/history.html", context))
