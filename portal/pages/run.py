"""One run: where it comes from, what it says of itself, its charts with their tables."""

import csv
import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mining.models import Run, RunChart
from mining.science.enough import LEAST_GOLD
from portal.pages.run_places import Questions, context, private, run_of, team_workflow
from projects.exports.stream import cell


def _captions() -> dict[str, tuple[str, str]]:
    return {
        "calibration": (
            _("Calibration"),
            _(
                "Known answers, each hidden in turn: how often answers are right against the certainty that they "
                "claim, by tenths. On the dashed line certainty is right as often as it says."
            ),
        ),
        "convergence": (
            _("How many votes are enough: agreement with the final answer"),
            _(
                "Votes of a subject drawn at random, one after the other. The weighed answer uses what all votes tell "
                "of each volunteer, so it is a little too good at few votes. Agreeing with the end is not being right."
            ),
        ),
        "accuracy": (
            _("How many votes are enough: accuracy on known answers"),
            _("The same on subjects whose answer the team knows: the share that is right."),
        ),
        "over-time": (
            _("Agreement over time"),
            _("How probably right, by this run, the votes of each time are."),
        ),
    }


def _headings() -> dict[str, str]:
    return {
        "certainty": _("certainty claimed"), "right": _("share that is right"), "subjects": _("subjects"),
        "votes": _("votes"), "weighed": _("weighed"), "plain majority": _("plain majority"),
        "agreement": _("agreement"), "hour": _("hour (UTC)"), "day": _("day (UTC)"), "week": _("week from"),
        "month": _("month from"), "year": _("year from"),
    }  # fmt: skip


def _charts(run: Run) -> list[dict[str, Any]]:
    headings, drawn = _headings(), {chart.name: chart for chart in run.charts.defer("svg_light", "svg_dark")}
    return [
        {
            "row": drawn[name], "caption": caption, "note": note,
            "columns": [headings.get(column, column) for column in drawn[name].table["columns"]],
        }
        for name, (caption, note) in _captions().items() if name in drawn
    ]  # fmt: skip


@require_safe
def run(request: HttpRequest, slug: str, workflow: str, number: int) -> HttpResponse:
    found = team_workflow(request, slug, workflow)
    shown = run_of(found, number)
    asked = Questions(found, shown)
    report = shown.report.get("questions", {}) if shown.status == Run.Status.DONE else {}
    whole = Run.objects.filter(workflow=found, status=Run.Status.DONE, emptied_at=None)
    others = whole.exclude(pk=shown.pk).defer("report")
    more = {
        "run": shown,
        "questions": [(path, asked.words(path), each) for path, each in report.items()],
        "least_known": LEAST_GOLD,
        "has_people": any(each.get("kind") != "text" for each in report.values()),
        "charts": _charts(shown) if shown.has_rows else [],
        "others": others[:50],
    }
    return private(render(request, "pages/run.html", context(request, found, **more)))


@require_safe
def chart(request: HttpRequest, slug: str, workflow: str, number: int, name: str, theme: str) -> HttpResponse:
    """A drawn chart, by theme."""
    if theme not in ("light", "dark"):
        raise Http404
    drawn = get_object_or_404(
        RunChart, run=run_of(team_workflow(request, slug, workflow), number, done=True), name=name
    )
    svg = drawn.svg_light if theme == "light" else drawn.svg_dark
    return private(HttpResponse(svg, content_type="image/svg+xml; charset=utf-8"))


@require_safe
def chart_csv(request: HttpRequest, slug: str, workflow: str, number: int, name: str) -> HttpResponse:
    """The table behind a chart."""
    drawn = get_object_or_404(
        RunChart, run=run_of(team_workflow(request, slug, workflow), number, done=True), name=name
    )
    rows = [drawn.table["columns"], *drawn.table["rows"]]
    return csv_file(rows, f"run-{number}-{name}.csv")


def csv_file(rows: list[list[Any]], name: str) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([cell(value) for value in row] for row in rows)
    response = private(HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8"))
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
