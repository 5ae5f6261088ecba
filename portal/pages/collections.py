"""Collections: one's own, and those that others share by their address. Pictures only: nothing here says how anybody
answered, since a subject may be open to whoever looks."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.pages.own_work import aliases
from portal.pages.pictures import of_subjects
from portal.pages.places import own_aliases, person_of
from projects.exceptions import ConsentRequired, ForgedCookie, VoorwerpError
from projects.models import Collection, Subject
from projects.permissions import visible_projects
from projects.services.collections import collect, create_collection, describe_collection
from projects.services.volunteers import make_volunteer, require_pass

ON_A_PAGE = 60
COVER = 4


@require_safe
@never_cache
def collections(request: HttpRequest) -> HttpResponse:
    """One's own, each with a few pictures."""
    own = list(Collection.objects.filter(volunteer__in=own_aliases(request)).select_related("project"))
    covers = {each.pk: list(each.items.values_list("subject_id", flat=True)[:COVER]) for each in own}
    pictures = of_subjects(subject for some in covers.values() for subject in some)
    shown = [
        (each, [pictures[s] for s in covers[each.pk] if s in pictures], each.items.count()) for each in own
    ]
    return render(request, "pages/me_collections.html", {"shown": shown})


@require_safe
def collection(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """For its owner, and for whoever knows the address where it is public; to others it does not exist."""
    shown = _visible(request, public_id)
    page = Paginator(shown.items.all(), ON_A_PAGE).get_page(request.GET.get("page"))
    pictures = of_subjects(item.subject_id for item in page.object_list)
    context = {
        "collection": shown,
        "is_own": shown.volunteer_id in own_aliases(request),
        "page": page,
        "shown": [(item.subject_id, pictures.get(item.subject_id)) for item in page.object_list],
        "address": request.build_absolute_uri(request.path),
    }
    response = render(request, "pages/collection.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def describe(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    own = _own(request, public_id)
    try:
        describe_collection(
            own,
            title=request.POST.get("title", ""),
            description=request.POST.get("description", ""),
            is_public="is_public" in request.POST,
        )
    except VoorwerpError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The collection is changed."))
    return redirect("pages:collection", public_id)


@require_POST
def delete(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Asked once more on the page itself."""
    _own(request, public_id).delete()
    messages.success(request, _("The collection is deleted; its pictures are where they were."))
    return redirect("pages:collections")


@require_POST
def take_out(request: HttpRequest, public_id: uuid.UUID, subject: int) -> HttpResponse:
    _own(request, public_id).items.filter(subject=subject).delete()
    return redirect("pages:collection", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def add(request: HttpRequest, subject: int) -> HttpResponse:
    """Put one subject into a collection of one's own, or a new one. Needs no script: every page can link here."""
    chosen = get_object_or_404(
        Subject.objects.select_related("project"), pk=subject, project__in=visible_projects(request.user)
    )
    problem = ""
    if request.method == "POST":
        try:
            into = _add(request, chosen)
        except ConsentRequired:
            problem = _(
                "Collections belong to somebody: give your first answer, or sign in, before you make one."
            )
        except VoorwerpError as error:
            problem = str(error.message)
        else:
            messages.success(request, _("It is in “%(title)s” now.") % {"title": into.title})
            return redirect("pages:collection", into.public_id)
    person = person_of(request)
    own = Collection.objects.filter(volunteer__in=aliases(person) if person else [], project=chosen.project)
    context = {
        "subject": chosen,
        "picture": of_subjects([chosen.pk]).get(chosen.pk),
        "own": [(each, each.items.filter(subject=chosen.pk).exists()) for each in own],
        "problem": problem,
        "title": request.POST.get("title", ""),
    }
    return render(request, "pages/collect.html", context, status=400 if problem else 200)


def _add(request: HttpRequest, subject: Subject) -> Collection:
    """`into` is a collection's public id; without it a new one called `title`."""
    if into := request.POST.get("into"):
        try:
            found = _own(request, uuid.UUID(into))
        except ValueError:
            raise Http404 from None
    else:
        person = person_of(request)
        if person is None:
            try:
                person = make_volunteer(require_pass(request))
            except ForgedCookie:
                raise ConsentRequired from None
        found = create_collection(person, subject.project, request.POST.get("title", ""))
    collect(found, subject)
    return found


def _own(request: HttpRequest, public_id: uuid.UUID) -> Collection:
    return get_object_or_404(Collection, public_id=public_id, volunteer__in=own_aliases(request))


def _visible(request: HttpRequest, public_id: uuid.UUID) -> Collection:
    found = get_object_or_404(Collection.objects.select_related("project"), public_id=public_id)
    if found.volunteer_id in own_aliases(request):
        return found
    if not found.is_public or not visible_projects(request.user).filter(pk=found.project_id).exists():
        raise Http404
    return found
