"""What goes with an answer, and what goes together: the team's runs over votes, consensus, catalogue; one of each
kind for everybody."""

import logging
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mining.models import AttributeChart, AttributeGain, AttributeRun, Run
from mining.services.attribute_runs import GOING_ON, ask, publish, published, stop
from portal.pages.activity import has_simulated
from portal.pages.associations import associations_run
from portal.pages.attribute_places import mining_run, questions, readable_run, words, workflow_of
from portal.pages.run import csv_file
from portal.pages.run_places import private
from projects.exports.catalogue import all_tasks
from projects.models import Workflow
from projects.permissions import may_mine

logger = logging.getLogger(__name__)

EARLIER = 50
Kind = AttributeRun.Kind
PAGES = {
    Kind.ATTRIBUTES: "attributes:attributes",
    Kind.ASSOCIATIONS: "attributes:associations",
    Kind.CLASSIFIERS: "classifiers:classifiers",
    Kind.SIMILARITY: "similar:similar",
}
"""Where each kind of run is listed; unusual objects have one list a project."""


class AssociationsForm(forms.Form):
    consensus = forms.ChoiceField(
        label=gettext_lazy("Consensus of"),
        required=False,
        help_text=gettext_lazy("The online state follows each answer; a run can be repeated exactly."),
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"), initial=0, min_value=0, max_value=2**31 - 1,
        help_text=gettext_lazy("Of permutations and intervals."),
    )  # fmt: skip
    with_open = forms.BooleanField(
        label=gettext_lazy(
            "Open subjects too (for the team only; whoever reads it has looked at their answers)"
        ),
        required=False,
    )

    def __init__(self, *given: Any, workflow: Workflow, **more: Any) -> None:
        super().__init__(*given, **more)
        done = Run.objects.filter(workflow=workflow, status=Run.Status.DONE, emptied_at__isnull=True)
        runs = [
            (str(pk), _("run %(n)s: %(method)s") % {"n": pk, "method": method})
            for pk, method in done.values_list("pk", "method")[:20]
        ]
        self.fields["consensus"].choices = [("", _("the online state")), *runs]  # type: ignore[attr-defined]


class AttributesForm(AssociationsForm):
    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        help_text=gettext_lazy(
            "Each against all others of its question; all answers at once where it says so."
        ),
    )
    field_order = ("answer",)

    def __init__(self, *given: Any, workflow: Workflow, **more: Any) -> None:
        super().__init__(*given, workflow=workflow, **more)
        everything = _("all answers")
        self.fields["answer"].choices = [  # type: ignore[attr-defined]
            (question, [(value, everything if label == "*" else label) for value, label in choices])
            for question, choices in questions(workflow)
        ]


FORMS = {Kind.ATTRIBUTES: AttributesForm, Kind.ASSOCIATIONS: AssociationsForm}
TITLES = {Kind.ATTRIBUTES: gettext_lazy("Attributes"), Kind.ASSOCIATIONS: gettext_lazy("Associations")}
LEADS = {
    Kind.ATTRIBUTES: gettext_lazy(
        "What the catalogue knows of the subjects, against what people said of them: which attributes go with an"
        " answer, and which make a subject disputed."
    ),
    Kind.ASSOCIATIONS: gettext_lazy(
        "Which answers go together, with each other, with measurements and with who answers; and what is left of that"
        " where the subject, the time, the place on the sky or the people are the same."
    ),
}
STATES = {Kind.ATTRIBUTES: "attributes:state", Kind.ASSOCIATIONS: "attributes:associations_state"}


@require_http_methods(["GET", "POST"])
def attributes(request: HttpRequest, slug: str, workflow: str, kind: Kind = Kind.ATTRIBUTES) -> HttpResponse:
    """Visitors are sent to the run that the team has published."""
    found, member = workflow_of(request, slug, workflow)
    may = may_mine(request.user, found.project_id)
    shown = published(found, kind)
    if not member:
        if shown is None:
            raise Http404
        return redirect("attributes:run", slug, workflow, shown.run_id)
    if request.method == "POST" and not may:
        raise Http404
    form = FORMS[kind](request.POST or None, workflow=found)
    if request.method == "POST" and form.is_valid():
        _ask(request, found, kind, form.cleaned_data)
        return redirect(f"attributes:{kind}", slug, workflow)
    ended = AttributeRun.objects.filter(workflow=found, kind=kind).exclude(status__in=GOING_ON)
    tasks = all_tasks(found)
    context = {
        "project": found.project,
        "workflow": found,
        "may_mine": may,
        "form": form,
        "published": shown,
        "title": TITLES[kind],
        "lead": LEADS[kind],
        "state_at": reverse(STATES[kind], args=[slug, workflow]),
        "earlier": [
            (run, words(tasks, run.task, run.key) or _("all questions"))
            for run in ended.select_related("started_by").defer("report")[:EARLIER]
        ],
        **_going_on(found, kind),
    }
    return private(render(request, "pages/attributes.html", context))


@require_safe
def state(request: HttpRequest, slug: str, workflow: str, kind: Kind = Kind.ATTRIBUTES) -> HttpResponse:
    """The fragment that a page fetches every second while something goes on; when that has ended, the whole page."""
    found, member = workflow_of(request, slug, workflow)
    if not member:
        raise Http404
    more = _going_on(found, kind)
    context = {
        "project": found.project,
        "workflow": found,
        "may_mine": may_mine(request.user, found.project_id),
        **more,
    }
    response = private(render(request, "pages/_attribute_runs.html", context))
    if request.GET.get("seen") != ",".join(str(run.pk) for run in more["going_on"]):
        response["HX-Refresh"] = "true"
    return response


@require_safe
def run(request: HttpRequest, slug: str, workflow: str, number: int) -> HttpResponse:
    shown, member = readable_run(request, slug, workflow, number)
    if shown.kind == Kind.ASSOCIATIONS:
        return associations_run(request, shown, member)
    charts = {chart.name: chart for chart in shown.charts.defer("svg_light", "svg_dark", "png")}
    context = {
        "project": shown.workflow.project,
        "workflow": shown.workflow,
        "run": shown,
        "is_member": member,
        "may_mine": may_mine(request.user, shown.workflow.project_id),
        "published": published(shown.workflow),
        "question": words(all_tasks(shown.workflow), shown.task, shown.key),
        "gains": _gains(shown),
        "charts": charts,
        "values": [chart for name, chart in charts.items() if name.startswith("values-")],
        "has_simulated": has_simulated(shown.workflow.project),
    }
    return private(render(request, "pages/attribute_run.html", context))


@require_safe
def picture(
    request: HttpRequest, slug: str, workflow: str, number: int, name: str, theme: str
) -> HttpResponse:
    """A drawn chart, by theme, as SVG."""
    if theme not in ("light", "dark"):
        raise Http404
    drawn = _chart(request, slug, workflow, number, name)
    svg = drawn.svg_light if theme == "light" else drawn.svg_dark
    return private(HttpResponse(svg, content_type="image/svg+xml; charset=utf-8"))


@require_safe
def png(request: HttpRequest, slug: str, workflow: str, number: int, name: str) -> HttpResponse:
    drawn = _chart(request, slug, workflow, number, name)
    response = private(HttpResponse(bytes(drawn.png), content_type="image/png"))
    response["Content-Disposition"] = f'attachment; filename="run-{number}-{name}.png"'
    return response


@require_safe
def table(request: HttpRequest, slug: str, workflow: str, number: int, name: str) -> HttpResponse:
    """The table behind a chart, as CSV."""
    drawn = _chart(request, slug, workflow, number, name)
    return csv_file([drawn.table["columns"], *drawn.table["rows"]], f"run-{number}-{name}.csv")


@require_POST
def cancel(request: HttpRequest, slug: str, workflow: str, number: int) -> HttpResponse:
    found = mining_run(request, slug, workflow, number)
    if stop(found):
        messages.success(request, _("Cancelled: nothing of it is stored."))
    else:
        messages.info(request, _("It had ended before."))
    if found.kind == Kind.UNUSUAL:
        return redirect("attributes:unusual", slug)
    return redirect(PAGES[Kind(found.kind)], slug, workflow)


@require_POST
def choose(request: HttpRequest, slug: str, workflow: str, number: int) -> HttpResponse:
    """`public`: yes or no."""
    found = mining_run(request, slug, workflow, number)
    public = request.POST.get("public") == "yes"
    try:
        user = request.user if request.user.is_authenticated else None
        publish(found if public else None, found.workflow, user, kind=found.kind)
    except ValueError:
        raise Http404 from None
    if public:
        messages.success(request, _("Everybody who sees the project can read this page now."))
    else:
        messages.success(request, _("Only the team reads it now."))
    return redirect("attributes:run", slug, workflow, number)


def _gains(run: AttributeRun) -> list[AttributeGain]:
    """With the labels and units of today."""
    described = {each.key: each for each in run.workflow.project.attributes.all()}
    rows = list(run.gains.all())
    for row in rows:
        known = described.get(row.attribute)
        unit = f" ({known.unit})" if known and known.unit else ""
        row.label = f"{known.label}{unit}" if known else row.attribute  # type: ignore[attr-defined]
    return rows


def _chart(request: HttpRequest, slug: str, workflow: str, number: int, name: str) -> AttributeChart:
    found, _member = readable_run(request, slug, workflow, number)
    drawn: AttributeChart = get_object_or_404(AttributeChart, run=found, name=name)
    return drawn


def _ask(request: HttpRequest, workflow: Workflow, kind: Kind, given: dict[str, Any]) -> None:
    path, _equals, key = given.get("answer", "").partition("=")
    chosen = (
        Run.objects.filter(workflow=workflow, pk=given["consensus"]).first() if given["consensus"] else None
    )
    user = request.user if request.user.is_authenticated else None
    ask(
        workflow, kind, task=path, key=key, consensus=chosen, with_open=given["with_open"],
        seed=given["seed"], user=user,
    )  # fmt: skip
    transaction.on_commit(hurry)


def _going_on(workflow: Workflow, kind: Kind) -> dict[str, Any]:
    runs = AttributeRun.objects.filter(workflow=workflow, kind=kind, status__in=GOING_ON)
    return {"going_on": list(runs.order_by("pk"))}


def hurry() -> None:
    """Else beat finds it within two seconds."""
    from mining.jobs import tend_attribute_runs  # noqa: PLC0415 - Celery is loaded when it is first needed

    try:
        tend_attribute_runs.apply_async(expires=60, retry=False)
    except Exception as error:
        logger.warning("No message to the workers (%s); beat will find the run.", error)
