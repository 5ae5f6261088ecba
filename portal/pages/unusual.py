"""Unusual objects: what stands out in a project, why, who saw it first, and what the team says of it.

The team sees all; whoever is shown an open subject here has looked at its answers. Who may judge also sees which
volunteers are unlike the rest (portal/pages/unlike.py). Visitors see what the team has
marked as a discovery, once it has published the list, and of that only what is open nowhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mining.models import AttributeRun, FollowUp, UnusualObject
from mining.services.attribute_runs import GOING_ON, ask, discoveries_are_public, publish_discoveries
from mining.services.follow_up import say
from portal.pages.activity import has_simulated
from portal.pages.attributes import hurry
from portal.pages.keyset import kept_of, page
from portal.pages.pictures import of_subjects
from portal.pages.places import get_project, get_project_for
from portal.pages.run_places import private
from portal.pages.unlike import Unlike, reason_words, unlike
from portal.talk.services.boards import has_talk
from projects.exports.catalogue import all_tasks
from projects.exports.pseudonyms import pseudonym
from projects.models import Media, Project, SubjectState, Volunteer
from projects.permissions import is_member, may_enter_gold, may_judge, may_mine
from projects.services.look_at_answers import look_at_subjects
from projects.services.volunteers import join_account, volunteer_of

ON_A_PAGE = 12
Kind, State = AttributeRun.Kind, UnusualObject.State


class SayForm(forms.Form):
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=State.choices)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@dataclass(frozen=True)
class Shown:
    row: UnusualObject
    picture: Media | None
    is_open: bool
    reasons: list[str]
    finders: list[tuple[str, bool]]
    history: list[FollowUp]
    form: SayForm


def _open_somewhere() -> Exists:
    """Open in some workflow of its project: then somebody may still be asked."""
    return Exists(SubjectState.objects.filter(subject_id=OuterRef("subject_id"), retired_at__isnull=True))


@require_safe
def unusual(request: HttpRequest, slug: str) -> HttpResponse:
    """`?state=` one of State (members), `?after=` of the last page's link."""
    project = get_project(request, slug)
    member = is_member(request.user, project.pk)
    publication = discoveries_are_public(project)
    if not member and publication is None:
        raise Http404
    rows = UnusualObject.objects.filter(project=project).annotate(is_open=_open_somewhere())
    state = request.GET.get("state", "")
    state = state if state in State.values else ""
    if not member:
        rows, state = rows.filter(is_open=False), State.DISCOVERY.value
    if state:
        rows = rows.filter(state=state)
    rows = rows.select_related("workflow", "subject")
    listed = page(rows, "score", "id", down=True, after=request.GET.get("after", ""), size=ON_A_PAGE)
    runs = AttributeRun.objects.filter(workflow__project=project, kind=Kind.UNUSUAL)
    context = {
        "project": project,
        "is_member": member,
        "may_mine": may_mine(request.user, project.pk),
        "may_say": may_enter_gold(request.user, project.pk),
        "publication": publication,
        "state": state,
        "states": State.choices,
        "page": listed,
        "kept": kept_of(request),
        "shown": _described(request, project, listed.rows, member),
        "going_on": runs.filter(status__in=GOING_ON).count() if member else 0,
        "newest": runs.filter(status=AttributeRun.Status.DONE).first() if member else None,
        "failed": _failed(runs) if member else None,
        "unlike": _unlike(request, project),
        "fairness_at": reverse("pages:fairness", args=[slug]),
        "has_simulated": has_simulated(project),
        "talk": has_talk(project.pk),
    }
    return private(render(request, "pages/unusual.html", context))


@require_POST
def look(request: HttpRequest, slug: str) -> HttpResponse:
    """Look again, through every published workflow."""
    project = get_project_for(request, slug, may_mine)
    user = request.user if request.user.is_authenticated else None
    for workflow in project.workflows.filter(published__isnull=False):
        if not workflow.attribute_runs.filter(kind=Kind.UNUSUAL, status__in=GOING_ON).exists():
            ask(workflow, Kind.UNUSUAL, with_open=True, user=user)
    transaction.on_commit(hurry)
    messages.success(
        request, _("The worker looks through the answers; it takes seconds. Load this page again then.")
    )
    return redirect("attributes:unusual", slug)


@require_POST
def follow_up(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    project = get_project_for(request, slug, may_enter_gold)
    found = get_object_or_404(UnusualObject, project=project, pk=pk)
    form = SayForm(request.POST)
    if form.is_valid():
        say(found, form.cleaned_data["state"], form.cleaned_data["note"], request.user)
        messages.success(request, _("Kept: %(state)s.") % {"state": State(form.cleaned_data["state"]).label})
    else:
        messages.error(request, _("Choose a state, and write at most 2,000 characters."))
    back = request.POST.get("back", "")
    response = redirect("attributes:unusual", slug)
    if back in State.values:
        response["Location"] += f"?state={back}"
    return response


@require_POST
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """`public`: yes or no."""
    project = get_project_for(request, slug, may_mine)
    public = request.POST.get("public") == "yes"
    publish_discoveries(project, public, request.user if request.user.is_authenticated else None)
    told = _("Visitors see the discoveries now.") if public else _("Only the team sees the list now.")
    messages.success(request, told)
    return redirect("attributes:unusual", slug)


def _unlike(request: HttpRequest, project: Project) -> list[Unlike] | None:
    """Below the objects, for who may see the page Fair use; None on further pages, and where nobody has looked."""
    if request.GET.get("after") or not may_judge(request.user, project.pk):
        return None
    return unlike(project)


def _failed(runs: QuerySet[AttributeRun]) -> AttributeRun | None:
    """The newest, where it failed."""
    newest = runs.first()
    return newest if newest is not None and newest.status == AttributeRun.Status.FAILED else None


def _described(request: HttpRequest, project: Project, rows: Iterable[Any], member: bool) -> list[Shown]:
    """With pictures, in their order; the open ones are kept as looked at, before they are shown."""
    listed = list(rows)
    if member:
        _keep_looks(request, [row for row in listed if row.is_open])
    pictures = of_subjects(row.subject_id for row in listed)
    names = _names(project, {finder for row in listed for finder in row.finders})
    workflows = {row.workflow_id: row.workflow for row in listed}
    tasks = {pk: all_tasks(workflow) for pk, workflow in workflows.items()}
    labels = dict(project.attributes.values_list("key", "label"))
    history: dict[int, list[FollowUp]] = {}
    if member:
        said = FollowUp.objects.filter(unusual__in=[row.pk for row in listed]).select_related("by")
        for each in said:
            history.setdefault(each.unusual_id, []).append(each)
    return [
        Shown(
            row,
            pictures.get(row.subject_id),
            row.is_open,
            [reason_words(each, tasks[row.workflow_id], labels) for each in row.signals],
            [names[finder] for finder in row.finders if finder in names],
            history.get(row.pk, []),
            SayForm(initial={"state": row.state}, auto_id=f"id_%s_{row.pk}"),
        )
        for row in listed
    ]


def _keep_looks(request: HttpRequest, rows: list[Any]) -> None:
    by_workflow: dict[int, list[int]] = {}
    for row in rows:
        by_workflow.setdefault(row.workflow_id, []).append(row.subject_id)
    if not by_workflow or not request.user.is_authenticated:
        return
    person = volunteer_of(request) or join_account(None, request.user)
    for workflow, subjects in by_workflow.items():
        look_at_subjects(workflow, subjects, person)


def _names(project: Project, people: set[int]) -> dict[int, tuple[str, bool]]:
    """(pseudonym, simulated) of volunteers; nothing else is told of them."""
    found = Volunteer.objects.filter(pk__in=people)
    return {
        person.pk: (
            pseudonym(
                project,
                person.public_id,
                signed_in=person.account_id is not None,
                simulated=person.simulated,
            ).user_name,
            person.simulated,
        )
        for person in found
    }
