"""What a person keeps: a contact sheet, from which each can be taken out again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.pages.pictures import of_subjects
from portal.pages.places import own_aliases
from projects.models import Favourite

ON_A_PAGE = 60


@require_safe
@never_cache
def favourites(request: HttpRequest) -> HttpResponse:
    kept = Favourite.objects.filter(volunteer__in=own_aliases(request)).select_related("subject__project")
    page = Paginator(kept.order_by("-at", "-pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    pictures = of_subjects(each.subject_id for each in page.object_list)
    shown = [(each, pictures.get(each.subject_id)) for each in page.object_list]
    return render(request, "pages/me_favourites.html", {"page": page, "shown": shown})


@require_POST
def remove(request: HttpRequest, subject: int) -> HttpResponse:
    """Keep it no longer. Safe to repeat."""
    Favourite.objects.filter(volunteer__in=own_aliases(request), subject=subject).delete()
    messages.success(request, _("The picture is no longer among your favourites."))
    return redirect("pages:favourites")
