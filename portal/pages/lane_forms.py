"""The forms of a team's lanes: what a lane is, and which subjects come into it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.exceptions import Invalid
from projects.models import Lane, Qualification, Workflow
from projects.services.lane_moves import Which, numbers_and_categories

COMPARED = {
    "gte": gettext_lazy("at least"),
    "gt": gettext_lazy("more than"),
    "lte": gettext_lazy("at most"),
    "lt": gettext_lazy("less than"),
    "eq": gettext_lazy("equal to"),
}
MOST_NAMES = 10_000


class _RuleForm(forms.Form):
    """An attribute, a comparison and a value; all three, or none."""

    attribute = forms.ChoiceField(label=gettext_lazy("Attribute"), required=False)
    comparison = forms.ChoiceField(
        label=gettext_lazy("is"), choices=list(COMPARED.items()), required=False, initial="gte"
    )
    value = forms.CharField(label=gettext_lazy("Value"), max_length=100, required=False)

    def __init__(self, workflow: Workflow, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = numbers_and_categories(workflow)
        keys = [(key, key) for key in self.kinds]
        self.fields["attribute"].choices = [("", _("– none –")), *keys]  # type: ignore[attr-defined]
        if not keys:
            self.leave_out("attribute", "comparison", "value")

    def leave_out(self, *names: str) -> None:
        for name in names:
            self.fields.pop(name, None)

    def rule(self) -> list[list[Any]]:
        """As the services take it. Raises Invalid for a value that is no number where one is needed."""
        given = self.cleaned_data
        if not given.get("attribute"):
            return []
        value: float | str = given["value"].strip()
        if self.kinds.get(given["attribute"]) == "number":
            try:
                value = float(value)
            except ValueError:
                raise Invalid(
                    _("%(key)s is a number: compare it with one.") % {"key": given["attribute"]}
                ) from None
        return [[given["comparison"], given["attribute"], value]]


class LaneForm(_RuleForm):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    priority = forms.IntegerField(
        label=gettext_lazy("Priority"),
        initial=0,
        help_text=gettext_lazy(
            "The lane with the greater number is served first; all lanes before the common pool."
        ),
    )
    requires = forms.MultipleChoiceField(
        label=gettext_lazy("Only for those who have"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    order = forms.ChoiceField(
        label=gettext_lazy("Order in it"),
        required=False,
        help_text=gettext_lazy("A subject that lacks the number comes last."),
    )
    second_share = forms.IntegerField(
        label=gettext_lazy("Looked at twice, % of the desk's decisions"),
        initial=0,
        required=False,
        min_value=0,
        max_value=100,
        help_text=gettext_lazy("A second moderator judges these without knowing what the first said."),
    )
    third = forms.ChoiceField(
        label=gettext_lazy("Where the two differ, it goes to"),
        required=False,
        help_text=gettext_lazy("A third person there decides."),
    )
    source = forms.ChoiceField(
        label=gettext_lazy("What comes in"),
        choices=Lane.Source.choices,
        initial=Lane.Source.TEAM,
        help_text=gettext_lazy(
            "By attributes: what matches of the common pool at once, and what is imported later."
        ),
    )
    field_order = (
        "title",
        "priority",
        "requires",
        "order",
        "second_share",
        "third",
        "source",
        "attribute",
        "comparison",
        "value",
    )

    def __init__(self, workflow: Workflow, *args: Any, **kwargs: Any) -> None:
        super().__init__(workflow, *args, **kwargs)
        qualifications = Qualification.objects.filter(project=workflow.project_id)
        self.fields["requires"].choices = [(each.slug, each.title) for each in qualifications]  # type: ignore[attr-defined]
        if not qualifications:
            del self.fields["requires"]
        others = workflow.lanes.filter(closed_at=None).values_list("slug", "title")
        self.fields["third"].choices = [("", _("this lane")), *others]  # type: ignore[attr-defined]
        orders = [("", _("as they are put in"))]
        for key in (key for key, kind in self.kinds.items() if kind == "number"):
            orders.append((key, _("%(key)s, the greatest first") % {"key": key}))
            orders.append((f"-{key}", _("%(key)s, the smallest first") % {"key": key}))
        self.fields["order"].choices = orders  # type: ignore[attr-defined]
        if not self.kinds:
            self.leave_out("order", "source")

    @classmethod
    def of(cls, lane: Lane) -> "LaneForm":
        """With what is set. A rule of several parts is not shown to be changed here: docs/tasks.md."""
        initial: dict[str, Any] = {
            name: getattr(lane, name)
            for name in ("title", "priority", "requires", "order", "second_share", "third", "source")
        }
        if len(lane.where) == 1:
            initial["comparison"], initial["attribute"], initial["value"] = lane.where[0]
        form = cls(lane.workflow, initial=initial, auto_id="lane-%s")
        form.leave_rule(lane)
        return form

    def leave_rule(self, lane: Lane) -> None:
        """A rule of several parts came from a bundle or the admin: it stays, and is not overwritten here."""
        if len(lane.where) > 1:
            self.leave_out("attribute", "comparison", "value", "source")

    def values(self) -> dict[str, Any]:
        """As the services take them. Raises Invalid."""
        given = {name: self.cleaned_data.get(name, "") for name in ("title", "priority", "order", "third")}
        given["second_share"] = self.cleaned_data.get("second_share") or 0
        given["requires"] = self.cleaned_data.get("requires", [])
        if "source" in self.fields:
            given |= {"source": self.cleaned_data["source"], "where": self.rule()}
        return given


class MoveForm(_RuleForm):
    """Which subjects come into the lane, and where in it."""

    names = forms.CharField(
        label=gettext_lazy("Subjects"),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        required=False,
        help_text=gettext_lazy("Your own names for them, one a line. All of them come in, or none."),
    )
    origin = forms.ChoiceField(label=gettext_lazy("Out of"), required=False)
    place = forms.FloatField(
        label=gettext_lazy("Place"),
        initial=0,
        required=False,
        help_text=gettext_lazy(
            "The greatest comes first. Not read where the lane is ordered by an attribute."
        ),
    )
    field_order = ("names", "attribute", "comparison", "value", "origin", "place")

    def __init__(self, lane: Lane, *args: Any, **kwargs: Any) -> None:
        super().__init__(lane.workflow, *args, **kwargs)
        others = [(each.slug, each.title) for each in lane.workflow.lanes.exclude(pk=lane.pk)]
        self.fields["origin"].choices = [  # type: ignore[attr-defined]
            ("pool", _("the common pool")),
            ("any", _("wherever they are")),
            *[(f"lane:{slug}", title) for slug, title in others],
        ]
        self.lane = lane
        if lane.order:
            del self.fields["place"]

    def which(self) -> Which:
        """Raises Invalid where nothing, or too much, is named."""
        origin = self.cleaned_data["origin"] or "any"
        names = (
            list(dict.fromkeys(self.cleaned_data["names"].split("\n"))) if self.cleaned_data["names"] else []
        )
        names = [name.strip() for name in names if name.strip()]
        rule = self.rule()
        if len(names) > MOST_NAMES:
            raise Invalid(_("At most %(n)d names at once.") % {"n": MOST_NAMES})
        if not names and not rule and not origin.startswith("lane:"):
            raise Invalid(
                _("Say which subjects: their names, an attribute, or the lane out of which all come.")
            )
        source = self.lane.workflow.lanes.get(slug=origin[5:]) if origin.startswith("lane:") else None
        return Which(names=names or None, where=rule, lane=source, pool=origin == "pool")


@dataclass(frozen=True)
class Told:
    """A lane's rule, gate and order in words."""

    lane: Lane

    @property
    def rule(self) -> str:
        parts = [f"{key} {COMPARED[comparison]} {value}" for comparison, key, value in self.lane.where]
        return _(" and ").join(parts)

    @property
    def order(self) -> str:
        key = self.lane.order.removeprefix("-")
        if not key:
            return _("as put in")
        words = (
            _("%(key)s, the smallest first") if self.lane.order != key else _("%(key)s, the greatest first")
        )
        return words % {"key": key}
