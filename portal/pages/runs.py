"""A team's batch runs of one workflow: what was run, run again, cancel, compare, publish."""

import logging
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mining.models import Run
from mining.science.consensus import DEFAULT, METHODS
from mining.services.runs import ask, publish, stop
from mining.services.schedules import set_schedule
from mining.services.working import GOING_ON
from portal.pages.run_places import context, miner_workflow, private, run_of, team_workflow
from portal.pages.run_schedule import ScheduleForm, schedule_of
from projects.models import Workflow

logger = logging.getLogger(__name__)

EARLIER = 50


class RunForm(forms.Form):
    method = forms.ChoiceField(
        label=gettext_lazy("Method"),
        choices=[(name, name) for name in METHODS],
        initial=DEFAULT,
        help_text=gettext_lazy("dawid-skene-tuned is the default; majority counts votes plainly."),
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"),
        initial=0,
        min_value=0,
        max_value=2**31 - 1,
        help_text=gettext_lazy("Of what is drawn at random: parts of cross-validations, the order of votes."),
    )


@require_http_methods(["GET", "POST"])
def runs(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    posted = request.method == "POST"
    found = (miner_workflow if posted else team_workflow)(request, slug, workflow)
    form = RunForm(request.POST or None)
    if posted and form.is_valid():
        _ask(request, found, form.cleaned_data["method"], form.cleaned_data["seed"])
        return redirect("runs:runs", slug, workflow)
    return _page(request, found, form=form)


@require_POST
def schedule(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """Set it, in the place of the one before."""
    found = miner_workflow(request, slug, workflow)
    form = ScheduleForm(request.POST, auto_id="schedule-%s")
    if not form.is_valid():
        return _page(request, found, schedule_form=form)
    set_schedule(found, **form.cleaned_data, user=request.user if request.user.is_authenticated else None)
    said = _("The schedule is set.") if form.cleaned_data["on"] else _("The schedule is kept, and off.")
    messages.success(request, said)
    return redirect("runs:runs", slug, workflow)


@require_safe
def state(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """The fragment that a page fetches every second while something goes on; when that has ended, the whole page."""
    found = team_workflow(request, slug, workflow)
    more = _going_on(found)
    response = private(render(request, "pages/_runs.html", context(request, found, **more)))
    if request.GET.get("seen") != ",".join(str(run.pk) for run in more["going_on"]):
        response["HX-Refresh"] = "true"
    return response


@require_POST
def cancel(request: HttpRequest, slug: str, workflow: str, number: int) -> HttpResponse:
    run = run_of(miner_workflow(request, slug, workflow), number)
    if stop(run):
        messages.success(request, _("Cancelled: nothing of run %(n)s is kept.") % {"n": run.pk})
    else:
        messages.info(request, _("Run %(n)s had ended before.") % {"n": run.pk})
    return redirect("runs:runs", slug, workflow)


@require_POST
def again(request: HttpRequest, slug: str, workflow: str, number: int) -> HttpResponse:
    """A new run with the method and seed of another, over what the record holds now."""
    found = miner_workflow(request, slug, workflow)
    run = run_of(found, number)
    _ask(request, found, run.method if run.method in METHODS else DEFAULT, run.seed)
    return redirect("runs:runs", slug, workflow)


@require_POST
def choose(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """`run`: the number of the run that the catalogue carries, or empty for the online state."""
    found = miner_workflow(request, slug, workflow)
    asked = request.POST.get("run", "")
    run = run_of(found, int(asked), done=True) if asked.isdecimal() and len(asked) < 19 else None
    publish(run, found, request.user if request.user.is_authenticated else None)
    if run:
        messages.success(request, _("The catalogue carries the numbers of run %(n)s now.") % {"n": run.pk})
    else:
        messages.success(request, _("The catalogue carries the numbers of the online state now."))
    return redirect("runs:runs", slug, workflow)


def _page(
    request: HttpRequest,
    workflow: Workflow,
    form: RunForm | None = None,
    schedule_form: ScheduleForm | None = None,
) -> HttpResponse:
    scheduled = schedule_of(workflow)
    more = {
        "form": form or RunForm(),
        "schedule": scheduled,
        "schedule_form": schedule_form or ScheduleForm.of(scheduled),
        "earlier": _earlier(workflow),
        **_going_on(workflow),
    }
    return private(render(request, "pages/runs.html", context(request, workflow, **more)))


def _ask(request: HttpRequest, workflow: Workflow, method: str, seed: int) -> None:
    user = request.user if request.user.is_authenticated else None
    ask(workflow, method=method, seed=seed, user=user)
    transaction.on_commit(_hurry)


def _earlier(workflow: Workflow) -> list[Run]:
    ended = Run.objects.filter(workflow=workflow).exclude(status__in=GOING_ON)
    return list(ended.select_related("started_by").defer("report")[:EARLIER])


def _going_on(workflow: Workflow) -> dict[str, Any]:
    return {"going_on": list(Run.objects.filter(workflow=workflow, status__in=GOING_ON).order_by("pk"))}


def _hurry() -> None:
    """Else beat finds it within two seconds."""
    from mining.jobs import tend_runs  # noqa: PLC0415 - Celery is loaded when it is first needed

    try:
        tend_runs.apply_async(expires=60, retry=False)
    except Exception as error:
        logger.warning("No message to the workers (%s); beat will find the run.", error)
