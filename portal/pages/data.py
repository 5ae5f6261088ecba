"""What a project gives away: its catalogue attributes described, its files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.pages.activity import has_simulated
from portal.pages.places import get_project
from projects.exports.marks import draws
from projects.permissions import is_member, may_download


@require_safe
def data(request: HttpRequest, slug: str) -> HttpResponse:
    """Open to whoever sees the project; the files only to whoever may download them."""
    project = get_project(request, slug)
    workflows = project.workflows.filter(published__isnull=False).select_related("counter")
    context = {
        "project": project,
        "workflows": workflows,
        "drawing": {workflow.pk for workflow in workflows if draws(workflow)},
        "attributes": project.attributes.all(),
        "may_download": may_download(request.user, project),
        "has_simulated": has_simulated(project),
        "is_member": is_member(request.user, project.pk),
    }
    return render(request, "pages/data.html", context)
