"""A workflow's lanes, for the team: how far each is, make, change, close, put subjects in and take them out."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.pages.lane_forms import LaneForm, MoveForm, Told
from portal.pages.places import get_project_for, get_workflow
from projects.exceptions import Invalid
from projects.models import Grant, Lane, Project, Qualification, Workflow
from projects.permissions import may_arrange
from projects.services.lane_moves import Moved, Which, put_in, take_out
from projects.services.lane_progress import Progress, progress_of
from projects.services.lanes import alter_lane, close_lane, make_lane, reopen_lane

CHANGES = 20
"""The newest, on a lane's page."""


@dataclass(frozen=True)
class Row:
    """A lane as the page shows it. asks: titles of the qualifications; nobody: of those, what nobody has."""

    lane: Lane
    progress: Progress
    told: Told
    asks: list[str]
    nobody: list[str]


@require_http_methods(["GET", "POST"])
@never_cache
def lanes(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """The list; a POST makes a lane."""
    project = get_project_for(request, slug, may_arrange)
    flow = get_workflow(project, workflow)
    posted = request.method == "POST"
    form = LaneForm(flow, request.POST if posted else None)
    if posted and form.is_valid():
        assert request.user.is_authenticated  # noqa: S101 (of the team)
        try:
            made = make_lane(workflow=flow, by=request.user, **form.values())
            messages.success(request, _("The lane %(title)s is open.") % {"title": made})
            return redirect("pages:lane", slug, workflow, made.slug)
        except Invalid as error:
            form.add_error(None, str(error))
    rows = _rows(project, flow, list(flow.lanes.all()))
    context = {"project": project, "workflow": flow, "rows": rows, "form": form}
    return render(request, "pages/lanes.html", context, status=400 if posted else 200)


@require_http_methods(["GET", "POST"])
@never_cache
def lane(request: HttpRequest, slug: str, workflow: str, lane: str) -> HttpResponse:
    """One lane; a POST's `do` is save, put_in, take_out (all open ones to the common pool), close or reopen."""
    project = get_project_for(request, slug, may_arrange)
    flow = get_workflow(project, workflow)
    found = get_object_or_404(flow.lanes.select_related("workflow"), slug=lane)
    do = request.POST.get("do", "")
    form, move = LaneForm.of(found), MoveForm(found, auto_id="move-%s")
    if do == "save":
        form = LaneForm(flow, request.POST, auto_id="lane-%s")
        form.leave_rule(found)
    elif do == "put_in":
        move = MoveForm(found, request.POST, auto_id="move-%s")
    if request.method == "POST":
        asked = {"save": form, "put_in": move}.get(do)
        if (asked is None or asked.is_valid()) and _do(request, found, do, form, move):
            return redirect("pages:lane", slug, workflow, lane)
    (row,) = _rows(project, flow, [found])
    context = {
        "project": project,
        "workflow": flow,
        "row": row,
        "form": form,
        "move": move,
        "changes": found.changes.select_related("by")[:CHANGES],
    }
    return render(request, "pages/lane.html", context, status=400 if request.method == "POST" else 200)


def _do(request: HttpRequest, found: Lane, do: str, form: LaneForm, move: MoveForm) -> bool:
    """Does it and says so; False where it was refused, which the form that was sent then says."""
    by = request.user
    assert by.is_authenticated  # noqa: S101 (of the team)
    try:
        if do == "save":
            changes = alter_lane(found, by=by, **form.values())
            messages.success(request, _("Saved.") if changes else _("Nothing was to be changed."))
        elif do == "put_in":
            place = move.cleaned_data.get("place") or 0
            _say_moved(request, put_in(found, move.which(), priority=place, by=by))
        elif do == "take_out":
            _say_moved(request, take_out(found.workflow, Which(lane=found), by=by))
        elif do == "close":
            close_lane(found, by=by)
            messages.success(request, _("Closed: it hands out nothing. Its subjects stay in it."))
        elif do == "reopen":
            reopen_lane(found, by=by)
            messages.success(request, _("The lane %(title)s is open.") % {"title": found})
        else:
            raise Invalid(_("Choose what to do with the lane."))
    except Invalid as error:
        if do in ("save", "put_in"):
            (form if do == "save" else move).add_error(None, str(error))
            return False
        messages.error(request, str(error))
    return True


def _say_moved(request: HttpRequest, moved: Moved) -> None:
    said = ngettext("%(n)d subject moved.", "%(n)d subjects moved.", moved.moved) % {"n": moved.moved}
    if moved.chosen > moved.moved:
        said += " " + ngettext(
            "%(n)d was there already.", "%(n)d were there already.", moved.chosen - moved.moved
        ) % {"n": moved.chosen - moved.moved}  # fmt: skip
    said += " " + _("Finished ones, and those kept for training and exams, stay where they are.")
    messages.success(request, said)


def _rows(project: Project, workflow: Workflow, some: list[Lane]) -> list[Row]:
    """With as many queries for one as for all."""
    progress = progress_of(workflow, some)
    titles = dict(Qualification.objects.filter(project=project).values_list("slug", "title"))
    had = set(
        Grant.objects.filter(qualification__project=project, revoked_at=None)
        .values_list("qualification__slug", flat=True)
        .distinct()
    )
    return [_row(each, progress[each.pk], titles, had) for each in some]


def _row(lane: Lane, progress: Progress, titles: dict[str, str], had: set[str]) -> Row:
    def named(slugs: Any) -> list[str]:
        return [titles.get(slug, slug) for slug in slugs]

    nobody = [slug for slug in lane.requires if slug not in had]
    return Row(lane, progress, Told(lane), named(lane.requires), named(nobody))
