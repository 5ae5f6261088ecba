"""Which subjects a team looks for, and what it does to them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.models import CatalogueAttribute, Project, SubjectSet, Workflow
from projects.services import get_version
from projects.services.subject_sets import stands_for_none
from projects.subject_search import OPEN, RETIRED, Wanted

POOL = "pool"
STATES = [
    ("", gettext_lazy("all")),
    (OPEN, gettext_lazy("open")),
    (RETIRED, gettext_lazy("finished")),
]


class SearchForm(forms.Form):
    """All of it may be left out. `lane` is a slug or "pool"; `answer` is TASK:KEY, TASK: for whichever leads."""

    words = forms.CharField(
        label=gettext_lazy("Id, name or a word of the metadata"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    workflow = forms.ChoiceField(label=gettext_lazy("Workflow"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=STATES)
    subject_set = forms.ChoiceField(label=gettext_lazy("Set"), required=False)
    lane = forms.ChoiceField(label=gettext_lazy("Lane"), required=False)
    answer = forms.ChoiceField(label=gettext_lazy("Answer that leads"), required=False)
    sure_from = forms.FloatField(
        label=gettext_lazy("Probability from"), min_value=0, max_value=1, required=False
    )
    sure_to = forms.FloatField(label=gettext_lazy("to"), min_value=0, max_value=1, required=False)
    attribute = forms.ChoiceField(label=gettext_lazy("Of the catalogue"), required=False)
    attribute_from = forms.FloatField(label=gettext_lazy("from"), required=False)
    attribute_to = forms.FloatField(label=gettext_lazy("to"), required=False)
    equal = forms.CharField(label=gettext_lazy("or is"), required=False, max_length=200)
    no_picture = forms.BooleanField(label=gettext_lazy("Without a picture"), required=False)

    MORE = (
        "answer", "sure_from", "sure_to", "attribute", "attribute_from", "attribute_to", "equal", "no_picture",
    )  # fmt: skip
    """Those that are folded away until one is used."""

    def __init__(self, project: Project, data: Any) -> None:
        super().__init__(data, auto_id="find-%s")
        self.workflows = list(project.workflows.select_related("published", "subject_set"))
        self.sets = [each for each in project.subject_sets.all() if not stands_for_none(each)]
        chosen = [each for each in self.workflows if each.slug == data.get("workflow")]
        self.flow: Workflow | None = next(iter([*chosen, *self.workflows]), None)
        self.lanes = list(self.flow.lanes.all()) if self.flow else []
        attributes = list(CatalogueAttribute.objects.filter(project=project))
        self._offer("workflow", [(each.slug, each.title) for each in self.workflows], least=2)
        self._offer("subject_set", [("", _("all")), *((s.slug, s.title) for s in self.sets)], least=3)
        lanes = [(lane.slug, lane.title) for lane in self.lanes]
        self._offer("lane", [("", _("any")), (POOL, _("the common pool")), *lanes], least=3)
        self._offer("answer", [("", _("any")), *_answers(self.flow)], least=2)
        self._offer("attribute", [("", _("any")), *((a.key, _name(a)) for a in attributes)], least=2)
        if self.flow is None:
            del self.fields["state"]
        if "answer" not in self.fields:
            del self.fields["sure_from"], self.fields["sure_to"]
        if "attribute" not in self.fields:
            del self.fields["attribute_from"], self.fields["attribute_to"], self.fields["equal"]
        for name in self.fields.keys() & {"sure_from", "sure_to"}:
            self.fields[name].widget.attrs["step"] = "0.01"

    def _offer(self, name: str, choices: list[Any], *, least: int) -> None:
        """Where there is nothing to choose from, nobody is asked."""
        if len(choices) < least:
            del self.fields[name]
        else:
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> None:
        super().clean()
        given = self.cleaned_data
        limits = [given.get(name) for name in ("attribute_from", "attribute_to", "equal")]
        if any(each not in (None, "") for each in limits) and not given.get("attribute"):
            self.add_error("attribute", _("Say which attribute of the catalogue this is about."))
        shares = [given.get(name) for name in ("sure_from", "sure_to")]
        if any(each is not None for each in shares) and not given.get("answer"):
            self.add_error("answer", _("Say of which question, or which answer."))

    def front(self) -> list[Any]:
        return [self[name] for name in self.fields if name not in self.MORE]

    def more(self) -> list[Any]:
        return [self[name] for name in self.fields if name in self.MORE]

    def uses_more(self) -> bool:
        return any(self.data.get(name) for name in self.MORE)

    def wanted(self) -> Wanted:
        """The form is valid."""
        given = self.cleaned_data
        task, _colon, answer = given.get("answer", "").partition(":")
        return Wanted(
            words=given["words"].strip(),
            subject_set=_named(self.sets, given.get("subject_set", "")),
            workflow=self.flow,
            state=given.get("state", ""),
            lane=_named(self.lanes, given.get("lane", "")),
            pool=given.get("lane") == POOL,
            task=task,
            answer=answer,
            sure_from=given.get("sure_from") if answer or not task else given.get("sure_from") or 0.0,
            sure_to=given.get("sure_to"),
            attribute=given.get("attribute", ""),
            attribute_from=given.get("attribute_from"),
            attribute_to=given.get("attribute_to"),
            equal=given.get("equal", ""),
            no_picture=given["no_picture"],
        )


class DoForm(forms.Form):
    """What to do, to which. In parts of the page, so that a field is named and not drawn by itself."""

    do = forms.ChoiceField(
        choices=[("retire", ""), ("reopen", ""), ("move", "")],
        error_messages={
            "required": gettext_lazy("Choose what to do."),
            "invalid_choice": gettext_lazy("Choose what to do."),
        },
    )
    which = forms.ChoiceField(choices=[("ticked", ""), ("all", "")], required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=80,
        error_messages={"required": gettext_lazy("Write why: it is kept with your name.")},
    )
    into = forms.ChoiceField(label=gettext_lazy("Into the set"), required=False)

    def __init__(self, sets: list[SubjectSet], data: Any) -> None:
        super().__init__(data, auto_id="do-%s")
        self.sets = sets
        self.fields["into"].choices = [(each.slug, each.title) for each in sets]  # type: ignore[attr-defined]

    @property
    def subject_set(self) -> SubjectSet | None:
        return _named(self.sets, self.cleaned_data.get("into", ""))


def _named(rows: list[Any], slug: str) -> Any:
    return next((each for each in rows if each.slug == slug), None)


def _name(attribute: CatalogueAttribute) -> str:
    unit = f" ({attribute.unit})" if attribute.unit else ""
    return f"{attribute.label}{unit}"


def _answers(workflow: Workflow | None) -> list[Any]:
    """Of the questions whose answers are chosen, by question."""
    if workflow is None or workflow.published_id is None:
        return []
    tasks = get_version(workflow.published_id).definition.tasks
    return [
        (
            task.question,
            [
                (f"{name}:", _("%(task)s: any answer") % {"task": name}),
                *((f"{name}:{c.key}", c.label) for c in task.choices),
            ],
        )
        for name, task in tasks.items()
        if task.choices
    ]
