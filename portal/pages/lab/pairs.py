"""Pairs for comparing, made of a set's subjects."""

import csv
import io
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.pages.lab.sets import offer_sets
from portal.pages.places import get_project_for
from projects.exceptions import Invalid
from projects.models import Project, Subject, SubjectSet
from projects.pairing import MOST_PAIRS, Pair, all_pairs, random_pairs
from projects.permissions import may_edit
from projects.services.make_pairs import make_pairs

MOST_MEMBERS = 20_000
MOST_BYTES = 5_000_000


class PairsForm(forms.Form):
    members = forms.ModelChoiceField(
        label=gettext_lazy("Pairs of the subjects of"), queryset=SubjectSet.objects.none(), empty_label=None
    )
    title = forms.CharField(
        label=gettext_lazy("Into the set called"),
        max_length=120,
        help_text=gettext_lazy(
            "A new one, or one that is there: a workflow asks about the pairs of one set."
        ),
    )
    how = forms.ChoiceField(
        label=gettext_lazy("Which pairs"),
        choices=[
            ("all", gettext_lazy("each with each")),
            ("random", gettext_lazy("so many drawn at random, each subject equally often")),
            ("listed", gettext_lazy("those of a file")),
        ],
    )
    number = forms.IntegerField(
        label=gettext_lazy("How many, if drawn"), min_value=1, max_value=MOST_PAIRS, required=False
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"),
        min_value=0,
        max_value=2**31,
        initial=1,
        help_text=gettext_lazy("The same seed draws the same pairs, with the same ones on the left."),
    )
    file = forms.FileField(
        label=gettext_lazy("The file, if listed"),
        required=False,
        help_text=gettext_lazy("CSV with the columns left and right, your names of the subjects."),
    )

    def __init__(self, project: Project, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_sets(self.fields["members"], project)

    def pairs(self, names: list[str]) -> list[Pair]:
        """Raises Invalid."""
        given = self.cleaned_data
        if given["how"] == "all":
            return all_pairs(names, given["seed"])
        if given["how"] == "random":
            return random_pairs(names, given["number"] or 0, given["seed"])
        if given["file"] is None or given["file"].size > MOST_BYTES:
            raise Invalid(_("Give the file, of at most 5 MB."))
        return _listed(given["file"].read())


def _listed(content: bytes) -> list[Pair]:
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise Invalid(_("This is no CSV in UTF-8.")) from None
    if not rows or not {"left", "right"} <= set(rows[0]):
        raise Invalid(_("The file has no row with the columns left and right."))
    return [(str(row["left"] or "").strip(), str(row["right"] or "").strip()) for row in rows]


@require_http_methods(["GET", "POST"])
@never_cache
def pairs(request: HttpRequest, slug: str) -> HttpResponse:
    project = get_project_for(request, slug, may_edit)
    posted = request.method == "POST"
    form = PairsForm(project, request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        try:
            made = _make(project, form)
            told = ngettext("%(n)d new pair is in.", "%(n)d new pairs are in.", made) % {"n": made}
            messages.success(request, told)
            return redirect("lab:subjects", slug)
        except Invalid as error:
            form.add_error(None, ValidationError(str(error)))
    sets = project.subject_sets.filter(subjects__members__isnull=False).distinct()
    context = {"project": project, "form": form, "sets": sets}
    return render(request, "lab/pairs.html", context, status=400 if posted else 200)


@transaction.atomic
def _make(project: Project, form: PairsForm) -> int:
    given = form.cleaned_data
    members = Subject.objects.filter(subject_set=given["members"], source="", members=None)
    names = list(members.order_by("external_id").values_list("external_id", flat=True)[: MOST_MEMBERS + 1])
    if len(names) > MOST_MEMBERS:
        raise Invalid(_("The set has more than %(n)d subjects: list the pairs.") % {"n": MOST_MEMBERS})
    found = form.pairs(names)
    title = given["title"].strip()
    target = project.subject_sets.filter(title=title).first()
    if target is None:
        taken = set(project.subject_sets.values_list("slug", flat=True))
        stem = slugify(title)[:40] or "pairs"
        free = next(
            each for n in range(len(taken) + 1) if (each := f"{stem}-{n}" if n else stem) not in taken
        )
        target = SubjectSet.objects.create(project=project, slug=free, title=title)
    elif target.subjects.filter(members=None).exists():
        raise Invalid(_("The set %(title)s has subjects that are no pairs: name another.") % {"title": title})
    return make_pairs(target, found)
