"""A workflow's results: what mining has stored, served as it lies there. Nothing is computed or drawn here."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from mining.models import AttributeRun, Chart, Published, Reader, Run
from mining.services.attribute_runs import published
from mining.services.lag import lag_of
from mining.tables import rankings_of, run_of
from portal.pages import findings
from portal.pages.activity import has_simulated
from portal.pages.pictures import of_subjects
from portal.pages.places import get_project, get_workflow
from portal.pages.run import csv_file
from projects.models import Subject, Workflow
from projects.permissions import is_member, may_enter_gold
from projects.services import get_version
from projects.services.volunteers import join_account, volunteer_of

DISPUTED = 10
ON_A_PAGE = 20
RUNS = 5
RANKED = 10
"""Members of pairs that are shown from either end."""


def _captions() -> dict[str, tuple[str, str]]:
    """Chart name to its caption and what to know when reading it."""
    return {
        "progress": (
            _("Answers and finished subjects over time"),
            _(
                "Answers by the hour or day in which they came in, those on hidden checks too; "
                "finished less reopened subjects."
            ),
        ),
        "leading-answers": (
            _("What the finished subjects are"),
            _("By the answer to the first question that leads once votes are weighed. Not calibrated."),
        ),
        "dispersion": (
            _("How divided the answers are"),
            _(
                "Finished subjects by dispersion: the entropy of the weighted vote shares of the first question."
            ),
        ),
        "volunteers": (
            _("What each volunteer's answers are worth"),
            _(
                "Volunteers with 10 votes or more on the first question, by pseudonym, with 95 % intervals. "
                "Without known answers skill means agreement with the consensus, not being right. "
                "Triangles are simulated."
            ),
        ),
    }


def _headings() -> dict[str, str]:
    """Columns of the charts' tables, as a reader sees them."""
    return {
        "hour": _("hour (UTC)"),
        "day": _("day (UTC)"),
        "answers": _("answers"),
        "finished": _("finished"),
        "answer": _("answer"),
        "subjects": _("subjects"),
        "share": _("share"),
        "from": _("from"),
        "to": _("to"),
        "volunteer": _("volunteer"),
        "simulated": _("simulated"),
        "votes": _("votes"),
        "skill": _("skill"),
        "skill low": _("skill, low"),
        "skill high": _("skill, high"),
        "bits": _("bits a vote"),
        "bits low": _("bits, low"),
        "bits high": _("bits, high"),
    }


def _charts(workflow: Workflow) -> dict[str, dict[str, Any]]:
    captions, headings = _captions(), _headings()
    shown = {}
    for chart in Chart.objects.filter(workflow=workflow).defer("svg_light", "svg_dark"):
        if chart.name in captions:
            caption, note = captions[chart.name]
            columns = [headings.get(column, column) for column in chart.table["columns"]]
            shown[chart.name.replace("-", "_")] = {
                "row": chart, "caption": caption, "note": note, "columns": columns,
            }  # fmt: skip
    return shown


@require_safe
def results(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """`?answer=KEY`, `?sort=` one of findings.SORTS, `?page=`; `?open=1` for members: open subjects too."""
    project = get_project(request, slug)
    shown = get_workflow(project, workflow)
    member = is_member(request.user, project.pk)
    with_open = member and request.GET.get("open") == "1"
    reader = Reader.objects.filter(workflow=shown).first()
    context: dict[str, Any] = {
        "project": project,
        "workflow": shown,
        "has_simulated": has_simulated(project),
        "is_member": member,
        "with_open": with_open,
        "position": reader.position if reader else 0,
        "lag": lag_of(shown.pk),
        "charts": _charts(shown),
        "runs": _runs(shown),
        "classifiers": may_enter_gold(request.user, project.pk),
        "attributes": member or published(shown) is not None,
        "rankings": _rankings(shown),
        "associations": member or published(shown, AttributeRun.Kind.ASSOCIATIONS) is not None,
    }
    if shown.published_id is not None:
        context |= _found(request, shown, with_open)
    response = render(request, "pages/results.html", context)
    if member:
        response["Cache-Control"] = "no-store"
    return response


def _runs(workflow: Workflow) -> list[Run]:
    """The newest that are done, and the one in the catalogue, whose numbers people have downloaded."""
    chosen = Exists(Published.objects.filter(run=OuterRef("pk")))
    done = workflow.runs.filter(status=Run.Status.DONE).annotate(published=chosen).defer("report")
    rows = list(done.order_by("-published", "-pk")[: RUNS + 1])
    if rows and not rows[0].published:
        del rows[RUNS:]
    return sorted(rows, key=lambda run: -run.pk)


def _found(request: HttpRequest, workflow: Workflow, with_open: bool) -> dict[str, Any]:
    """The most disputed and one page of all, and who was shown what is kept before it is shown."""
    version = get_version(workflow.published_id or 0)
    first = version.definition.first_task
    task = version.definition.tasks[first]
    rows = findings.evidence(workflow, first, with_open=with_open)
    disputed = rows.filter(dispersion__gt=0, asked__gt=2).order_by("-dispersion", "subject_id")[:DISPUTED]
    sort = request.GET.get("sort", "order")
    sort = sort if sort in findings.SORTS else "order"
    asked_for = request.GET.get("answer", "")
    answer = asked_for if task.chooses_one and asked_for in task.keys else ""
    chosen = rows.order_by(findings.order(sort, task), "subject_id")
    if answer:
        chosen = findings.led_by(chosen, answer)
    page = Paginator(chosen, ON_A_PAGE).get_page(request.GET.get("page"))
    divided, browsed = findings.describe(version, disputed), findings.describe(version, page.object_list)
    if with_open and request.user.is_authenticated:
        person = volunteer_of(request) or join_account(None, request.user)
        findings.look([*divided, *browsed], workflow, person)
    return {
        "question": task.question,
        "choices": task.choices if task.chooses_one else [],
        "answer": answer,
        "sort": sort,
        "sorts": {
            "order": _("in the order of the set"),
            "disputed": _("most disputed first"),
            "clear": _("clearest first"),
            "votes": _("most votes first"),
        },
        "page": page,
        "disputed": divided,
        "found": browsed,
    }


def _rankings(workflow: Workflow) -> list[dict[str, Any]]:
    """The strongest and the weakest members of compared pairs, of the run in the catalogue or the newest."""
    tasks = get_version(workflow.published_id).definition.tasks if workflow.published_id else {}
    if not any(task.compares for task in tasks.values()):
        return []
    run = run_of(workflow)
    shown = []
    for name, told in rankings_of(run).items():
        task = tasks.get(name)
        places = list(enumerate(told["members"], 1))
        ends = places if len(places) <= 2 * RANKED else [*places[:RANKED], *places[-RANKED:]]
        members = Subject.objects.in_bulk([row[0] for _place, row in ends])
        pictures = of_subjects(list(members))
        rows = [
            {
                "place": place, "member": members[row[0]], "picture": pictures.get(row[0]), "strength": row[1],
                "low": row[2], "high": row[3], "votes": row[4],
            }
            for place, row in ends
            if row[0] in members
        ]  # fmt: skip
        side = told["side"], told["side_error"]
        shown.append(
            {
                "question": task.question if task else name,
                "rows": rows,
                "n": len(places),
                "pairs": told["pairs"],
                "run": run,
                "side": side,
            }
        )
    return shown


@require_safe
@cache_control(private=True, max_age=3600)
def chart(request: HttpRequest, slug: str, workflow: str, name: str, theme: str) -> HttpResponse:
    """A drawn chart. The page's address for it changes with each drawing, so browsers may keep it."""
    if theme not in ("light", "dark"):
        raise Http404
    shown = get_workflow(get_project(request, slug), workflow)
    drawn = get_object_or_404(Chart, workflow=shown, name=name)
    svg = drawn.svg_light if theme == "light" else drawn.svg_dark
    return HttpResponse(svg, content_type="image/svg+xml; charset=utf-8")


@require_safe
def chart_csv(request: HttpRequest, slug: str, workflow: str, name: str) -> HttpResponse:
    """The table behind a chart."""
    shown = get_workflow(get_project(request, slug), workflow)
    drawn = get_object_or_404(Chart, workflow=shown, name=name)
    return csv_file([drawn.table["columns"], *drawn.table["rows"]], f"{slug}-{workflow}-{name}.csv")
