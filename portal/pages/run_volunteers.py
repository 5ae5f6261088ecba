"""What a run says of its volunteers, by pseudonym: for the team, worst to best, class by class."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mining.models import Merit
from portal.pages.keyset import page
from portal.pages.run import csv_file
from portal.pages.run_places import Questions, context, private, run_of, team_workflow
from projects.exports.pseudonyms import pseudonym
from projects.models import Volunteer, Workflow

ON_A_PAGE = 50
MOST_IN_CSV = 200_000
COLUMNS = [
    "volunteer", "simulated", "votes", "known", "known_right", "skill", "skill_low", "skill_high",
    "bits", "bits_low", "bits_high",
]  # fmt: skip
SORTS = {"least-bits": "bits", "bits": "bits", "skill": "skill", "votes": "votes", "known": "known"}
"""Name in the address to column; all but the first are largest first."""


@dataclass(frozen=True)
class Person:
    """classes: (answer, skill, low, high)."""

    name: str
    simulated: bool
    row: Merit
    classes: list[tuple[str, float, float, float]]


@require_safe
def volunteers(request: HttpRequest, slug: str, workflow: str, number: int) -> HttpResponse:
    """`?question=PATH`, `?sort=` one of SORTS, `?after=` of the last page's link."""
    found = team_workflow(request, slug, workflow)
    run = run_of(found, number, done=True)
    asked = Questions(found, run)
    question = asked.chosen(request.GET.get("question", ""))
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "least-bits"
    rows = Merit.objects.filter(run=run, task=question)
    listed = page(
        rows,
        SORTS[sort],
        "volunteer_id",
        down=sort != "least-bits",
        after=request.GET.get("after", ""),
        size=ON_A_PAGE,
    )
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
        },
        "page": listed,
        "people": _people(found, listed.rows, asked.answers(question)),
    }
    return private(render(request, "pages/run_volunteers.html", context(request, found, **more)))


@require_safe
def volunteers_csv(request: HttpRequest, slug: str, workflow: str, number: int) -> HttpResponse:
    """All of one question, least information first; a column a class."""
    found = team_workflow(request, slug, workflow)
    run = run_of(found, number, done=True)
    asked = Questions(found, run)
    question = asked.chosen(request.GET.get("question", ""))
    merit = Merit.objects.filter(run=run, task=question).order_by("bits", "volunteer_id")[:MOST_IN_CSV]
    people = _people(found, merit, {})
    keys = [key for key, *_rest in people[0].classes] if people else []
    parts = ("", "_low", "_high")
    header = [*COLUMNS, *(f"skill_on_{key}{part}" for key in keys for part in parts)]
    rows = [
        [each.name, each.simulated, *(getattr(each.row, column) for column in COLUMNS[2:])]
        + [value for _key, *values in each.classes for value in values]
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
        workflow.project_id, person.public_id, signed_in=signed_in, simulated=person.simulated
    ).user_name
