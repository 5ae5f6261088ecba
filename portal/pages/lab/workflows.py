"""A workflow's draft: its questions drawn and listed, what it lacks, what to do with it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.pages.lab.drafting import conflict, form_page, read_edition
from portal.pages.lab.sets import offer_sets
from portal.pages.lab.task_forms import KINDS
from portal.pages.places import get_project_for, get_workflow
from projects.drafting import Definition
from projects.drafting.changes import changes
from projects.drafting.edit import ask_earlier, ask_first, remove_task
from projects.drafting.graph import in_order, ways
from projects.drafting.layout import layout
from projects.drafting.rule import in_words
from projects.exceptions import Conflict, Invalid
from projects.models import Project, SubjectSet, Workflow
from projects.permissions import may_edit
from projects.services.copy_project import copy_workflow
from projects.services.draft_check import check_draft
from projects.services.drafts import change_draft, draft_of, kept_state, publish_draft
from projects.services.make_project import describe_workflow, make_workflow

SHOWN_CHANGES = 30


class WorkflowForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Name of the workflow"), max_length=120)
    tagline = forms.CharField(label=gettext_lazy("What one does in it"), max_length=200, required=False)
    subject_set = forms.ModelChoiceField(
        label=gettext_lazy("About the subjects of"), queryset=SubjectSet.objects.none(), empty_label=None
    )

    def __init__(self, project: Project, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_sets(self.fields["subject_set"], project)


class SettingsForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Name of the workflow"), max_length=120)
    tagline = forms.CharField(label=gettext_lazy("What one does in it"), max_length=200, required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=Workflow.State.choices,
        help_text=gettext_lazy("Paused and finished workflows take no answers."),
    )
    requires = forms.MultipleChoiceField(
        label=gettext_lazy("Only for those who have"), required=False, widget=forms.CheckboxSelectMultiple
    )
    glance = forms.BooleanField(
        label=gettext_lazy("After an answer, show what others said"),
        required=False,
        help_text=gettext_lazy("Never before one's own answer."),
    )
    blur = forms.BooleanField(
        label=gettext_lazy("Blur pictures until one asks for them"),
        required=False,
        help_text=gettext_lazy("For what not everybody wants to see."),
    )
    scale_note = forms.CharField(
        label=gettext_lazy("What the scale of the pictures is"), max_length=300, required=False
    )
    redo_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes for correcting an answer"), min_value=0, max_value=1440
    )

    def __init__(self, project: Project, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = list(project.qualifications.order_by("title").values_list("slug", "title"))
        self.fields["requires"].choices = asked  # type: ignore[attr-defined]
        if not asked:
            del self.fields["requires"]

    def own(self) -> dict[str, Any]:
        """What is in no version."""
        given = self.cleaned_data
        return {
            "requires": given.get("requires", []),
            **{name: given[name] for name in ("title", "tagline", "state")},
        }

    def step(self, definition: Definition) -> Definition:
        given = self.cleaned_data
        viewer = {**definition.get("viewer", {}), "blur": given["blur"], "scale_note": given["scale_note"]}
        viewer = {
            name: value for name, value in viewer.items() if value or name not in ("blur", "scale_note")
        }
        changed = {**definition, "glance": given["glance"], "redo_minutes": given["redo_minutes"]}
        if viewer or "viewer" in definition:
            changed["viewer"] = viewer
        return changed


@require_http_methods(["GET", "POST"])
@never_cache
def make(request: HttpRequest, slug: str) -> HttpResponse:
    """A POST makes a workflow that asks nothing yet."""
    project = get_project_for(request, slug, may_edit)
    posted = request.method == "POST"
    form = WorkflowForm(project, request.POST if posted else None)
    if posted and form.is_valid():
        try:
            made = make_workflow(project, **form.cleaned_data)
            return redirect("lab:workflow", slug, made.slug)
        except Invalid as error:
            form.add_error(None, ValidationError(str(error)))
    return render(request, "lab/make.html", {"project": project, "form": form}, status=400 if posted else 200)


@require_safe
@never_cache
def workflow(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    project = get_project_for(request, slug, may_edit)
    flow = get_workflow(project, workflow)
    draft = draft_of(flow)
    definition = draft.definition
    published = flow.published
    context = {
        "project": project,
        "workflow": flow,
        "draft": draft,
        "tasks": [_listed(definition, name) for name in in_order(definition)],
        "drawing": layout(definition) if definition["tasks"] else None,
        "rule": in_words(definition["retirement"]),
        "checked": check_draft(flow, definition),
        "kinds": [(kind, *words) for kind, words in KINDS.items()],
        "differs": None if published is None else changes(published.definition, definition)[:SHOWN_CHANGES],
        "versions": flow.versions.count(),
    }
    return render(request, "lab/workflow.html", context)


def _listed(definition: Definition, name: str) -> dict[str, Any]:
    task = definition["tasks"][name]
    choices = task.get("answers", task.get("tools", []))
    return {
        "name": name,
        "task": task,
        "kind": KINDS[task["kind"]][0] if task["kind"] in KINDS else task["kind"],
        "choices": choices[:12],
        "more": max(0, len(choices) - 12),
        "ways": [(", ".join(way.labels), way.to) for way in ways(name, task)],
        "is_first": name == definition["first_task"],
        "required": task.get("required", True),
    }


@require_POST
def do(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """`do` is remove, earlier or first, with `task`; or publish, or copy; or restore, where `task`
    names the state (drafts.kept_state)."""
    flow = get_workflow(get_project_for(request, slug, may_edit), workflow)
    what, task, seen = request.POST.get("do", ""), request.POST.get("task", ""), read_edition(request)
    steps = {"remove": remove_task, "earlier": ask_earlier, "first": ask_first}
    assert request.user.is_authenticated  # noqa: S101 (of the team)
    try:
        if what == "publish":
            version = publish_draft(flow, edition=seen)
            messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
        elif what == "copy":
            made = copy_workflow(flow, by=request.user)
            messages.success(request, _("This is the copy. Give it a name of its own."))
            return redirect("lab:settings", slug, made.slug)
        elif what == "restore":
            back = kept_state(flow, task)
            change_draft(flow, edition=seen, step=lambda _before: back, by=request.user)
            messages.success(request, _("The draft is what it was then. Nothing is published by that."))
        elif what in steps:
            change_draft(flow, edition=seen, step=lambda before: steps[what](before, task), by=request.user)
        else:
            raise Invalid(_("Choose what to do with the draft."))
    except Conflict as error:
        messages.error(request, " ".join([str(error), *conflict(flow, seen)]))
    except Invalid as error:
        messages.error(request, str(error))
    return redirect("lab:workflow", slug, workflow)


@require_http_methods(["GET", "POST"])
@never_cache
def settings(request: HttpRequest, slug: str, workflow: str) -> HttpResponse:
    """Name and state hold at once; how it is shown belongs to the draft."""
    flow = get_workflow(get_project_for(request, slug, may_edit), workflow)
    draft = draft_of(flow)
    viewer = draft.definition.get("viewer", {})
    initial = {
        "title": flow.title,
        "tagline": flow.tagline,
        "state": flow.state,
        "requires": flow.requires,
        "glance": draft.definition.get("glance", True),
        "redo_minutes": draft.definition.get("redo_minutes", 15),
        "blur": viewer.get("blur", False),
        "scale_note": viewer.get("scale_note", ""),
    }
    form = SettingsForm(flow.project, request.POST if request.method == "POST" else None, initial=initial)
    return form_page(
        request,
        draft,
        form,
        "lab/settings.html",
        said=_("Saved."),
        also=lambda: describe_workflow(flow, **form.own()),
    )
