"""Bands in which a model decides, for the team: their cuts with what they rest on, what lies in them.

No subject is named here: what a model says of an open one is for its predictions' page, which keeps who looked.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mining.models import Band, BandCut, BandHit
from mining.services.band_work import title_in
from mining.services.bands import (
    alter_band,
    ask_for_cuts,
    going_on,
    make_band,
    set_band_state,
    speaker,
    standing_cut,
    triage_of,
)
from portal.pages.attributes import hurry
from portal.pages.band_forms import BandForm
from portal.pages.places import get_project_for, get_workflow
from portal.pages.rules import Share, share_of
from projects.exceptions import Invalid
from projects.models import Verdict, Workflow
from projects.permissions import may_rule
from projects.services.tiers import Overturned, overturned

CHANGES = 20
CUTS = 10


@dataclass(frozen=True)
class Line:
    """A band as the pages have it. cut: where it holds for what speaks now, else None. agreed: of the audited decisions
    that people have answered, with its interval."""

    band: Band
    verdicts: str
    cut: BandCut | None
    precision: Share | None
    holds: int
    decided: int
    audited: int
    agreed: Share | None

    @property
    def too_wrong(self) -> bool:
        """Surely more often otherwise than is wanted."""
        return self.agreed is not None and self.agreed[2] < self.band.wanted


@require_http_methods(["GET", "POST"])
@never_cache
def bands(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """The list. A POST makes a band, as a draft, or (`do` is cut) asks for the cuts of all."""
    flow = get_workflow(get_project_for(request, slug, may_rule), workflow)
    form, problem = BandForm(flow, None), ""
    if request.method == "POST" and request.POST.get("do") == "cut":
        try:
            ask_for_cuts(flow, by=_by(request))
            transaction.on_commit(hurry)
            return redirect("pages:bands", slug, workflow)
        except Invalid as error:
            problem = str(error)
    elif request.method == "POST":
        form = BandForm(flow, None, request.POST)
        if form.is_valid():
            try:
                made = make_band(workflow=flow, by=_by(request), **form.values())
                messages.success(request, _("The band %(title)s is there, as a draft.") % {"title": made})
                return redirect("pages:bands", slug, workflow)
            except Invalid as error:
                form.add_error(None, str(error))
    context = {
        "project": flow.project,
        "workflow": flow,
        "form": form,
        "problem": problem,
        "rows": _lines(flow),
        "speaker": speaker(flow),
        "triage": triage_of(flow),
        "going_on": going_on(flow),
    }
    return render(request, "pages/bands.html", context, status=400 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@never_cache
def band(request: HttpRequest, slug: str, workflow: str, band: str) -> HttpResponse:
    """One band; a POST's `do` is save, or the state that it is to have."""
    flow = get_workflow(get_project_for(request, slug, may_rule), workflow)
    found = get_object_or_404(flow.bands.select_related("lane", "cut__version"), slug=band)
    found.workflow = flow
    do = request.POST.get("do", "")
    form = BandForm(flow, found, request.POST if do == "save" else None)
    problem = ""
    if request.method == "POST" and (do != "save" or form.is_valid()):
        try:
            _do(request, found, do, form)
            return redirect("pages:band", slug, workflow, band)
        except Invalid as error:
            if do == "save":
                form.add_error(None, str(error))
            problem = "" if do == "save" else str(error)
    context = {
        "project": flow.project,
        "workflow": flow,
        "line": _line(found, _decided(flow)),
        "newest": found.cut,
        "form": form,
        "problem": problem,
        "cuts": found.cuts.select_related("version")[:CUTS],
        "changes": found.changes.select_related("by")[:CHANGES],
        "going_on": going_on(flow),
    }
    return render(request, "pages/band.html", context, status=400 if request.method == "POST" else 200)


def _do(request: HttpRequest, found: Band, do: str, form: BandForm) -> None:
    if do == "save":
        changes = alter_band(found, by=_by(request), **form.values())
        if "edition" in changes or set(changes) & {"verdicts", "wanted", "lane"}:
            messages.success(request, _("Saved. It is a draft without a cut now: find the cuts anew."))
        else:
            messages.success(request, _("Saved.") if changes else _("Nothing was to be changed."))
    elif set_band_state(found, do, by=_by(request)):
        told = {
            "draft": _("A draft: it does nothing."),
            "background": _("It keeps what lies in it, and nothing follows."),
            "live": _("It acts: on all that is open, and on what arrives."),
            "closed": _("Closed. What it decided stands."),
        }
        messages.success(request, told[do])


def _lines(workflow: Workflow) -> list[Line]:
    decided = _decided(workflow)
    rows = workflow.bands.select_related("lane", "workflow", "cut__version").order_by("-wanted", "pk")
    return [_line(each, decided) for each in rows]


def _decided(workflow: Workflow) -> list[Overturned]:
    return [each for each in overturned(workflow) if each.kind == "model"]


def _line(found: Band, decided: list[Overturned]) -> Line:
    cut = standing_cut(found)
    some = cut if cut is not None and cut.threshold is not None else None
    mine = [each for each in decided if title_in(each.model) == found.title]
    audited = sum(each.audited for each in mine)
    words = dict(Verdict.choices)
    return Line(
        band=found,
        verdicts=", ".join(str(words[verdict]) for verdict in found.verdicts),
        cut=cut,
        precision=(some.hits / some.of, some.low, 1.0) if some else None,
        holds=BandHit.objects.filter(cut=some).count() if some and found.acts else some.holds if some else 0,
        decided=sum(each.made for each in mine),
        audited=audited,
        agreed=share_of(audited - sum(each.audited_otherwise for each in mine), audited),
    )


def _by(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None
