"""What a project's workflows may ask for, what one has of it, and the way to the rest."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.pages.places import get_project, person_of
from portal.pages.practice import way
from projects.exceptions import VoorwerpError
from projects.models import Grant, Project, Qualification, Volunteer
from projects.services.qualifications import DECLARED, declare, take_back
from projects.services.volunteers import make_volunteer, require_pass


@require_http_methods(["GET", "POST"])
@never_cache
def qualifications(request: HttpRequest, slug: str) -> HttpResponse:
    """A POST says, or takes back, what one says of oneself: `do` is declare or take_back."""
    project = get_project(request, slug)
    if request.method == "POST":
        _say(request, project)
        return redirect("pages:qualifications", slug)
    person = person_of(request)
    had = _had(person)
    rows = [
        {
            "qualification": each,
            "way": way(project, each, each.pk in had),
            "declared": each.kind in DECLARED,
            "workflows": [flow for flow in project.workflows.all() if each.slug in flow.requires],
        }
        for each in Qualification.objects.filter(project=project)
    ]
    return render(request, "pages/qualifications.html", {"project": project, "rows": rows})


def _say(request: HttpRequest, project: Project) -> None:
    qualification = get_object_or_404(Qualification, project=project, slug=request.POST.get("slug", ""))
    try:
        person = person_of(request) or make_volunteer(require_pass(request))
        if request.POST.get("do") == "take_back":
            take_back(qualification, person)
        else:
            declare(qualification, person)
            messages.success(request, _("Noted: %(title)s.") % {"title": qualification})
    except VoorwerpError as error:
        messages.error(request, str(error))


def _had(person: Volunteer | None) -> set[int]:
    if person is None:
        return set()
    rows = Grant.objects.filter(volunteer=person.person_id, revoked_at=None)
    return set(rows.values_list("qualification_id", flat=True))
