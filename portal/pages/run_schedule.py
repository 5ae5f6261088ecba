"""A workflow's schedule of runs on the team's page: its form, and what it says of itself."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mining.models import Schedule
from mining.science.consensus import DEFAULT, METHODS
from mining.services.schedules import KEPT, answers_since
from projects.models import Workflow

MOST = {Schedule.Unit.HOURS: 8760, Schedule.Unit.DAYS: 366, Schedule.Unit.ANSWERS: 10_000_000}
LEAST = {Schedule.Unit.HOURS: 1, Schedule.Unit.DAYS: 1, Schedule.Unit.ANSWERS: 10}


class ScheduleForm(forms.Form):
    on = forms.BooleanField(label=gettext_lazy("On"), required=False)
    every = forms.IntegerField(label=gettext_lazy("Every"), min_value=1)
    unit = forms.ChoiceField(
        label=gettext_lazy("Hours, days or answers"),
        choices=Schedule.Unit.choices,
        help_text=gettext_lazy("Counted from the moment at which this is saved."),
    )
    method = forms.ChoiceField(label=gettext_lazy("Method"), choices=[(name, name) for name in METHODS])
    seed = forms.IntegerField(label=gettext_lazy("Seed"), min_value=0, max_value=2**31 - 1)
    publish = forms.BooleanField(
        label=gettext_lazy("Publish each run in the catalogue when it is done"), required=False
    )

    @classmethod
    def of(cls, shown: "Shown | None") -> "ScheduleForm":
        """With what is set, or what a first one begins with."""
        if shown is None:
            initial: dict[str, Any] = {"on": True, "every": 1, "unit": "days", "method": DEFAULT, "seed": 0}
        else:
            initial = {name: getattr(shown.row, name) for name in cls.base_fields}
        return cls(initial=initial, auto_id="schedule-%s")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if "unit" in given and "every" in given:
            unit = Schedule.Unit(given["unit"])
            if not LEAST[unit] <= given["every"] <= MOST[unit]:
                said = {"least": LEAST[unit], "most": MOST[unit], "unit": unit.label}
                self.add_error("every", _("Between %(least)s and %(most)s %(unit)s.") % said)
        return given


@dataclass(frozen=True)
class Shown:
    """since: answers since it was set or last made a run; left: how many more until the next."""

    row: Schedule
    since: int
    kept: int = KEPT

    @property
    def left(self) -> int:
        return max(self.row.every - self.since, 0)

    @property
    def every(self) -> str:
        words = {
            Schedule.Unit.HOURS: ngettext("every hour", "every %(n)s hours", self.row.every),
            Schedule.Unit.DAYS: ngettext("every day", "every %(n)s days", self.row.every),
            Schedule.Unit.ANSWERS: ngettext("every answer", "every %(n)s new answers", self.row.every),
        }
        return words[Schedule.Unit(self.row.unit)] % {"n": self.row.every}


def schedule_of(workflow: Workflow) -> Shown | None:
    found = Schedule.objects.select_related("by").filter(workflow=workflow).first()
    return Shown(found, answers_since(found)) if found else None
