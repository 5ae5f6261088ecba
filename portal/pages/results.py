"""A workflow's results."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.pages.activity import has_simulated
from portal.pages.places import get_project, get_workflow


@require_safe
def results(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    project = get_project(request, slug)
    context = {
        "project": project,
        "workflow": get_workflow(project, workflow),
        "has_simulated": has_simulated(project),
    }
    return render(request, "pages/results.html", context)
