"""What a project says: its pages and its tutorial, in Markdown."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.pages.lab.rows import Rows
from portal.pages.places import get_project_for
from portal.pages.prose import render as render_prose
from projects.exceptions import Invalid
from projects.permissions import may_edit
from projects.services.make_project import put_page, put_tutorial, remove_page

SUGGESTED = (gettext_lazy("About"), gettext_lazy("Research"), gettext_lazy("Team"))
MARKDOWN = gettext_lazy("Markdown: # heading, *slanted*, **bold**, - list, [words](address).")


class PageForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=MARKDOWN,
    )
    position = forms.IntegerField(
        label=gettext_lazy("Place"),
        min_value=0,
        max_value=1000,
        initial=0,
        help_text=gettext_lazy("The least first."),
    )


@require_http_methods(["GET", "POST"])
@never_cache
def pages(request: HttpRequest, slug: str) -> HttpResponse:
    """The list; a POST makes a page."""
    project = get_project_for(request, slug, may_edit)
    posted = request.method == "POST"
    there = list(project.pages.all())
    form = PageForm(request.POST if posted else None, initial={"position": len(there)})
    if posted and form.is_valid():
        try:
            made = put_page(project, None, **form.cleaned_data)
            messages.success(request, _("The page %(title)s is there.") % {"title": made.title})
            return redirect("lab:pages", slug)
        except Invalid as error:
            form.add_error(None, str(error))
    missing = [title for title in SUGGESTED if str(title) not in {page.title for page in there}]
    context = {"project": project, "form": form, "pages": there, "missing": missing}
    return render(request, "lab/pages.html", context, status=400 if posted else 200)


@require_http_methods(["GET", "POST"])
@never_cache
def page(request: HttpRequest, slug: str, page: str) -> HttpResponse:
    """One page: a POST saves it, or with `do` remove takes it away, or with `do` look only shows it."""
    project = get_project_for(request, slug, may_edit)
    found = get_object_or_404(project.pages, slug=page)
    do = request.POST.get("do", "")
    if do == "remove":
        remove_page(found)
        messages.success(request, _("The page %(title)s is removed.") % {"title": found.title})
        return redirect("lab:pages", slug)
    initial = {"title": found.title, "body": found.body, "position": found.position}
    form = PageForm(request.POST if request.method == "POST" else None, initial=initial)
    valid = request.method == "GET" or form.is_valid()
    if request.method == "POST" and valid and do != "look":
        put_page(project, found, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("lab:page", slug, page)
    body = form.cleaned_data["body"] if request.method == "POST" and valid else found.body
    context = {
        "project": project,
        "form": form,
        "page": found,
        "body": render_prose(body),
        "unsaved": do == "look",
    }
    return render(request, "lab/page.html", context, status=200 if valid else 400)


@require_http_methods(["GET", "POST"])
@never_cache
def tutorial(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's own steps, shown at a volunteer's first visit to any of its workflows."""
    project = get_project_for(request, slug, may_edit)
    stands = [{"title": s.title, "body": s.body} for s in project.tutorial_steps.filter(workflow=None)]
    rows = Rows.read(request.POST, ("title", "body")) if request.method == "POST" else Rows(stands)
    problem = ""
    if request.method == "POST" and rows.saves:
        given = [(row["title"][:120], row["body"]) for row in rows.filled()]
        if any(not title or not body for title, body in given):
            problem = _("Each step has a title and a text.")
        else:
            try:
                put_tutorial(project, given)
                messages.success(request, _("Saved."))
                return redirect("lab:project", slug)
            except Invalid as error:
                problem = str(error)
    rows.at_least(1)
    context = {"project": project, "rows": rows.rows, "problem": problem, "markdown": MARKDOWN}
    return render(request, "lab/tutorial.html", context, status=400 if problem else 200)
