"""All subjects of a project, for its team: searched, looked at, finished, opened again, moved.

What volunteers say is shown only where an answer is asked for; whoever is then shown an open subject has looked.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.storage import FileSystemStorage, storages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.pages.keyset import Page, kept_of
from portal.pages.lab.manager_forms import DoForm, SearchForm
from portal.pages.looks import keep_looks
from portal.pages.pictures import of_subjects
from portal.pages.places import get_project_for
from projects.exceptions import Invalid
from projects.exports.leading import leading, offered
from projects.models import (
    Announced,
    Evidence,
    Lane,
    Media,
    Project,
    Subject,
    SubjectChange,
    SubjectState,
    Workflow,
)
from projects.permissions import may_edit
from projects.services import get_version
from projects.services.subject_changes import MOST, finish_by_hand, move_by_hand, open_by_hand
from projects.subject_search import WINDOW, Found, Wanted, search

ON_A_PAGE = 60
CHANGES = 10


@dataclass
class Card:
    """A subject as the page shows it. has_media: also of other kinds than pictures. is_lost: that its picture's file is
    not where it should be. lead: what leads the question that was asked for, and how probable that is."""

    subject: Subject
    picture: Media | None
    has_media: bool
    is_lost: bool
    state: SubjectState | None = None
    lane: str = ""
    lead: str = ""
    probability: float | None = None


@require_http_methods(["GET", "POST"])
@never_cache
def manager(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of those that the address asks for; a POST does something to the chosen ones, or to all of them."""
    project = get_project_for(request, slug, may_edit)
    form = SearchForm(project, request.GET)
    wanted = form.wanted() if form.is_valid() else None
    posted = request.method == "POST"
    do = DoForm(form.sets, request.POST if posted else None)
    ticked = _ids(request.POST.getlist("subject"))
    if posted and do.is_valid() and wanted is not None:
        try:
            messages.success(request, _do(request, project, form, do, wanted, ticked))
            return redirect(request.get_full_path())
        except Invalid as error:
            do.add_error(None, str(error))
    after = _place(request.GET.get("after", ""))
    found = search(project.pk, wanted, after=after or ("", ""), size=ON_A_PAGE) if wanted else Found()
    page = Page(_cards(request, form, wanted, found), _token(found), after is not None)
    context: dict[str, Any] = {
        "project": project,
        "workflow": form.flow,
        "form": form,
        "do": do,
        "ticked": ticked,
        "page": page,
        "looked_through": found.looked_through and WINDOW,
        "kept": kept_of(request),
        "shows_answers": bool(wanted and wanted.task),
        "announced": Announced.objects.filter(project=project).count(),
        "changes": SubjectChange.objects.filter(project=project).select_related(
            "by", "workflow", "subject_set"
        )[:CHANGES],
    }
    return render(request, "lab/manager.html", context, status=400 if posted else 200)


def _do(
    request: HttpRequest, project: Project, form: SearchForm, do: DoForm, wanted: Wanted, ticked: list[int]
) -> str:
    """What was done, in words. Raises Invalid."""
    assert request.user.is_authenticated  # noqa: S101 (of the team)
    given = do.cleaned_data
    ids = _every(project, wanted) if given["which"] == "all" else ticked
    by = {"reason": given["reason"], "by": request.user}
    if given["do"] == "move":
        if do.subject_set is None:
            raise Invalid(_("Choose the set into which they go."))
        n = move_by_hand(do.subject_set, ids, **by)
        said = ngettext("%(n)d subject is in %(set)s now.", "%(n)d subjects are in %(set)s now.", n)
        return said % {"n": n, "set": do.subject_set.title}
    if form.flow is None:
        raise Invalid(_("There is no workflow in which subjects could be finished: make one first."))
    if given["do"] == "retire":
        n = finish_by_hand(form.flow, ids, **by)
        said = ngettext("%(n)d subject is finished.", "%(n)d subjects are finished.", n)
    else:
        n = open_by_hand(form.flow, ids, **by)
        said = ngettext("%(n)d subject is open again.", "%(n)d subjects are open again.", n)
    return said % {"n": n}


def _every(project: Project, wanted: Wanted) -> list[int]:
    """All that the search finds, of all its pages. Raises Invalid where they are too many for one go."""
    ids: list[int] = []
    after: tuple[str, str] | None = ("", "")
    while after is not None and len(ids) <= MOST:
        found = search(project.pk, wanted, after=after, size=MOST + 1)
        ids += found.ids
        after = found.after
    if len(ids) > MOST:
        raise Invalid(
            _("More than %(n)d subjects are found: narrow the search, and do it in parts.") % {"n": MOST}
        )
    return ids


def _cards(request: HttpRequest, form: SearchForm, wanted: Wanted | None, found: Found) -> list[Card]:
    rows = Subject.objects.select_related("subject_set").in_bulk(found.ids)
    pictures = of_subjects(found.ids)
    some = set(Media.objects.filter(subject_id__in=found.ids).values_list("subject_id", flat=True))
    cards = [
        Card(rows[pk], pictures.get(pk), pk in some, _is_lost(pictures.get(pk)))
        for pk in found.ids
        if pk in rows
    ]
    if form.flow is None:
        return cards
    states = {
        state.subject_id: state
        for state in SubjectState.objects.filter(workflow=form.flow, subject_id__in=found.ids)
    }
    lanes = {lane.pk: lane.title for lane in Lane.objects.filter(workflow=form.flow)}
    leads: dict[int, tuple[str, float | None]] = {}
    if wanted is not None and wanted.task:
        keep_looks(request, form.flow.pk, found.ids)
        leads = _leads(form.flow, wanted.task, found.ids)
    for card in cards:
        card.state = states.get(card.subject.pk)
        card.lane = lanes.get(card.state.lane_id, "") if card.state and card.state.lane_id else ""
        card.lead, card.probability = leads.get(card.subject.pk, ("", None))
    return cards


def _leads(workflow: Workflow, task: str, ids: Sequence[int]) -> dict[int, tuple[str, float | None]]:
    """What leads in this question, by subject: words and probability, as in the catalogue."""
    assert workflow.published_id is not None  # noqa: S101 (the question was offered)
    asked = get_version(workflow.published_id).definition.tasks[task]
    words = {choice.key: choice.label for choice in asked.choices}
    found = {}
    for row in Evidence.objects.filter(workflow=workflow, subject_id__in=ids, task=task):
        votes, n = row.tallies.get("votes", {}), row.tallies.get("asked", 0)
        lead = leading(asked.kind, offered(asked), votes, n, row.probabilities)
        if lead is not None:
            label = ", ".join(words.get(key, key) for key in lead.label.split("+"))
            found[row.subject_id] = label, lead.probability
    return found


def _is_lost(media: Media | None) -> bool:
    """Only files of this machine are looked for: asking an object store for each would take seconds."""
    storage = storages["default"]
    if media is None or not isinstance(storage, FileSystemStorage) or media.url == media.path:
        return False
    return not storage.exists(media.path)


def _ids(texts: Sequence[str]) -> list[int]:
    return [int(text) for text in texts if text.isdecimal() and len(text) < 17]


def _token(found: Found) -> str:
    """The place as a word of the address: names may hold anything."""
    return json.dumps(found.after) if found.after else ""


def _place(token: str) -> tuple[str, str] | None:
    """What is none begins at the start."""
    try:
        source, name = json.loads(token)
    except (ValueError, TypeError, RecursionError):
        return None
    is_place = isinstance(source, str) and isinstance(name, str) and "\0" not in source + name
    return (source, name) if is_place else None
