"""A scientist's projects: the list, a new one, its home in the lab, what it says of itself, its state."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.pages.lab.workflows import WorkflowForm
from portal.pages.places import get_project_for
from projects.exceptions import Invalid
from projects.models import Project, ProjectMember, Subject
from projects.permissions import may_edit, may_own
from projects.services import launch as launching
from projects.services.copy_project import copy_project
from projects.services.draft_check import check_draft
from projects.services.drafts import draft_of
from projects.services.make_project import describe_project, make_project

SLUG = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z", gettext_lazy("Use small letters and digits, with single hyphens between.")
)


class NewForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    slug = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=50,
        required=False,
        validators=[SLUG],
        help_text=gettext_lazy(
            "The last part of its address, such as galaxy-zoo. Made of the name if you leave it."
        ),
    )
    tagline = forms.CharField(
        label=gettext_lazy("What it is"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("One line, under the name on the front page."),
    )

    def clean(self) -> None:
        super().clean()
        given = self.cleaned_data
        given["slug"] = given.get("slug") or slugify(given.get("title", ""))[:50].strip("-")
        if not given["slug"] and not self.errors:
            self.add_error("slug", _("Write an address in Latin letters: none can be made of this name."))


class DetailsForm(forms.ModelForm):
    class Meta:
        model = Project
        fields = ["title", "tagline", "description", "source", "accent", "data_public"]
        labels = {
            "title": gettext_lazy("Name"),
            "tagline": gettext_lazy("What it is"),
            "description": gettext_lazy("Description"),
            "source": gettext_lazy("Where the pictures come from"),
            "accent": gettext_lazy("Colour"),
            "data_public": gettext_lazy("Anybody may download its data"),
        }
        help_texts = {
            "description": gettext_lazy(
                "On the project's page. Markdown: # heading, *slanted*, **bold**, [words](address)."
            ),
            "source": gettext_lazy("Credit, shown under the description."),
            "accent": "",
            "data_public": gettext_lazy("Once everybody may see the project; the team always may."),
        }
        widgets = {
            "accent": forms.TextInput(attrs={"type": "color"}),
            "description": forms.Textarea(attrs={"rows": 8}),
        }


@login_required
@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """The projects of whose team one is, with one's roles; those that one may edit lead into the lab."""
    roles: dict[int, list[str]] = {}
    for member in ProjectMember.objects.filter(user=request.user.pk):
        roles.setdefault(member.project_id, []).append(member.get_role_display())
    projects = Project.objects.filter(pk__in=roles)
    rows = [(each, ", ".join(roles[each.pk]), may_edit(request.user, each.pk)) for each in projects]
    return render(request, "lab/mine.html", {"rows": rows})


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    posted = request.method == "POST"
    form = NewForm(request.POST if posted else None)
    if posted and form.is_valid():
        assert request.user.is_authenticated  # noqa: S101 (login_required)
        try:
            project = make_project(by=request.user, **form.cleaned_data)
        except Invalid as error:
            form.add_error("slug", str(error))
        else:
            messages.success(
                request, _("%(title)s is made. Only its team sees it.") % {"title": project.title}
            )
            return redirect("lab:project", project.slug)
    return render(request, "lab/new.html", {"form": form}, status=400 if posted else 200)


@require_http_methods(["GET", "POST"])
@never_cache
def copy(request: HttpRequest, slug: str) -> HttpResponse:
    """Another project that asks the same, for who may edit this one."""
    project = get_project_for(request, slug, may_edit)
    posted = request.method == "POST"
    form = NewForm(request.POST if posted else None, initial={"tagline": project.tagline})
    if posted and form.is_valid():
        assert request.user.is_authenticated  # noqa: S101 (of the team)
        try:
            made = copy_project(project, by=request.user, **form.cleaned_data)
        except Invalid as error:
            form.add_error("slug", str(error))
        else:
            messages.success(request, _("%(title)s is made. Only you see it.") % {"title": made.title})
            return redirect("lab:project", made.slug)
    return render(request, "lab/copy.html", {"project": project, "form": form}, status=400 if posted else 200)


@require_safe
@never_cache
def home(request: HttpRequest, slug: str) -> HttpResponse:
    """What there is and what is still to be done, in the order in which one does it."""
    project = get_project_for(request, slug, may_edit)
    flows = []
    for flow in project.workflows.filter(source="").select_related("published", "subject_set"):
        flow.project = project
        draft = draft_of(flow)
        differs = flow.published is None or flow.published.definition != draft.definition
        flows.append({"flow": flow, "checked": check_draft(flow, draft.definition), "differs": differs})
    context: dict[str, Any] = {
        "project": project,
        "subjects": Subject.objects.filter(project=project).count(),
        "flows": flows,
        "form": WorkflowForm(project),
        "pages": project.pages.all(),
        "steps": project.tutorial_steps.count(),
        "team": project.members.count(),
        "owns": may_own(request.user, project.pk),
        "state": launching.chosen(project),
    }
    return render(request, "lab/project.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def details(request: HttpRequest, slug: str) -> HttpResponse:
    project = get_project_for(request, slug, may_edit)
    shown = Project.objects.get(
        pk=project.pk
    )  # a form's own: what is refused must not show in the page's head
    posted = request.method == "POST"
    form = DetailsForm(request.POST if posted else None, instance=shown)
    if posted and form.is_valid():
        describe_project(project, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("lab:project", slug)
    context = {"project": project, "form": form}
    return render(request, "lab/details.html", context, status=400 if posted else 200)


@require_POST
def launch(request: HttpRequest, slug: str) -> HttpResponse:
    """`to` is one of launch.STATES. For owners."""
    project = get_project_for(request, slug, may_own)
    try:
        launching.launch(project, request.POST.get("to", ""))
        messages.success(request, _("Done: the project's state is changed."))
    except Invalid as error:
        messages.error(request, str(error))
    return redirect("lab:project", slug)
