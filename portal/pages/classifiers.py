"""The classifiers of a workflow, for its owners, scientists and experts: versions, how good, train, roll back."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mining.models import AttributeChart, AttributeRun, ModelVersion, Retraining
from mining.services.attribute_runs import GOING_ON, ask
from mining.services.champions import roll_back
from mining.services.outside_judged import Judged, Score, judged
from mining.services.retraining import LEAST, set_retraining
from portal.pages import machine
from portal.pages.activity import has_simulated
from portal.pages.attribute_places import words
from portal.pages.attributes import hurry
from portal.pages.classifier_words import reason_words, source_words
from portal.pages.places import get_project_for, get_workflow
from portal.pages.rules import Share, share_of
from portal.pages.run import csv_file
from portal.pages.run_places import answer_words, private
from projects.exports.catalogue import all_tasks
from projects.models import Workflow
from projects.permissions import may_enter_gold, may_mine
from projects.tasks import Task

SHOWN = 50
Kind = AttributeRun.Kind


class TrainForm(forms.Form):
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"), initial=0, min_value=0, max_value=2**31 - 1,
        help_text=gettext_lazy("Of the parts in which subjects are told by the others."),
    )  # fmt: skip


class RetrainForm(forms.Form):
    every = forms.IntegerField(
        label=gettext_lazy("After how many new answers"), required=False, min_value=LEAST, max_value=10**9,
        help_text=gettext_lazy("Empty: only when somebody asks for it."),
    )  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A version as the list has it."""

    row: ModelVersion
    question: str
    why: list[str]

    @property
    def audit(self) -> dict[str, Any]:
        return self.row.metrics.get("audit") or {}


def expert_workflow(request: HttpRequest, slug: str, workflow: str) -> Workflow:
    """For owners, scientists and experts, and staff; to others it is not there."""
    return get_workflow(get_project_for(request, slug, may_enter_gold), workflow)


def version_of(workflow: Workflow, number: int) -> ModelVersion:
    found: ModelVersion = get_object_or_404(
        ModelVersion.objects.select_related("run__started_by", "outside__by"), workflow=workflow, pk=number
    )
    return found


@require_http_methods(["GET", "POST"])
def classifiers(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    found = expert_workflow(request, slug, workflow)
    may = may_mine(request.user, found.project_id)
    if request.method == "POST" and not may:
        raise Http404
    form = TrainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not _going_on(found):
            user = request.user if request.user.is_authenticated else None
            ask(found, Kind.CLASSIFIERS, with_open=True, seed=form.cleaned_data["seed"], user=user)
            transaction.on_commit(hurry)
        return redirect("classifiers:classifiers", slug, workflow)
    tasks = all_tasks(found)
    versions = ModelVersion.objects.filter(workflow=found)
    going_on, every = _going_on(found), _every(found)
    ended = AttributeRun.objects.filter(workflow=found, kind=Kind.CLASSIFIERS).exclude(status__in=GOING_ON)
    newest = ended.first()
    context = {
        "project": found.project,
        "workflow": found,
        "may_mine": may,
        "form": form,
        "retrain_form": RetrainForm(initial={"every": every}, auto_id="retrain-%s"),
        "every": every,
        "champions": [_line(row, tasks) for row in versions.filter(state=ModelVersion.State.CHAMPION)],
        "lines": [_line(row, tasks) for row in versions[:SHOWN]],
        "newest": newest,
        "not_learnt": _not_learnt(newest, tasks),
        "has_simulated": has_simulated(found.project),
        "going_on": going_on,
        **machine.told(found, tasks),
    }
    return private(render(request, "pages/classifiers.html", context))


@require_POST
def retrain(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """Set after how many new answers it is trained by itself, or that it is not."""
    found = get_workflow(get_project_for(request, slug, may_mine), workflow)
    form = RetrainForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write a number from %(least)s on, or nothing.") % {"least": LEAST})
    else:
        every = form.cleaned_data["every"]
        set_retraining(found, every, request.user if request.user.is_authenticated else None)
        if every:
            messages.success(request, _("Trained again after %(n)s new answers each.") % {"n": every})
        else:
            messages.success(request, _("Trained only when somebody asks for it."))
    return redirect("classifiers:classifiers", slug, workflow)


@require_safe
def state(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """The fragment that a page fetches every second while something goes on; when that has ended, the whole page."""
    found = expert_workflow(request, slug, workflow)
    going_on = _going_on(found)
    context = {
        "project": found.project,
        "workflow": found,
        "may_mine": may_mine(request.user, found.project_id),
        "going_on": going_on,
    }
    response = private(render(request, "pages/_attribute_runs.html", context))
    if request.GET.get("seen") != ",".join(str(run.pk) for run in going_on):
        response["HX-Refresh"] = "true"
    return response


@require_safe
def version(request: HttpRequest, slug: str, workflow: str, number: int) -> HttpResponse:
    """Its model card."""
    found = expert_workflow(request, slug, workflow)
    shown = version_of(found, number)
    tasks = all_tasks(found)
    line = _line(shown, tasks)
    context = {
        "project": found.project,
        "workflow": found,
        "may_mine": may_mine(request.user, found.project_id),
        "version": shown,
        "line": line,
        "sources": [source_words(name) for name in shown.sources],
        "classes": _classes(line, answer_words(tasks, shown.task)),
        "chart": _charts(shown).defer("svg_light", "svg_dark", "png").first(),
        "promotions": shown.promotions.select_related("by"),
        "outside": _outside(shown),
        "has_simulated": has_simulated(found.project),
    }
    return private(render(request, "pages/classifier.html", context))


@require_POST
def back(request: HttpRequest, slug: str, workflow: str, number: int) -> HttpResponse:
    found = get_workflow(get_project_for(request, slug, may_mine), workflow)
    shown = version_of(found, number)
    user = request.user if request.user.is_authenticated else None
    try:
        roll_back(shown, user)
    except ValueError:
        messages.error(request, _("Only a version that was champion before can be put back."))
    else:
        transaction.on_commit(hurry)
        messages.success(request, _("Version %(n)s speaks for its question again.") % {"n": shown.pk})
    return redirect("classifiers:classifiers", slug, workflow)


@require_safe
def picture(request: HttpRequest, slug: str, workflow: str, number: int, theme: str) -> HttpResponse:
    if theme not in ("light", "dark"):
        raise Http404
    drawn = get_object_or_404(_charts(version_of(expert_workflow(request, slug, workflow), number)))
    svg = drawn.svg_light if theme == "light" else drawn.svg_dark
    return private(HttpResponse(svg, content_type="image/svg+xml; charset=utf-8"))


@require_safe
def table(request: HttpRequest, slug: str, workflow: str, number: int) -> HttpResponse:
    drawn = get_object_or_404(_charts(version_of(expert_workflow(request, slug, workflow), number)))
    return csv_file([drawn.table["columns"], *drawn.table["rows"]], f"version-{number}-reliability.csv")


def _line(row: ModelVersion, tasks: dict[str, Task]) -> Line:
    labels = answer_words(tasks, row.task)
    return Line(
        row, words(tasks, row.task, ""), [reason_words(code, facts, labels) for code, facts in row.reasons]
    )


def _classes(line: Line, labels: dict[str, str]) -> list[dict[str, Any]]:
    """By answer: how many of the audit part, recall, precision, and what they were taken for."""
    audit = line.audit
    if not audit:
        return []
    return [
        {
            "label": labels.get(key, key),
            "subjects": sum(audit["confusion"][at]),
            "recall": audit["recall"][at],
            "precision": audit["precision"][at],
            "taken_for": audit["confusion"][at],
        }
        for at, key in enumerate(line.row.answers)
    ]


def _outside(shown: ModelVersion) -> dict[str, Any] | None:
    """Of one that was trained elsewhere: what its team says of it, and what people's later answers say."""
    if shown.state != ModelVersion.State.OUTSIDE:
        return None
    found = judged(shown)
    return {"told": shown.outside, "judged": found, "rows": _scores(found)}


def _scores(found: Judged) -> list[tuple[str, Score, Share | None]]:
    """As the table has them."""
    rows = [(_("this version"), found.alone)]
    if found.champion is not None:
        rows.append((_("this version, where the champion told too"), found.both))
        rows.append((_("the champion (version %(n)s), there") % {"n": found.champion}, found.champions))
    return [
        (label, score, share_of(score.agreed, score.subjects)) for label, score in rows if score is not None
    ]


def _charts(shown: ModelVersion) -> Any:
    return AttributeChart.objects.filter(run=shown.run_id, name=f"reliability-{shown.pk}")


def _not_learnt(newest: AttributeRun | None, tasks: dict[str, Task]) -> list[tuple[str, str]]:
    """(question, why) of the newest training."""
    questions = newest.report.get("questions", {}) if newest else {}
    return [
        (words(tasks, path, ""), each["not_learnt"])
        for path, each in questions.items()
        if "not_learnt" in each
    ]


def _every(workflow: Workflow) -> int | None:
    return Retraining.objects.filter(workflow=workflow).values_list("every", flat=True).first()


def _going_on(workflow: Workflow) -> list[AttributeRun]:
    runs = AttributeRun.objects.filter(workflow=workflow, kind=Kind.CLASSIFIERS, status__in=GOING_ON)
    return list(runs.order_by("pk"))
