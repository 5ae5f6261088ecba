"""What a version of a policy changed, for the team: which decisions rest on it, and off with them to a lane."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.pages.places import get_project_for
from portal.pages.policies import entries
from projects.exceptions import Invalid
from projects.models import Lane, PolicyVersion, SubjectState, Verdict
from projects.permissions import may_rule
from projects.services.policies import policy_text, regions_of
from projects.services.policy_changes import (
    Cited,
    changed_in,
    citing,
    send_to_lane,
    version_before,
    with_new_verdicts,
)

SHOWN = 100
COUNTED = 10_000
"""Decisions that are compared with the new version, the newest first."""


class SendForm(forms.Form):
    lane = forms.ModelChoiceField(label=gettext_lazy("Lane"), queryset=Lane.objects.none())
    which = forms.ChoiceField(
        label=gettext_lazy("Which"),
        choices=[
            ("differ", gettext_lazy("those to which this version gives another verdict")),
            ("all", gettext_lazy("all that cite what was changed")),
        ],
    )


@require_http_methods(["GET", "POST"])
@never_cache
def changes(request: HttpRequest, slug: str, policy: str, number: int) -> HttpResponse:
    """The list; a POST opens their subjects again, in a lane."""
    project = get_project_for(request, slug, may_rule)
    version = get_object_or_404(
        PolicyVersion.objects.select_related("policy", "by"),
        policy__project=project,
        policy__slug=policy,
        number=number,
    )
    day = timezone.now().date()
    form = SendForm(request.POST or None)
    lanes = Lane.objects.filter(workflow__triage__policy=version.policy_id, closed_at=None)
    form.fields["lane"].queryset = lanes  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        assert request.user.is_authenticated  # noqa: S101 (of the team)
        lane, everything = form.cleaned_data["lane"], form.cleaned_data["which"] == "all"
        try:
            moved = send_to_lane(version, lane, day=day, all_of_them=everything, by=request.user)
            messages.success(
                request,
                ngettext(
                    "%(n)d subject is open again, in the lane %(lane)s.",
                    "%(n)d subjects are open again, in the lane %(lane)s.",
                    moved.chosen,
                )
                % {"n": moved.chosen, "lane": lane},
            )
            return redirect("pages:policy_changes", slug, policy, number)
        except Invalid as error:
            form.add_error(None, str(error))
    keys = changed_in(version)
    rows = citing(version, keys).shown().select_related("region", "subject", "policy")
    cited = with_new_verdicts(version, list(rows[:COUNTED]), day)
    before = version_before(version)
    context = {
        "project": project,
        "policy": version.policy,
        "version": version,
        "before": before,
        "changed": _side_by_side(project.pk, before, version, keys),
        "cited": len(cited),
        "differ": sum(each.differs for each in cited),
        "rows": _finished(cited),
        "verdicts": dict(Verdict.choices),
        "form": form if lanes else None,
    }
    return render(
        request, "pages/policy_changes.html", context, status=400 if request.method == "POST" else 200
    )


def _side_by_side(
    project: int, before: PolicyVersion | None, version: PolicyVersion, keys: list[str]
) -> list[tuple[Any, Any]]:
    """[the category as it was, as it is; None where it is gone]."""
    if before is None:
        return []
    regions, day = regions_of(project), timezone.now().date()
    was, now = (
        {each.category.key: each for each in entries(policy_text(one.pk), [], "", day, regions)}
        for one in (before, version)
    )
    return [(was[key], now.get(key)) for key in keys]


def _finished(cited: list[Cited]) -> list[tuple[Cited, str]]:
    """Each with the verdict of the new version in words, without those whose subject is open again: who is still to
    answer it here is not told what was decided."""
    cited = sorted(cited, key=lambda each: not each.differs)
    states = SubjectState.objects.filter(
        subject_id__in={each.decision.subject_id for each in cited}, retired_at__isnull=False
    )
    finished = set(states.values_list("workflow_id", "subject_id"))
    words = dict(Verdict.choices)
    shown = [each for each in cited if (each.decision.workflow_id, each.decision.subject_id) in finished]
    return [(each, str(words.get(each.now, _("none")))) for each in shown[:SHOWN]]
