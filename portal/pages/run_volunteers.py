"""What a run says of its volunteers, by pseudonym: for the team, worst to best, class by class."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mining.models import Merit
from portal.pages.keyset import kept_of, page
from portal.pages.run import csv_file
from portal.pages.run_places import Questions, context, private, run_of, team_workflow
from projects.exports.pseudonyms import pseudonym
from projects.models import Volunteer, Workflow

ON_A_PAGE = 50
MOST_IN_CSV = 200_000
COLUMNS = [
    "volunteer", "simulated", "votes", "known", "known_right", "skill", "skill_low", "skill_high",
    "bits", "bits_low", "bits_high", "seconds", "seconds_low", "seconds_high", "drift", "drifts",
]  # fmt: skip
SORTS = {
    "least-bits": ("bits", False),
    "bits": ("bits", True),
    "skill": ("skill", True),
    "votes": ("votes", True),
    "known": ("known", True),
    "fast": ("seconds", False),
    "slow": ("seconds", True),
    "falling": ("drift", False),
    "rising": ("drift", True),
}
"""Name in the address to (column, largest first)."""
MAY_BE_EMPTY = ("seconds", "drift")


class Filters(forms.Form):
    """All of it may be left out."""

    votes_from = forms.IntegerField(
        label=gettext_lazy("Votes from"), min_value=0, max_value=10**9, required=False
    )
    known_from = forms.IntegerField(
        label=gettext_lazy("Known answers from"), min_value=0, max_value=10**9, required=False
    )
    seconds_to = forms.FloatField(
        label=gettext_lazy("Seconds to"), min_value=0, max_value=10**6, required=False
    )
    drifting = forms.ChoiceField(
        label=gettext_lazy("Over time"),
        required=False,
        choices=[("", gettext_lazy("all")), ("yes", gettext_lazy("those who drift"))],
    )


CONDITIONS = {"votes_from": "votes__gte", "known_from": "known__gte", "seconds_to": "seconds__lte"}


def _narrowed(rows: QuerySet[Merit], asked: dict[str, Any]) -> QuerySet[Merit]:
    given = {CONDITIONS[name]: asked[name] for name in CONDITIONS if asked.get(name) is not None}
    return rows.filter(**given, **({"drifts": True} if asked.get("drifting") else {}))


@dataclass(frozen=True)
class Person:
    """classes: (answer, skill, low, high)."""

    name: str
    simulated: bool
    row: Merit
    classes: list[tuple[str, float, float, float]]


@require_safe
def volunteers(request: HttpRequest, slug: str, workflow: str, number: int) -> HttpResponse:
    """`?question=PATH`, `?sort=` one of SORTS, `?after=` of the last page's link, and the Filters."""
    found = team_workflow(request, slug, workflow)
    run = run_of(found, number, done=True)
    asked = Questions(found, run, choices_only=True)
    question = asked.chosen(request.GET.get("question", ""))
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "least-bits"
    form = Filters(request.GET)
    rows = Merit.objects.filter(run=run, task=question)
    rows = _narrowed(rows, form.cleaned_data) if form.is_valid() else rows.none()
    column, down = SORTS[sort]
    if column in MAY_BE_EMPTY:
        rows = rows.filter(**{f"{column}__isnull": False})
    listed = page(rows, column, "volunteer_id", down=down, after=request.GET.get("after", ""), size=ON_A_PAGE)
    more = {
        "run": run,
        "questions": asked.paths,
        "question": question,
        "report": run.report["questions"][question],
        "sort": sort,
        "sorts": {
            "least-bits": _("least information first"),
            "bits": _("most information first"),
            "skill": _("most skill first"),
            "votes": _("most votes first"),
            "known": _("most known answers first"),
            "fast": _("fastest first"),
            "slow": _("slowest first"),
            "falling": _("skill fell most first"),
            "rising": _("skill rose most first"),
        },
        "form": form,
        "kept": kept_of(request),
        "page": listed,
        "people": _people(found, listed.rows, asked.answers(question)),
    }
    return private(render(request, "pages/run_volunteers.html", context(request, found, **more)))


@require_safe
def volunteers_csv(request: HttpRequest, slug: str, workflow: str, number: int) -> HttpResponse:
    """All of one question, least information first; a column a class."""
    found = team_workflow(request, slug, workflow)
    run = run_of(found, number, done=True)
    asked = Questions(found, run, choices_only=True)
    question = asked.chosen(request.GET.get("question", ""))
    merit = Merit.objects.filter(run=run, task=question).order_by("bits", "volunteer_id")[:MOST_IN_CSV]
    people = _people(found, merit, {})
    keys = [key for key, *_rest in people[0].classes] if people else []
    parts = ("", "_low", "_high")
    header = [
        *COLUMNS,
        *(f"skill_on_{key}{part}" for key in keys for part in parts),
        *(f"skill_in_part_{number}{part}" for number in range(1, Merit.PARTS + 1) for part in parts),
    ]
    rows = [
        [each.name, each.simulated, *(getattr(each.row, column) for column in COLUMNS[2:])]
        + [value for _key, *values in each.classes for value in values]
        + ([value for part in each.row.parts for value in part] or [None] * Merit.PARTS * len(parts))
        for each in people
    ]
    return csv_file([header, *rows], f"run-{run.pk}-volunteers-{question.replace(':', '-')}.csv")


def _people(workflow: Workflow, rows: Iterable[Merit], answers: dict[str, str]) -> list[Person]:
    """In their order. One query."""
    listed = list(rows)
    people = Volunteer.objects.in_bulk([row.volunteer_id for row in listed])
    return [
        Person(
            _name(workflow, people[row.volunteer_id]),
            people[row.volunteer_id].simulated,
            row,
            [(answers.get(key, key), *values) for key, *values in row.classes],
        )
        for row in listed
    ]


def _name(workflow: Workflow, person: Volunteer) -> str:
    signed_in = person.account_id is not None
    return pseudonym(
        workflow.project, person.public_id, signed_in=signed_in, simulated=person.simulated
    ).user_name
