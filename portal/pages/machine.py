"""People and machine, on the page of a workflow's classifiers: switch it, and how often the machine is right."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mining.models import AttributeRun, ModelVersion
from mining.services.attribute_runs import ask
from mining.services.priors import audit_of
from portal.pages.attribute_places import words
from portal.pages.attributes import hurry
from portal.pages.places import get_project_for, get_workflow
from portal.pages.rules import share_of
from projects.exceptions import Invalid
from projects.models import Machine, Workflow
from projects.permissions import may_mine
from projects.services.machine import MOST_PEOPLE, set_machine
from projects.tasks import Task


class MachineForm(forms.Form):
    people = forms.IntegerField(
        label=gettext_lazy("People on each subject, at least"), min_value=0, max_value=MOST_PEOPLE,
        help_text=gettext_lazy("Whatever a condition or a model says. 0: as the conditions say."),
    )  # fmt: skip
    priors = forms.BooleanField(
        label=gettext_lazy("What a champion says weighs in, before anybody votes"), required=False
    )
    audit = forms.IntegerField(
        label=gettext_lazy("People's alone, per cent"), min_value=5, max_value=100,
        help_text=gettext_lazy("Drawn at random; it is kept out of these, so that people show how often it is right."),
    )  # fmt: skip


def told(workflow: Workflow, tasks: dict[str, Task]) -> dict[str, Any]:
    """What the page of classifiers shows."""
    stands = Machine.objects.filter(workflow=workflow).first()
    now = stands or Machine(workflow=workflow, people=0, priors=False, audit=0.05)
    percent = round(100 * now.audit)
    audits = []
    if now.priors:
        champions = ModelVersion.objects.filter(workflow=workflow, state=ModelVersion.State.CHAMPION)
        for version in champions.order_by("task"):
            audit = audit_of(workflow, version.task)
            share = share_of(audit.agreed, audit.finished)
            audits.append({"question": words(tasks, version.task, ""), "of": audit, "share": share})
    initial = {"people": now.people if stands else 1, "priors": now.priors, "audit": percent}
    return {
        "machine": now,
        "machine_audit": percent,
        "machine_form": MachineForm(initial=initial, auto_id="machine-%s"),
        "audits": audits,
    }


@require_POST
def together(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """Set how many people at least, whether the machine weighs in, and what is people's alone."""
    found = get_workflow(get_project_for(request, slug, may_mine), workflow)
    form, user = MachineForm(request.POST), request.user if request.user.is_authenticated else None
    if not form.is_valid():
        messages.error(
            request, _("Write whole numbers: people from 0, people's alone from 5 to 100 per cent.")
        )
        return redirect("classifiers:classifiers", slug, workflow)
    given = form.cleaned_data
    try:
        changed = set_machine(
            found, people=given["people"], priors=given["priors"], audit=given["audit"] / 100, by=user
        )
    except Invalid as error:
        messages.error(request, str(error))
        return redirect("classifiers:classifiers", slug, workflow)
    if changed and given["priors"]:
        _ask_champions(found, user)
        transaction.on_commit(hurry)
    messages.success(request, _("Saved.") if changed else _("Nothing was to be changed."))
    return redirect("classifiers:classifiers", slug, workflow)


def _ask_champions(workflow: Workflow, user: Any) -> None:
    """The worker gives what they say to the consensus."""
    champions = ModelVersion.objects.filter(workflow=workflow, state=ModelVersion.State.CHAMPION)
    for version in champions.order_by("task"):
        ask(
            workflow, AttributeRun.Kind.CLASSIFIERS, task=version.task, with_open=True,
            parameters={"version": version.pk, "priors": True}, user=user,
        )  # fmt: skip
