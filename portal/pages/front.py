"""The front page: every public project that runs, its pictures first; then whatever else this visitor may see."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.pages.activity import Totals, simulated_answers, totals
from portal.pages.pictures import mosaics
from projects.models import Project, Workflow
from projects.permissions import visible_projects

TILES = 12


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    projects = list(
        Project.objects.filter(is_public=True, state=Project.State.LIVE).prefetch_related("workflows")
    )
    counts = totals(projects)
    simulated = simulated_answers(projects)
    first = {project.pk: next(iter(project.workflows.all()), None) for project in projects}
    pictures = mosaics([workflow for workflow in first.values() if workflow], TILES)
    cards: list[dict[str, Any]] = []
    for project in projects:
        leading = first[project.pk]
        cards.append(
            {
                "project": project,
                "totals": counts.get(project.pk, Totals()),
                "simulated": simulated.get(project.pk, 0),
                "start": _first_open(list(project.workflows.all())),
                "pictures": pictures[leading.subject_set_id] if leading else [],
            }
        )
    cards.sort(
        key=lambda card: any(media.veiled for media in card["pictures"])
    )  # what can be seen comes first
    others = visible_projects(request.user).exclude(is_public=True, state=Project.State.LIVE)
    return render(request, "pages/front.html", {"cards": cards, "others": others})


def _first_open(workflows: list[Workflow]) -> Workflow | None:
    """Where a newcomer starts: the first workflow that takes answers."""
    return next(
        (flow for flow in workflows if flow.state == Workflow.State.ACTIVE and flow.published_id), None
    )
