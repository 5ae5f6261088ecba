"""Subjects come in: a zip of pictures or the pictures themselves, with or without a table; and what there is."""

import shutil
import tempfile
import zipfile
from pathlib import PurePosixPath
from typing import IO, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.pages.imports import GOING_ON, hurry
from portal.pages.lab.sets import offer_sets
from portal.pages.places import get_project_for
from projects.imports.archive import TABLES
from projects.imports.report import told
from projects.imports.waiting import accept
from projects.models import Import, Project, Subject, SubjectSet
from projects.permissions import may_edit

EARLIER = 10
SOME = 24
ENDINGS = ".zip,.png,.jpg,.jpeg,.webp,.gif"


class Several(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """All that were chosen, not only the last."""

    widget = Several

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [super(FilesField, self).clean(each, initial) for each in data or [None]]


class PicturesForm(forms.Form):
    pictures = FilesField(
        label=gettext_lazy("Pictures, or a zip of them"),
        widget=Several(attrs={"accept": ENDINGS}),
        help_text=gettext_lazy(
            "PNG, JPEG, WebP or GIF, up to 25 MB each. Several at once; more than 100 in a zip."
        ),
    )
    table = forms.FileField(
        label=gettext_lazy("A table about them"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(TABLES)}),
        help_text=gettext_lazy("If you have one. With a zip, put it into the zip."),
    )
    subject_set = forms.ModelChoiceField(
        label=gettext_lazy("Into the set"), queryset=SubjectSet.objects.none(), empty_label=None
    )

    def __init__(self, project: Project, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_sets(self.fields["subject_set"], project)

    def clean_pictures(self) -> list[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data["pictures"]
        size = sum(file.size or 0 for file in files)
        if size > settings.IMPORT_MAX_BYTES:
            said = {"size": filesizeformat(size), "most": filesizeformat(settings.IMPORT_MAX_BYTES)}
            raise forms.ValidationError(
                _("That is %(size)s; at most %(most)s can be uploaded at once. Send it in parts.") % said
            )
        if len(files) > 1 and any(is_zip(file) for file in files):
            raise forms.ValidationError(_("Send one zip alone, or pictures without a zip."))
        if is_zip(files[0]) and not zipfile.is_zipfile(files[0]):
            raise forms.ValidationError(
                _("This is no zip archive, or it is cut off: pack and upload it again.")
            )
        files[0].seek(0)
        return files

    def clean(self) -> None:
        super().clean()
        table = self.cleaned_data.get("table")
        if table and suffix(table) not in TABLES:
            self.add_error("table", _("Give one of %(forms)s.") % {"forms": ", ".join(TABLES)})
        if table and is_zip(self.cleaned_data.get("pictures", [None])[0]):
            self.add_error("table", _("With a zip, put the table into the zip."))

    def archive(self) -> tuple[IO[bytes], str]:
        """What the worker reads: one zip with all of it, and its name."""
        files, table = self.cleaned_data["pictures"], self.cleaned_data["table"]
        first = str(files[0].name or "pictures")
        if is_zip(files[0]):
            return files[0], first
        whole = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
        with zipfile.ZipFile(whole, "w") as archive:
            _pack(archive, files)
            if table:
                archive.writestr(f"table-of-the-form{suffix(table)}", table.read())
        whole.seek(0)
        if len(files) == 1:
            return whole, first
        return whole, _("%(first)s and %(n)d more") % {"first": first[-150:], "n": len(files) - 1}


def suffix(file: UploadedFile) -> str:
    return PurePosixPath(file.name or "").suffix.lower()


def is_zip(file: UploadedFile | None) -> bool:
    return file is not None and suffix(file) == ".zip"


def _pack(archive: zipfile.ZipFile, files: list[UploadedFile]) -> None:
    """Under their own names; of two of the same name the second is told apart by its place."""
    taken: set[str] = set()
    for at, file in enumerate(files, 1):
        name = PurePosixPath((file.name or "picture").replace("\\", "/")).name
        if name in taken:
            name = f"{at}-{name}"
        taken.add(name)
        with archive.open(name, "w") as place:
            shutil.copyfileobj(file, place)


@require_http_methods(["GET", "POST"])
@never_cache
def subjects(request: HttpRequest, slug: str) -> HttpResponse:
    """The first of what there is; a POST takes files in, which the worker then reads."""
    project = get_project_for(request, slug, may_edit)
    posted = request.method == "POST"
    form = PicturesForm(project, request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        _take(request, project, form)
        return redirect("lab:subjects", slug)
    first = Subject.objects.filter(project=project).prefetch_related("media").order_by("external_id")
    imports = Import.objects.filter(project=project, kind=Import.Kind.PICTURES)
    context = {
        "project": project,
        "form": form,
        "most": settings.IMPORT_MAX_BYTES,
        "count": Subject.objects.filter(project=project).count(),
        "rows": first[:SOME],
        "earlier": [_shown(each) for each in imports.exclude(state__in=GOING_ON)[:EARLIER]],
        **_going_on(project),
    }
    return render(request, "lab/subjects.html", context, status=400 if posted else 200)


def _take(request: HttpRequest, project: Project, form: PicturesForm) -> None:
    assert request.user.is_authenticated  # noqa: S101 (of the team)
    archive, name = form.archive()
    with archive:
        accept(
            project,
            File(archive, name),
            source="",
            options={"subject_set": form.cleaned_data["subject_set"].slug},
            user=request.user,
            kind=Import.Kind.PICTURES,
        )
    transaction.on_commit(hurry)
    messages.success(
        request, _("Uploaded. The pictures are looked at one by one; this page tells when they are in.")
    )


@require_safe
@never_cache
def state(request: HttpRequest, slug: str) -> HttpResponse:
    """The fragment that the page fetches while something goes on; when that has ended, the whole page."""
    project = get_project_for(request, slug, may_edit)
    context = _going_on(project)
    response = render(request, "pages/_imports.html", {"project": project, **context})
    if request.GET.get("seen") != ",".join(str(each.pk) for each in context["going_on"]):
        response["HX-Refresh"] = "true"
    return response


def _going_on(project: Project) -> dict[str, Any]:
    going_on = Import.objects.filter(project=project, kind=Import.Kind.PICTURES, state__in=GOING_ON)
    return {"going_on": list(going_on.order_by("pk"))}


def _shown(record: Import) -> dict[str, Any]:
    report = record.report
    return {
        "record": record,
        "counts": list(told(report.get("counts", {}))),
        "error": report.get("error", ""),
        "broken": [reason for _line, reason in report.get("broken", [])[:EARLIER]],
        "broken_total": report.get("broken_total", 0),
    }
