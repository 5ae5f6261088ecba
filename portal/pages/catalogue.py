"""A team takes a catalogue table in: CSV, ECSV, FITS or VOTable, joined to its subjects by id or on the sky."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from portal.pages.imports import check_upload, hurry, private
from portal.pages.places import get_project_for
from projects.imports.csvfile import ENCODINGS
from projects.imports.waiting import accept
from projects.models import Import
from projects.permissions import may_import


class TableForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Table"),
        help_text=gettext_lazy("CSV, ECSV, a FITS table or a VOTable, gzipped or not; one row an object."),
        widget=forms.FileInput(attrs={"accept": ".csv,.ecsv,.txt,.fits,.fit,.xml,.vot,.gz"}),
    )
    source = forms.CharField(
        label=gettext_lazy("Name of the catalogue"), max_length=60, initial="catalogue",
        help_text=gettext_lazy("Kept with each column, such as SDSS DR17."),
    )  # fmt: skip
    join = forms.ChoiceField(
        label=gettext_lazy("Joined by"),
        choices=[
            ("id", gettext_lazy("the subjects\u2019 ids")),
            ("sky", gettext_lazy("position on the sky")),
        ],
        widget=forms.RadioSelect,
        initial="id",
    )
    id_column = forms.CharField(
        label=gettext_lazy("Column of ids"), max_length=100, required=False, initial="external_id",
        help_text=gettext_lazy("Each id once. Only read where joined by ids."),
    )  # fmt: skip
    ra = forms.CharField(
        label=gettext_lazy("Column of right ascension"), max_length=100, required=False, initial="ra",
        help_text=gettext_lazy("Degrees, unless the table names another unit. Only read where joined on the sky."),
    )  # fmt: skip
    dec = forms.CharField(
        label=gettext_lazy("Column of declination"), max_length=100, required=False, initial="dec"
    )
    radius = forms.FloatField(
        label=gettext_lazy("Within, arcseconds"), min_value=0.001, max_value=3600, initial=2.0, required=False,
        help_text=gettext_lazy("A subject and a row are joined where each is the other\u2019s nearest; no ties."),
    )  # fmt: skip
    subject_keys = forms.CharField(
        label=gettext_lazy("Where the subjects have theirs"), max_length=130, required=False, initial="ra dec",
        help_text=gettext_lazy("Two attributes or metadata keys, in degrees."),
    )  # fmt: skip
    passing = forms.BooleanField(
        label=gettext_lazy("Leave out rows whose id is no subject\u2019s (else the first refuses the table)"),
        required=False,
    )
    sentinels = forms.CharField(
        label=gettext_lazy("Numbers that stand for missing"), max_length=1000, required=False,
        help_text=gettext_lazy("Such as -9999, or redshift=-1 for one column. They are kept as given, and marked."),
    )  # fmt: skip
    replace = forms.ChoiceField(
        label=gettext_lazy("Columns that are here already"),
        choices=[
            ("", gettext_lazy("Extend: add what is missing; a value that says otherwise refuses the table")),
            ("yes", gettext_lazy("Replace: their earlier values go first, from all subjects")),
        ],
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        choices=list(ENCODINGS.items()),
        help_text=gettext_lazy("Of a CSV file."),
    )

    def clean_file(self) -> Any:
        return check_upload(self.cleaned_data["file"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("join") == "id" and not given.get("id_column"):
            self.add_error("id_column", _("Name the column that holds the subjects' ids."))
        if given.get("join") == "sky":
            if not (given.get("ra") and given.get("dec")):
                self.add_error("ra", _("Name both columns of the position."))
            if len(given.get("subject_keys", "").split()) != 2:
                self.add_error("subject_keys", _("Write two keys with a blank between."))
        return given

    def options(self) -> dict[str, Any]:
        """Those of projects.imports.catalogue.Options."""
        given = self.cleaned_data
        common = {
            "replace": given["replace"] == "yes", "sentinels": given["sentinels"], "encoding": given["encoding"],
            "passing": given["passing"],
        }  # fmt: skip
        if given["join"] == "id":
            return common | {"id_column": given["id_column"]}
        one, two = given["subject_keys"].split()
        place = {"ra": given["ra"], "dec": given["dec"], "subject_ra": one, "subject_dec": two}
        return common | place | {"radius": given["radius"] or 2.0}


@require_http_methods(["GET", "POST"])
def catalogue(request: HttpRequest, slug: str) -> HttpResponse:
    project = get_project_for(request, slug, may_import)
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and request.user.is_authenticated:
        accept(
            project,
            form.cleaned_data["file"],
            source=form.cleaned_data["source"],
            options=form.options(),
            user=request.user,
            kind=Import.Kind.CATALOGUE,
        )
        transaction.on_commit(hurry)
        return redirect("pages:imports", slug)
    context = {"project": project, "form": form, "attributes": project.attributes.all()}
    return private(render(request, "pages/catalogue.html", context))
