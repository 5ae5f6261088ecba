"""One question of a draft: a new one, or one that is there."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.pages.lab.drafting import conflict, read_edition
from portal.pages.lab.rows import Rows
from portal.pages.lab.task_forms import (
    FORMS,
    KINDS,
    ROWS,
    after_choices,
    color_choices,
    follow_choices,
    initial_of,
    rows_of,
    shape_choices,
    task_of,
)
from portal.pages.places import get_project_for, get_workflow
from projects.drafting import Definition
from projects.drafting.edit import add_task, put_task
from projects.exceptions import Conflict, Invalid
from projects.models import Draft, Workflow
from projects.permissions import may_edit
from projects.services.drafts import change_draft, draft_of
from projects.tasks.comparison import COMPARISON

EMPTY_ROWS = 2
FRESH_ROWS = 3


@require_http_methods(["GET", "POST"])
@never_cache
def new(request: HttpRequest, slug: str, workflow: str, kind: str) -> HttpResponse:
    """A question of that kind; `after` says where it comes."""
    if kind not in KINDS:
        raise Http404
    flow = get_workflow(get_project_for(request, slug, may_edit), workflow)
    draft = draft_of(flow)
    return _edit(request, flow, draft, "", {"kind": kind})


@require_http_methods(["GET", "POST"])
@never_cache
def task(request: HttpRequest, slug: str, workflow: str, task: str) -> HttpResponse:
    flow = get_workflow(get_project_for(request, slug, may_edit), workflow)
    draft = draft_of(flow)
    if task not in draft.definition["tasks"]:
        messages.info(request, _("The question %(name)s is not there any more.") % {"name": task})
        return redirect("lab:workflow", slug, workflow)
    return _edit(request, flow, draft, task, draft.definition["tasks"][task])


def _edit(
    request: HttpRequest, flow: Workflow, draft: Draft, name: str, stands: dict[str, Any]
) -> HttpResponse:
    """name: empty for a new one."""
    kind, posted = stands["kind"], request.method == "POST"
    form = _form(request, draft.definition, name, stands)
    names = ROWS.get(kind, ())
    rows = Rows.read(request.POST, names) if posted else Rows(rows_of(stands) if name else [])
    problem, changed, status = "", [], 200
    if posted and rows.saves:
        status = 400
        try:
            if form.is_valid():
                saved = _save(request, flow, name, kind, stands, form, rows)
                messages.success(request, _("%(name)s is saved in the draft.") % {"name": saved})
                return redirect("lab:workflow", flow.project.slug, flow.slug)
        except Conflict as error:
            problem, status = str(error), error.status
            changed, draft = conflict(flow, read_edition(request)), draft_of(flow)
        except Invalid as error:
            problem = str(error)
    if names:
        spare = EMPTY_ROWS if name else FRESH_ROWS
        empty = [row for row in rows.rows if not row.get("label")]
        if not posted or not empty:
            rows.rows += [{} for _ in range(spare if not posted else 1)]
    context = {
        "project": flow.project,
        "workflow": flow,
        "name": name,
        "kind": kind,
        "kind_words": KINDS[kind][0],
        "form": form,
        "rows": rows.rows,
        "has_rows": bool(names),
        "follow": follow_choices(draft.definition, name),
        "shapes": shape_choices(),
        "colors": color_choices(rows.rows),
        "edition": draft.edition,
        "problem": problem,
        "changed": changed,
    }
    return render(request, "lab/task.html", context, status=status)


def _form(request: HttpRequest, definition: Definition, name: str, stands: dict[str, Any]) -> Any:
    """The kind's, with where it stands: for a new one what it comes after, else what comes after it."""
    sent = request.POST if request.method == "POST" and request.POST.get("do", "save") == "save" else None
    initial = initial_of(stands) if name else {}
    if request.method == "POST" and sent is None:
        initial = {key: value for key, value in request.POST.items() if key != "required"}
        initial["required"] = "required" in request.POST
    form = FORMS[stands["kind"]](sent, request.FILES if sent is not None else None, initial=initial)
    if name:
        choices = [("", _("the end: the answer is complete")), *follow_choices(definition, name)]
        form.fields["next"] = forms.ChoiceField(
            label=_("Then comes"), choices=choices, required=False, initial=stands.get("next") or ""
        )
    elif definition["tasks"]:
        asked = request.GET.get("after")
        choices = after_choices(definition)
        known = [value for value, _words in choices]
        form.fields["after"] = forms.ChoiceField(
            label=_("It is asked"),
            choices=choices,
            required=False,
            initial=asked if asked in known else known[-2],
        )
    if "next" in form.initial and not name:
        form.initial.pop("next")
    return form


def _save(
    request: HttpRequest,
    flow: Workflow,
    name: str,
    kind: str,
    stands: dict[str, Any],
    form: Any,
    rows: Rows,
) -> str:
    """The name of what was saved. Raises Invalid and Conflict."""
    task = task_of(kind, form, rows, stands, flow.project.slug)
    saved = name

    def step(definition: Definition) -> Definition:
        nonlocal saved
        if kind == COMPARISON:  # what is compared is shown as a pair
            definition = {**definition, "viewer": {**definition.get("viewer", {}), "kind": "pair"}}
        if name:
            follow = form.cleaned_data["next"] or None
            return put_task(definition, name, {**task, "next": follow} if follow else _without_next(task))
        changed, saved = add_task(definition, task, form.cleaned_data.get("after", ""))
        return changed

    assert request.user.is_authenticated  # noqa: S101 (of the team)
    change_draft(flow, edition=read_edition(request), step=step, by=request.user)
    return saved


def _without_next(task: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in task.items() if key != "next"}
