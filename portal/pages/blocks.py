"""Being blocked: a person is told on their own page, with the reason, and may ask for it to be lifted."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.pages.places import person_of
from projects.exceptions import Invalid
from projects.models import Block
from projects.services.blocks import appeal


def standing_blocks(people: list[int]) -> list[Block]:
    """Of a person's volunteers, newest first. One query."""
    rows = Block.objects.filter(volunteer__in=people, lifted_at=None).select_related("project")
    return list(rows.order_by("-at"))


@require_POST
def ask_to_lift(request: HttpRequest, pk: int) -> HttpResponse:
    """The words to the team. Somebody else's block is none."""
    person = person_of(request)
    block = person and Block.objects.filter(pk=pk, volunteer=person).first()
    if not block:
        raise Http404
    try:
        appeal(block=block, text=request.POST.get("text", ""))
    except Invalid as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your words are with the team now."))
    return redirect("pages:me")
