"""Pairs of pictures, one at a time, of which somebody of the team says whether they are similar."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mining.models import PairJudgement, SimilarPair
from mining.services.similar_pairs import judge, next_pair
from portal.pages.pictures import of_subjects
from portal.pages.places import get_project_for, get_workflow
from portal.pages.run_places import private
from projects.models import Workflow
from projects.permissions import may_decide
from projects.services import get_version


@require_http_methods(["GET", "POST"])
def pairs(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """GET shows the next; a POST's `similar` is yes or no, of `pair`."""
    project = get_project_for(request, slug, may_decide)
    found = get_workflow(project, workflow)
    asked = SimilarPair.objects.filter(subject_set=found.subject_set_id)
    user = request.user
    assert user.is_authenticated  # noqa: S101 (of the team)
    if request.method == "POST":
        number, said = request.POST.get("pair", ""), request.POST.get("similar")
        answered = get_object_or_404(asked, pk=int(number) if number.isdecimal() else 0)
        if said in ("yes", "no"):
            judge(answered, said == "yes", user)
        else:
            messages.error(request, _("Say whether the two are similar or not."))
        return redirect("similar:pairs", slug, workflow)
    pair = next_pair(found.subject_set_id, user)
    mine = PairJudgement.objects.filter(by_id=user.pk, pair__subject_set=found.subject_set_id)
    context = {
        "project": project,
        "workflow": found,
        "pair": pair,
        "two": _two(found, pair) if pair else [],
        "asked": asked.filter(turn__isnull=False).count(),
        "mine": mine.filter(pair__turn__isnull=False).values("pair").distinct().count(),
    }
    return private(render(request, "pages/similar_pairs.html", context))


def _two(workflow: Workflow, pair: SimilarPair) -> list[dict[str, object]]:
    """Picture and title of both."""
    pictures = of_subjects([pair.first_id, pair.second_id])
    heading = get_version(workflow.published_id).definition.viewer.title if workflow.published_id else ""
    return [
        {
            "picture": pictures.get(subject.pk),
            "title": subject.public_metadata.get(heading) or subject.external_id,
        }
        for subject in (pair.first, pair.second)
    ]
