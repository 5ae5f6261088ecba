"""Which of one's own answers to list: by project or workflow, day, answer, words. A page costs the same however much
somebody has answered: at most WINDOW answers are looked through, then the page says from where to look on."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.pages.own_work import PAGE, Answer, describe, given
from projects.models import Answered, Classification, Workflow
from projects.services import get_version

WINDOW = 20_000

# What was written, and keys of what was chosen; not the form around them.
WRITTEN = """
EXISTS (SELECT FROM jsonb_path_query(projects_classification.annotations, '$[*].value ? (@.type() == "string")') v
         WHERE position(lower(%s) IN lower(v #>> '{}')) > 0)
"""


class OwnFilter(forms.Form):
    """All optional. `place` is p:PROJECT or w:WORKFLOW; `answer` is TASK:KEY of the chosen workflow."""

    place = forms.ChoiceField(label=gettext_lazy("Project or workflow"), required=False)
    answer = forms.ChoiceField(label=gettext_lazy("Answer"), required=False)
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    words = forms.CharField(
        label=gettext_lazy("Words"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, data: Any, workflows: list[Workflow]) -> None:
        super().__init__(data)
        self.workflows = workflows
        self.fields["place"].choices = _places(workflows)  # type: ignore[attr-defined]
        one = self._one(data.get("place", ""))
        self.fields["answer"].choices = [("", _("any")), *(_answers(one) if one else [])]  # type: ignore[attr-defined]
        if one is None:
            self.fields["answer"].disabled = True  # which answers there are depends on the workflow

    def _one(self, place: str) -> Workflow | None:
        return next((workflow for workflow in self.workflows if f"w:{workflow.pk}" == place), None)

    @property
    def is_set(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day is before the first: turn them round."))
        return cleaned

    def narrow(self, found: QuerySet[Classification]) -> QuerySet[Classification]:
        """Only what the filter asks for. The form is valid."""
        asked = self.cleaned_data
        kind, _colon, place = asked["place"].partition(":")
        if kind == "w":
            found = found.filter(workflow=int(place))
        elif kind == "p":
            found = found.filter(workflow__in=[w.pk for w in self.workflows if w.project.slug == place])
        if asked["answer"]:
            task, key = asked["answer"].split(":", 1)
            found = found.filter(_chose(task, key))
        if asked["since"]:
            found = found.filter(received_at__date__gte=asked["since"])
        if asked["until"]:
            found = found.filter(received_at__date__lte=asked["until"])
        if asked["words"].strip():
            found = found.filter(_said(asked["words"].strip(), self.workflows))
        return found


MOST_HITS = 60
"""Answers of one question whose words may hold those looked for: a long list may have more."""


def _places(workflows: list[Workflow]) -> list[Any]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for workflow in workflows:
        all_of = (f"p:{workflow.project.slug}", _("All of %(project)s") % {"project": workflow.project.title})
        group = groups.setdefault(workflow.project.title, [all_of])
        group.append((f"w:{workflow.pk}", workflow.title))
    return [("", _("all")), *groups.items()]


def _answers(workflow: Workflow) -> list[Any]:
    if workflow.published_id is None:
        return []
    tasks = get_version(workflow.published_id).definition.tasks
    return [
        (task.question, [(f"{name}:{choice.key}", choice.label) for choice in task.choices])
        for name, task in tasks.items()
        if task.choices
    ]


def _chose(task: str, key: str) -> Q:
    one = Q(annotations__contains=[{"task": task, "value": key}])
    return one | Q(annotations__contains=[{"task": task, "value": [key]}])


def _said(words: str, workflows: list[Workflow]) -> Q:
    """Written by them, or an answer chosen whose words hold these."""
    said = Q(RawSQL(WRITTEN, (words,), output_field=BooleanField()))  # noqa: S611 (the words are a parameter)
    for workflow in workflows:
        if workflow.published_id is None:
            continue
        for name, task in get_version(workflow.published_id).definition.tasks.items():
            hits = [choice.key for choice in task.options if words.lower() in choice.label.lower()]
            for key in hits[:MOST_HITS]:
                said |= Q(workflow=workflow.pk) & _chose(name, key)
    return said


@dataclass(frozen=True)
class Listed:
    """before: the id from which the next page goes on, None at the end; looked_through: the page ended because the
    window did, there may be more."""

    answers: list[Answer] = field(default_factory=list)
    before: int | None = None
    looked_through: bool = False


def taken_part(person: int) -> list[Workflow]:
    """The workflows in which the person has answered, by project."""
    mine = Answered.objects.filter(volunteer=person, workflow=OuterRef("pk"))
    found = Workflow.objects.filter(Exists(mine)).select_related("project")
    return list(found.order_by("project__title", "position", "slug"))


def listed(people: list[int], chosen: OwnFilter | None, before: int | None = None) -> Listed:
    """A page of their answers, newest first, from before that id on."""
    ids = _newest(people, before, PAGE + 1 if chosen is None else WINDOW)
    if not ids:
        return Listed()
    if chosen is None:
        shown = ids[:PAGE]
        found = describe(Classification.objects.filter(pk__in=shown).order_by("-pk"))
        return Listed(found, shown[-1] if len(ids) > PAGE else None)
    window = given(people).filter(pk__gte=ids[-1], pk__lte=ids[0])
    hits = list(chosen.narrow(window).order_by("-pk").values_list("pk", flat=True)[: PAGE + 1])
    found = describe(Classification.objects.filter(pk__in=hits[:PAGE]).order_by("-pk"))
    if len(hits) > PAGE:
        return Listed(found, hits[PAGE - 1])
    return Listed(found, ids[-1] if len(ids) == WINDOW else None, len(ids) == WINDOW)


def _newest(people: list[int], before: int | None, count: int) -> list[int]:
    """Ids of their answers, newest first: of each alias no more than wanted, so that no history is read through."""
    ids: list[int] = []
    for volunteer in people:
        found = given([volunteer]) if before is None else given([volunteer]).filter(pk__lt=before)
        ids += found.order_by("-pk").values_list("pk", flat=True)[:count]
    return sorted(ids, reverse=True)[:count]
