"""What a version says of open subjects, with the labelled ones that look most like them. Whoever is shown one has
looked at it: what they still answer there is stored and not counted."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mining.models import Prediction
from portal.pages.attribute_places import words
from portal.pages.classifiers import expert_workflow, version_of
from portal.pages.keyset import kept_of, page
from portal.pages.looks import keep_looks
from portal.pages.pictures import of_subjects
from portal.pages.run_places import answer_words, private
from projects.exports.catalogue import all_tasks
from projects.models import Media, Subject

ON_A_PAGE = 12


@dataclass(frozen=True)
class Neighbour:
    name: str
    likeness: float
    picture: Media | None


@dataclass(frozen=True)
class Shown:
    row: Prediction
    picture: Media | None
    is_open: bool
    answers: list[tuple[str, float, float | None]]
    near: list[Neighbour]


@require_safe
def predictions(request: HttpRequest, slug: str, workflow: str, number: int) -> HttpResponse:
    """`?order=` sure or unsure (first); `?subject=` the team's name of one; `?after=` of the last page's link."""
    found = expert_workflow(request, slug, workflow)
    version = version_of(found, number)
    rows = Prediction.objects.filter(version=version).select_related("subject", "version")
    asked = request.GET.get("subject", "").strip()[:200]
    if asked:
        rows = rows.filter(subject__external_id=asked)
    sure = request.GET.get("order") == "sure"
    listed = page(rows, "top", "subject_id", down=sure, after=request.GET.get("after", ""), size=ON_A_PAGE)
    tasks = all_tasks(found)
    context = {
        "project": found.project,
        "workflow": found,
        "version": version,
        "question": words(tasks, version.task, ""),
        "sure": sure,
        "asked": asked,
        "page": listed,
        "kept": kept_of(request),
        "shown": _described(request, found.pk, list(listed.rows), answer_words(tasks, version.task)),
        "orders": [("unsure", _("least sure first")), ("sure", _("surest first"))],
    }
    return private(render(request, "pages/predictions.html", context))


def _described(
    request: HttpRequest, workflow_id: int, rows: list[Any], labels: dict[str, str]
) -> list[Shown]:
    """With pictures; those that are open are kept as looked at, before they are shown."""
    near = {subject for row in rows for subject, _likeness in row.neighbours}
    everything = {row.subject_id for row in rows} | near
    still_open = keep_looks(request, workflow_id, everything)
    pictures = of_subjects(everything)
    names = dict(Subject.objects.filter(pk__in=near).values_list("pk", "external_id"))
    return [
        Shown(
            row,
            pictures.get(row.subject_id),
            row.subject_id in still_open,
            [
                (labels.get(key, key), probability, share)
                for key, probability, share in zip(
                    row.version.answers,
                    row.probabilities,
                    row.shares or [None] * len(row.probabilities),
                    strict=True,
                )
            ],
            [
                Neighbour(names[pk], likeness, pictures.get(pk))
                for pk, likeness in row.neighbours
                if pk in names
            ],
        )
        for row in rows
    ]
