"""Similar pictures, for the team: what each threshold makes of the pairs that people judged, and which one stands."""

from dataclasses import dataclass
from math import isfinite
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mining.models import AttributeChart, AttributeRun, PairJudgement, SimilarityChoice, SimilarPair
from mining.science.thresholds import Point, operating_points, wrong_side
from mining.services.attribute_runs import GOING_ON, ask
from mining.services.similar_pairs import Judged, Measure, chosen, decided, judged_pairs
from mining.services.similar_pairs import choose as keep_choice
from portal.pages.attributes import hurry
from portal.pages.pictures import of_subjects
from portal.pages.places import get_project_for, get_workflow
from portal.pages.run import csv_file
from portal.pages.run_places import private
from projects.exceptions import Invalid
from projects.models import Media, Workflow
from projects.permissions import may_decide

WRONG = 12
"""Pairs on the wrong side, shown; the farthest first."""
HISTORY = 10
Kind = AttributeRun.Kind


class ChooseForm(forms.Form):
    measure = forms.ChoiceField(choices=Measure.choices, widget=forms.HiddenInput)
    threshold = forms.FloatField(
        label=gettext_lazy("Threshold"), widget=forms.NumberInput(attrs={"step": "any", "min": 0}),
        help_text=gettext_lazy("Pairs that are nearer than this are called similar."),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Why"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


@dataclass(frozen=True)
class Wrong:
    """A pair on the wrong side of the threshold."""

    judged: Judged
    distance: float
    pictures: list[Media | None]


def _workflow(request: HttpRequest, slug: str, workflow: str) -> Workflow:
    return get_workflow(get_project_for(request, slug, may_decide), workflow)


@require_safe
def similar(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """`?measure=`, and `?threshold=` whose wrong pairs are shown."""
    found = _workflow(request, slug, workflow)
    standing = chosen(found.subject_set_id)
    judged = judged_pairs(found.subject_set_id)
    asked = request.GET.get("measure", standing.measure if standing else "")
    measure = Measure(asked) if asked in Measure.values else Measure.BITS
    pairs, similar, distances = decided(judged, measure)
    points = operating_points(similar, distances)
    threshold = _threshold(request, measure, standing, points)
    runs = _runs(found)
    initial = {"measure": measure.value, "threshold": None if threshold is None else f"{threshold:g}"}
    context = {
        "project": found.project,
        "workflow": found,
        "measure": measure,
        "measures": Measure.choices,
        "points": points,
        "threshold": threshold,
        "at": operating_points(similar, distances, [threshold])[0]
        if points and threshold is not None
        else None,
        "wrong": _wrong(pairs, similar, distances, threshold),
        "more_wrong": _more_wrong(similar, distances, threshold),
        "judged": len(judged),
        "voices": sum(each.yes + each.no for each in judged),
        "simulated": PairJudgement.objects.filter(
            pair__subject_set=found.subject_set_id, simulated=True
        ).count(),
        "ties": sum(each.similar is None for each in judged),
        "pairs": len(pairs),
        "near": SimilarPair.objects.filter(subject_set=found.subject_set_id).count(),
        "form": ChooseForm(initial=initial),
        "standing": standing,
        "choices": SimilarityChoice.objects.filter(subject_set=found.subject_set_id).select_related("by")[
            :HISTORY
        ],
        "chart": _charts(found).filter(name=measure).defer("svg_light", "svg_dark", "png").first(),
        "newest": runs.filter(status=AttributeRun.Status.DONE).first(),
        "failed": _failed(runs.first()),
        "going_on": _going_on(found),
    }
    return private(render(request, "pages/similar.html", context))


@require_safe
def state(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """The fragment that a page fetches every second while something goes on; when that has ended, the whole page."""
    found = _workflow(request, slug, workflow)
    going_on = _going_on(found)
    context = {"project": found.project, "workflow": found, "going_on": going_on}
    response = private(render(request, "pages/_attribute_runs.html", context))
    if request.GET.get("seen") != ",".join(str(run.pk) for run in going_on):
        response["HX-Refresh"] = "true"
    return response


@require_POST
def look(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """Look for similar pictures, from now on also whenever pictures come in."""
    found = _workflow(request, slug, workflow)
    if not _going_on(found):
        ask(
            found,
            Kind.SIMILARITY,
            with_open=True,
            user=request.user if request.user.is_authenticated else None,
        )
        transaction.on_commit(hurry)
    return redirect("similar:similar", slug, workflow)


@require_POST
def choose(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    found = _workflow(request, slug, workflow)
    form = ChooseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the threshold as a number."))
        return redirect("similar:similar", slug, workflow)
    given = form.cleaned_data
    try:
        kept = keep_choice(
            found.subject_set_id, given["measure"], given["threshold"], note=given["note"],
            by=request.user if request.user.is_authenticated else None,
        )  # fmt: skip
    except Invalid as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("Pairs nearer than %(threshold)g are called similar now.") % {"threshold": kept.threshold},
        )
    response = redirect("similar:similar", slug, workflow)
    response["Location"] += f"?measure={given['measure']}"
    return response


@require_safe
def picture(request: HttpRequest, slug: str, workflow: str, name: str, theme: str) -> HttpResponse:
    if theme not in ("light", "dark"):
        raise Http404
    drawn = get_object_or_404(_charts(_workflow(request, slug, workflow)), name=name)
    svg = drawn.svg_light if theme == "light" else drawn.svg_dark
    return private(HttpResponse(svg, content_type="image/svg+xml; charset=utf-8"))


@require_safe
def table(request: HttpRequest, slug: str, workflow: str, name: str) -> HttpResponse:
    drawn = get_object_or_404(_charts(_workflow(request, slug, workflow)), name=name)
    return csv_file([drawn.table["columns"], *drawn.table["rows"]], f"similarity-{name}.csv")


def _runs(workflow: Workflow) -> QuerySet[AttributeRun]:
    """All that looked at the workflow's set, the newest first: its pairs belong to the set."""
    return AttributeRun.objects.filter(workflow__subject_set=workflow.subject_set_id, kind=Kind.SIMILARITY)


def _charts(workflow: Workflow) -> Any:
    """Of the newest run that is done."""
    newest = _runs(workflow).filter(status=AttributeRun.Status.DONE).values_list("pk", flat=True).first()
    return AttributeChart.objects.filter(run=newest).select_related("run")


def _threshold(
    request: HttpRequest, measure: Measure, standing: SimilarityChoice | None, points: list[Point]
) -> float | None:
    """The one that is looked at: asked for, else the one that stands, else the one that agrees most often."""
    try:
        asked = float(request.GET.get("threshold", ""))
    except ValueError:
        asked = float("nan")
    if isfinite(asked):
        return asked
    if standing is not None and standing.measure == measure:
        return standing.threshold
    best = max(points, key=lambda point: point.accuracy.share if point.accuracy else 0, default=None)
    return best.threshold if best else None


def _wrong(
    pairs: list[Judged], similar: list[bool], distances: list[float], threshold: float | None
) -> list[Wrong]:
    if threshold is None:
        return []
    places = wrong_side(similar, distances, threshold)[:WRONG]
    rows = [(pairs[at], distances[at]) for at in places]
    pictures = of_subjects(s for each, _far in rows for s in (each.pair.first_id, each.pair.second_id))
    return [
        Wrong(each, far, [pictures.get(each.pair.first_id), pictures.get(each.pair.second_id)])
        for each, far in rows
    ]


def _more_wrong(similar: list[bool], distances: list[float], threshold: float | None) -> int:
    if threshold is None:
        return 0
    return max(0, len(wrong_side(similar, distances, threshold)) - WRONG)


def _failed(newest: AttributeRun | None) -> AttributeRun | None:
    return newest if newest is not None and newest.status == AttributeRun.Status.FAILED else None


def _going_on(workflow: Workflow) -> list[AttributeRun]:
    return list(_runs(workflow).filter(status__in=GOING_ON).order_by("pk"))
