"""Seen before: the pairs that are called similar, with what was decided of both; and those decided otherwise."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mining.models import SimilarityChoice, SimilarPair
from mining.services.similar_pairs import called_similar, chosen
from portal.pages.keyset import kept_of, page
from portal.pages.looks import keep_looks
from portal.pages.pictures import of_subjects
from portal.pages.places import get_project_for, get_workflow
from portal.pages.run_places import private
from projects.models import Decision, Media, Subject, Workflow
from projects.permissions import may_decide

ON_A_PAGE = 24
ALL, DIFFERENT, HALF = "", "different", "half"


@dataclass(frozen=True)
class Side:
    subject: Subject
    picture: Media | None
    decisions: list[Decision]


@require_safe
def seen(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """`?show=` different: both decided, not alike; half: one of them decided. `?after=` of the last page's link."""
    found = get_workflow(get_project_for(request, slug, may_decide), workflow)
    standing = chosen(found.subject_set_id)
    show = request.GET.get("show", ALL)
    listed = None
    if standing is not None:
        rows = _shown(found, standing, show).select_related("first", "second")
        listed = page(rows, "distance", "id", down=False, after=request.GET.get("after", ""), size=ON_A_PAGE)
    context = {
        "project": found.project,
        "workflow": found,
        "standing": standing,
        "show": show,
        "page": listed,
        "kept": kept_of(request),
        "shown": _described(request, found, listed.rows) if listed else [],
    }
    return private(render(request, "pages/similar_seen.html", context))


def _shown(workflow: Workflow, choice: SimilarityChoice, show: str) -> QuerySet[Any]:
    """By the decisions that hold everywhere."""
    pairs = called_similar(choice)
    if show not in (DIFFERENT, HALF):
        return pairs
    pairs = pairs.annotate(of_first=_verdict(workflow, "first"), of_second=_verdict(workflow, "second"))
    if show == HALF:
        return pairs.filter(
            Q(of_first=None, of_second__isnull=False) | Q(of_first__isnull=False, of_second=None)
        )
    return pairs.filter(of_first__isnull=False, of_second__isnull=False).exclude(of_first=F("of_second"))


def _verdict(workflow: Workflow, side: str) -> Subquery:
    newest = Decision.objects.made().shown().filter(workflow=workflow, subject=OuterRef(side), region=None)
    return Subquery(newest.order_by("-pk").values("verdict")[:1])


def _described(
    request: HttpRequest, workflow: Workflow, rows: list[SimilarPair]
) -> list[tuple[SimilarPair, list[Side]]]:
    subjects = {subject for row in rows for subject in (row.first_id, row.second_id)}
    keep_looks(request, workflow.pk, subjects)
    pictures = of_subjects(subjects)
    decisions: dict[int, list[Decision]] = {}
    for each in (
        Decision.objects.of(workflow.pk, subjects).shown().standing().select_related("region", "by", "rule")
    ):
        decisions.setdefault(each.subject_id, []).append(each)
    return [
        (
            row,
            [
                Side(each, pictures.get(each.pk), decisions.get(each.pk, []))
                for each in (row.first, row.second)
            ],
        )
        for row in rows
    ]
