"""Releases of a project: the list, for who may have its data; and making one, by owners and scientists."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from portal.pages.exports import hurry
from portal.pages.imports import private
from portal.pages.places import get_project
from projects.exceptions import Invalid
from projects.exports.releases.build import about_of
from projects.exports.releases.make import make_release
from projects.exports.releases.metadata import LICENCES, citation
from projects.exports.working import GOING_ON
from projects.models import Export, Project, Release
from projects.permissions import may_download, may_release


class ReleaseForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    description = forms.CharField(
        label=gettext_lazy("What these data are"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    creators = forms.CharField(
        label=gettext_lazy("Creators"),
        max_length=5000,
        help_text=gettext_lazy("Who is to be cited, a line each: Family name, first name."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    licence = forms.ChoiceField(label=gettext_lazy("Licence"), choices=Release.Licence.choices)


@require_http_methods(["GET", "HEAD", "POST"])
def releases(request: HttpRequest, slug: str) -> HttpResponse:
    project = get_project(request, slug)
    if not may_download(request.user, project):
        raise Http404
    makes = may_release(request.user, project.pk)
    if request.method == "POST" and not makes:
        raise Http404
    form = ReleaseForm(request.POST or None, initial={"title": project.title, "licence": Release.Licence.BY})
    if request.method == "POST" and form.is_valid() and _make(request, project, form):
        return redirect("pages:releases", slug)
    rows = Release.objects.filter(project=project).select_related("export")
    done = [_shown(each) for each in rows.filter(export__state=Export.State.DONE)]
    context = {
        "project": project,
        "releases": done,
        "going_on": rows.filter(export__state__in=GOING_ON).first(),
        "failed": rows.filter(export__state=Export.State.FAILED).first() if makes else None,
        "form": form if makes else None,
    }
    return private(render(request, "pages/releases.html", context))


def _make(request: HttpRequest, project: Project, form: ReleaseForm) -> bool:
    given = form.cleaned_data
    try:
        make_release(
            project,
            title=given["title"],
            description=given["description"],
            licence=given["licence"],
            creators=given["creators"].splitlines(),
            by=request.user if request.user.is_authenticated else None,
        )
    except Invalid as error:
        form.add_error(None, str(error.message))
        return False
    transaction.on_commit(hurry)
    messages.success(request, _("The release is being made. It appears here when it is whole."))
    return True


def _shown(release: Release) -> dict[str, Any]:
    about = about_of(release)
    return {
        "release": release,
        "about": about,
        "citation": citation(about),
        "licence_at": LICENCES[release.licence],
        "rows": sum(each["rows"] for each in release.files),
    }
