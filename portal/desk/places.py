"""The desk's first page: the lanes of all workflows of a project, how far each is, and who works where."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from portal.pages.places import get_project_for
from portal.pages.run_places import private
from projects.models import Claim, DeskNote, Lane, Project, Volunteer, Workflow
from projects.permissions import may_decide
from projects.services import get_version
from projects.services.appeals import waiting_appeals
from projects.services.claims import claims_of
from projects.services.gates import missing_qualifications
from projects.services.reviews import open_by
from projects.services.statement import run

UNVEILED = "desk-unveiled"
"""In the session of somebody who wants pictures as they are."""
DAY = timedelta(days=1)

COUNTS = """
SELECT s.lane_id, count(*), count(s.retired_at), min(s.laned_at) FILTER (WHERE s.retired_at IS NULL),
       count(*) FILTER (WHERE s.retired_at > %(since)s)
  FROM projects_subjectstate s WHERE s.lane_id = ANY(%(lanes)s::bigint[]) AND s.use = 0 GROUP BY s.lane_id
"""


@dataclass(frozen=True)
class Row:
    """A lane at the desk. rate: finished an hour over the last day; ends: when all are, at that rate. again: second
    looks that wait there. lacks: titles of what it requires and who asks has not."""

    lane: Lane
    total: int
    done: int
    oldest: datetime | None
    rate: float
    claims: list[Claim]
    again: int
    lacks: list[str]

    @property
    def ends(self) -> datetime | None:
        left = self.total - self.done
        if not left or not self.rate or left / self.rate > 24 * 365:
            return None
        return timezone.now() + timedelta(hours=left / self.rate)


@dataclass(frozen=True)
class Place:
    """A workflow at the desk."""

    workflow: Workflow
    rows: list[Row]
    pool: int
    questions: int
    appeals: int
    in_pool: list[Claim]


def workflow_of(request: HttpRequest, slug: str, workflow: str) -> Workflow:
    """For those who may decide, and so see the project; to others it is not there."""
    rows = Workflow.objects.select_related("project", "desk")
    found = rows.filter(project__slug=slug, slug=workflow).first()
    if found is None or not may_decide(request.user, found.project_id):
        raise Http404
    return found


def number_in(text: str) -> int:
    """A row's number out of a form; 0, which no row has, for what is none."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def is_veiled(request: HttpRequest, workflow: Workflow) -> bool:
    """Whether pictures are blurred for who asks: where the workflow blurs them, unless they have said otherwise."""
    viewer = get_version(workflow.published_id).definition.viewer if workflow.published_id else None
    blurs = viewer is not None and viewer.blur
    return blurs and not request.session.get(UNVEILED, False)


@require_safe
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    project = get_project_for(request, slug, may_decide)
    context = {
        "project": project,
        "places": _places(project, request.user.pk),
        "unveiled": request.session.get(UNVEILED, False),
    }
    return private(render(request, "desk/desk.html", context))


@require_safe
def live(request: HttpRequest, slug: str) -> HttpResponse:
    """The tables, for a page that has heard of news."""
    project = get_project_for(request, slug, may_decide)
    return private(
        render(request, "desk/_lanes.html", {"project": project, "places": _places(project, request.user.pk)})
    )


@require_POST
def veil(request: HttpRequest, slug: str) -> HttpResponse:
    """`pictures`: blurred or plain, for this person from now on."""
    get_project_for(request, slug, may_decide)
    request.session[UNVEILED] = request.POST.get("pictures") == "plain"
    return redirect("desk:desk", slug)


def _places(project: Project, user: int | None) -> list[Place]:
    workflows = project.workflows.filter(published__isnull=False, source="").select_related("counter")
    person = Volunteer.objects.filter(account=user).values_list("pk", flat=True).first()
    return [_place(workflow, person) for workflow in workflows.order_by("position", "pk")]


def _place(workflow: Workflow, person: int | None) -> Place:
    lanes = list(workflow.lanes.filter(closed_at=None))
    now = timezone.now()
    counts = _counts(lanes, now)
    lane_of = {}
    claims = list(claims_of(workflow))
    if claims:
        values: dict[str, Any] = {"workflow": workflow.pk, "subjects": [each.subject_id for each in claims]}
        lane_of = dict(
            run(
                "SELECT subject_id, lane_id FROM projects_subjectstate WHERE workflow_id = %(workflow)s"
                " AND subject_id = ANY(%(subjects)s::bigint[])",
                values,
            )
        )
    again = open_by(workflow, "lane")
    rows = []
    for lane in lanes:
        total, done, oldest, lately = counts.get(lane.pk, (0, 0, None, 0))
        hours = max(1 / 6, min(24.0, (now - lane.made_at) / timedelta(hours=1)))
        there = [each for each in claims if lane_of.get(each.subject_id) == lane.pk]
        lacks = []
        if lane.requires:
            missing = missing_qualifications(workflow.pk, person, json.dumps(lane.requires))
            lacks = [each.title for each in missing]
        rows.append(Row(lane, total, done, oldest, lately / hours, there, again.get(lane.pk, 0), lacks))
    counter = getattr(workflow, "counter", None)
    still_open = counter.subjects - counter.retired if counter else 0
    pool = max(0, still_open - sum(row.total - row.done for row in rows))
    asked = DeskNote.objects.filter(workflow=workflow, kind=DeskNote.Kind.QUESTION, answered_by=None)
    in_pool = [each for each in claims if lane_of.get(each.subject_id) is None]
    return Place(workflow, rows, pool, asked.count(), waiting_appeals(workflow), in_pool)


def _counts(lanes: Iterable[Lane], now: datetime) -> dict[int, tuple[int, int, datetime | None, int]]:
    values = {"lanes": [lane.pk for lane in lanes], "since": now - DAY}
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in run(COUNTS, values)}
