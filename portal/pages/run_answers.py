"""A run's consensus, subject by subject, for the team: filters, order, pictures; and two runs beside each other.

Whoever of the team is shown an open subject here has looked: what they still answer on it is withheld.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mining.models import Consensus, Run
from portal.pages.keyset import kept_of, page
from portal.pages.letters import Run as Letters
from portal.pages.letters import lines_of
from portal.pages.overlay import Overlay
from portal.pages.pictures import of_subjects
from portal.pages.run_places import Questions, context, private, run_of, team_workflow
from projects.models import Media, Subject, SubjectState, Workflow
from projects.services.look_at_answers import look_at_subjects
from projects.services.volunteers import join_account, volunteer_of

ON_A_PAGE = 24
SORTS = {
    "disputed": ("dispersion", True),
    "agreed": ("dispersion", False),
    "sure": ("probability", True),
    "unsure": ("probability", False),
    "votes": ("votes", True),
}
"""Name in the address to (column, largest first)."""
OF_CHOICES = ("sure", "unsure")
"""A text or a number has no probability."""


@dataclass(frozen=True)
class Shown:
    """One subject.

    other: the answer of the other run, where two are compared, and whether it is undecided there. lines, lang: of a
    text, its lines in runs of sure and unsure letters, and its language. marks: of a drawing, over the picture.
    """

    subject: Subject
    picture: Media | None
    is_open: bool
    row: Consensus
    label: str
    shares: list[tuple[str, float]]
    other: str = ""
    other_undecided: bool = False
    lines: list[list[Letters]] | None = None
    lang: str = ""
    marks: Overlay | None = None

    @property
    def unsure(self) -> int:
        """How many letters of a text are uncertain."""
        return sum(run.length for line in self.lines or [] for run in line if run.unsure)


class Filters(forms.Form):
    """All of it may be left out."""

    answer = forms.CharField(label=gettext_lazy("Answer"), required=False)
    words = forms.CharField(label=gettext_lazy("Text contains"), required=False, max_length=200)
    probability_from = forms.FloatField(
        label=gettext_lazy("Probability from"), min_value=0, max_value=1, required=False
    )
    probability_to = forms.FloatField(label=gettext_lazy("to"), min_value=0, max_value=1, required=False)
    dispersion_from = forms.FloatField(
        label=gettext_lazy("Dispersion from"), min_value=0, max_value=1, required=False
    )
    votes_from = forms.IntegerField(
        label=gettext_lazy("Votes from"), min_value=0, max_value=10**6, required=False
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("all")), ("finished", gettext_lazy("finished")), ("open", gettext_lazy("open")),
        ],
    )  # fmt: skip
    undecided = forms.ChoiceField(
        label=gettext_lazy("Undecided"),
        required=False,
        choices=[("", gettext_lazy("all")), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
    )

    def __init__(self, *given: Any, answers: dict[str, str], text: bool, **more: Any) -> None:
        """text: of a question that is answered by one, which has neither answers to choose from nor probabilities, and
        no rule for what is undecided."""
        super().__init__(*given, **more)
        for name in ("answer", "probability_from", "probability_to", "undecided") if text else ("words",):
            del self.fields[name]
        if not text:
            self.fields["answer"].widget = forms.Select(choices=[("", _("all")), *answers.items()])
        for name in self.fields.keys() & {"probability_from", "probability_to", "dispersion_from"}:
            self.fields[name].widget.attrs["step"] = "0.01"


CONDITIONS = {
    "answer": "key", "probability_from": "probability__gte", "probability_to": "probability__lte",
    "dispersion_from": "dispersion__gte", "votes_from": "votes__gte", "words": "value__text__icontains",
}  # fmt: skip


def _narrowed(rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
    given = {CONDITIONS[name]: asked[name] for name in CONDITIONS if asked.get(name) not in (None, "")}
    if asked.get("undecided"):
        given["undecided"] = asked["undecided"] == "yes"
    rows = rows.filter(**given)
    return rows.filter(is_open=asked["state"] == "open") if asked.get("state") else rows


def _rows(workflow: Workflow, run: Run, question: str) -> QuerySet[Any]:
    open_ones = SubjectState.objects.filter(
        workflow=workflow, subject_id=OuterRef("subject_id"), retired_at__isnull=True
    )
    return Consensus.objects.filter(run=run, task=question).annotate(is_open=Exists(open_ones))


def _sorts() -> dict[str, str]:
    return {
        "disputed": _("most disputed first"),
        "agreed": _("least disputed first"),
        "sure": _("most probable first"),
        "unsure": _("least probable first"),
        "votes": _("most votes first"),
    }


@require_safe
def answers(request: HttpRequest, slug: str, workflow: str, number: int) -> HttpResponse:
    """`?question=PATH`, `?sort=` one of SORTS, `?after=` of the last page's link, and the Filters."""
    found = team_workflow(request, slug, workflow)
    run = run_of(found, number, done=True)
    asked = Questions(found, run)
    question = asked.chosen(request.GET.get("question", ""))
    labels = asked.answers(question)
    text = question in asked.unchosen
    form = Filters(request.GET, answers=labels, text=text)
    if text and question not in asked.texts:
        del form.fields["words"]
    rows = _rows(found, run, question)
    rows = _narrowed(rows, form.cleaned_data) if form.is_valid() else rows.none()
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS and not (text and sort in OF_CHOICES) else "disputed"
    column, down = SORTS[sort]
    listed = page(rows, column, "subject_id", down=down, after=request.GET.get("after", ""), size=ON_A_PAGE)
    more = {
        "run": run,
        "questions": asked.paths,
        "question": question,
        "form": form,
        "text": text,
        "sort": sort,
        "sorts": {name: words for name, words in _sorts().items() if not (text and name in OF_CHOICES)},
        "page": listed,
        "kept": kept_of(request),
        "shown": _described(request, found, listed.rows, asked, question),
    }
    return private(render(request, "pages/run_answers.html", context(request, found, **more)))


@require_safe
def against(request: HttpRequest, slug: str, workflow: str, number: int, other: int) -> HttpResponse:
    """Which subjects two runs answer differently, the most disputed first."""
    found = team_workflow(request, slug, workflow)
    one, two = run_of(found, number, done=True), run_of(found, other, done=True)
    if one.pk == two.pk:
        raise Http404
    asked, theirs = Questions(found, one), Questions(found, two)
    counts = [
        (path, asked.words(path), *_differing(found, one, two, path))
        for path in asked.paths
        if path in theirs.paths
    ]
    question = asked.chosen(request.GET.get("question", ""))
    rows = _different(found, one, two, question)
    listed = page(
        rows, "dispersion", "subject_id", down=True, after=request.GET.get("after", ""), size=ON_A_PAGE
    )
    more = {
        "run": one,
        "other": two,
        "counts": counts,
        "questions": asked.paths,
        "question": question,
        "page": listed,
        "kept": kept_of(request),
        "shown": _described(request, found, listed.rows, asked, question),
    }
    return private(render(request, "pages/run_against.html", context(request, found, **more)))


def _both(workflow: Workflow, one: Run, two: Run, question: str) -> QuerySet[Any]:
    """What each says: the text or number where it has one, else the key."""
    said = (KeyTextTransform(part, "value") for part in ("text", "value"))
    says = Coalesce(*said, "key", output_field=TextField())
    other = Consensus.objects.filter(run=two, task=question, subject_id=OuterRef("subject_id"))
    rows = _rows(workflow, one, question).annotate(
        said=says, other=Subquery(other.annotate(said=says).values("said")[:1])
    )
    return rows.filter(other__isnull=False)


def _different(workflow: Workflow, one: Run, two: Run, question: str) -> QuerySet[Any]:
    other = Consensus.objects.filter(run=two, task=question, subject_id=OuterRef("subject_id"))
    rows = _both(workflow, one, two, question).exclude(said=F("other"))
    return rows.annotate(other_undecided=Subquery(other.values("undecided")[:1]))


def _differing(workflow: Workflow, one: Run, two: Run, question: str) -> tuple[int, int]:
    """(subjects whose answer differs, subjects that both have)"""
    return _different(workflow, one, two, question).count(), _both(workflow, one, two, question).count()


def _described(
    request: HttpRequest, workflow: Workflow, rows: Iterable[Any], asked: Questions, question: str
) -> list[Shown]:
    """With pictures, in their order; the open ones are kept as looked at, before they are shown."""
    listed, labels = list(rows), asked.answers(question)
    ids = [row.subject_id for row in listed]
    open_ones = [row.subject_id for row in listed if row.is_open]
    if open_ones and request.user.is_authenticated:
        person = volunteer_of(request) or join_account(None, request.user)
        look_at_subjects(workflow.pk, open_ones, person)
    subjects, pictures = Subject.objects.in_bulk(ids), of_subjects(ids)
    return [
        Shown(
            subjects[row.subject_id],
            pictures.get(row.subject_id),
            row.is_open,
            row,
            asked.found(question, row.value)
            or labels.get(row.key, row.key)
            or (_("nothing") if asked.draws(question) else _("no text")),
            sorted(
                ((labels.get(key, key), p) for key, p in row.probabilities.items()), key=lambda each: -each[1]
            )[:3],
            labels.get(getattr(row, "other", ""), getattr(row, "other", "")),
            bool(getattr(row, "other_undecided", None)),
            lines_of(row.value["letters"]) if row.value and "letters" in row.value else None,
            asked.language(question),
            asked.marks(question, row.value, pictures.get(row.subject_id)),
        )
        for row in listed
    ]
