"""A team takes real data in: upload a raw classification export, see it go, read what came of it."""

import csv
import io
import logging
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.validators import RegexValidator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.pages.places import get_project_for
from projects.exports.stream import cell
from projects.imports.csvfile import ENCODINGS
from projects.imports.report import told
from projects.imports.waiting import accept, stop
from projects.models import Import, Project
from projects.permissions import may_import

logger = logging.getLogger(__name__)

EARLIER = 20
GOING_ON = (Import.State.WAITING, Import.State.RUNNING)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A raw classification export with its 14 columns, as .csv or .csv.gz."),
        widget=forms.FileInput(attrs={"accept": ".csv,.gz"}),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        initial="zooniverse",
        max_length=60,
        validators=[
            RegexValidator(
                r"^[a-z0-9][a-z0-9._-]*\Z", gettext_lazy("Use small letters, digits and . _ - only.")
            )
        ],
        help_text=gettext_lazy(
            "Whose ids these are. Two sources may use the same ids; files of one source must agree."
        ),
    )
    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"), choices=list(ENCODINGS.items()))
    written = forms.CharField(
        label=gettext_lazy("Written answers"),
        required=False,
        max_length=500,
        help_text=gettext_lazy(
            "Questions that were answered by writing, such as 4870.T1 (workflow and task), with blanks between. "
            "Only needed where few different answers make them look chosen."
        ),
    )
    strict = forms.BooleanField(
        label=gettext_lazy("Strict: one broken row refuses the file"),
        required=False,
    )

    def clean_file(self) -> Any:
        return check_upload(self.cleaned_data["file"])


def check_upload(file: Any) -> Any:
    """Raises ValidationError for one that is too large."""
    if file.size > settings.IMPORT_MAX_BYTES:
        said = {"size": filesizeformat(file.size), "most": filesizeformat(settings.IMPORT_MAX_BYTES)}
        raise forms.ValidationError(
            _(
                "The file has %(size)s; at most %(most)s can be uploaded. Compress it with gzip, "
                "or ask whoever runs the site."
            )
            % said
        )
    return file


@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest, slug: str) -> HttpResponse:
    project = get_project_for(request, slug, may_import)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and request.user.is_authenticated:
        given = form.cleaned_data
        options = {
            "strict": given["strict"],
            "encoding": given["encoding"],
            "written": given["written"].replace(",", " ").split(),
        }
        accept(project, given["file"], source=given["source"], options=options, user=request.user)
        transaction.on_commit(hurry)
        return redirect("pages:imports", slug)
    all_of_it = Import.objects.filter(project=project).select_related("started_by")
    context = {
        "project": project,
        "form": form,
        "most": settings.IMPORT_MAX_BYTES,
        "earlier": [_shown(each) for each in all_of_it.exclude(state__in=GOING_ON)[:EARLIER]],
        **_going_on(project),
    }
    return private(render(request, "pages/imports.html", context))


@require_GET
def state(request: HttpRequest, slug: str) -> HttpResponse:
    """The fragment that a page fetches every second while something goes on; when that has ended, the whole page."""
    project = get_project_for(request, slug, may_import)
    context = _going_on(project)
    response = private(render(request, "pages/_imports.html", {"project": project, **context}))
    if request.GET.get("seen") != ",".join(str(each.pk) for each in context["going_on"]):
        response["HX-Refresh"] = "true"
    return response


@require_POST
def cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    project = get_project_for(request, slug, may_import)
    record = get_object_or_404(Import, project=project, pk=pk)
    if stop(record):
        messages.success(
            request, _("Cancelled: nothing of %(file)s was stored.") % {"file": record.file_name}
        )
    else:
        messages.info(request, _("%(file)s had ended before.") % {"file": record.file_name})
    return redirect("pages:imports", slug)


@require_GET
def broken(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The rows that could not be taken, by line and reason."""
    record = get_object_or_404(Import, project=get_project_for(request, slug, may_import), pk=pk)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["line", "reason"])
    writer.writerows([cell(line), cell(reason)] for line, reason in record.report.get("broken", []))
    response = private(HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8"))
    response["Content-Disposition"] = f'attachment; filename="import-{record.pk}-broken-rows.csv"'
    return response


def _going_on(project: Project) -> dict[str, Any]:
    return {"going_on": list(Import.objects.filter(project=project, state__in=GOING_ON).order_by("pk"))}


def _shown(record: Import) -> dict[str, Any]:
    report = record.report
    return {
        "record": record,
        "counts": list(told(report.get("counts", {}))),
        "notes": report.get("notes", []),
        "tasks": report.get("tasks", []),
        "columns": report.get("columns", []),
        "left_out": report.get("left_out", []),
        "error": report.get("error", ""),
        "broken": report.get("broken", [])[:5],
        "broken_total": report.get("broken_total", 0),
        "broken_kept": len(report.get("broken", [])),
        "seconds": report.get("seconds"),
    }


def hurry() -> None:
    """Else beat finds it within ten seconds."""
    from projects.jobs import tend_imports  # noqa: PLC0415 - Celery is loaded when it is first needed

    try:
        tend_imports.apply_async(expires=60, retry=False)
    except Exception as error:
        logger.warning("No message to the workers (%s); beat will find the import.", error)


def private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
