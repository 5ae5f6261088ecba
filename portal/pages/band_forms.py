"""The form of a band: what is meant, how sure it is to be, and what follows."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mining.models import Band
from portal.pages.rule_forms import categories_of
from projects.models import Lane, Verdict, Workflow


class BandForm(forms.Form):
    """Of a new band, or of one that is there, whose name stays."""

    title = forms.CharField(
        label=gettext_lazy("Name"), max_length=40, help_text=gettext_lazy("Such as ML_GOOD or ML_BAD_HIGH.")
    )
    verdicts = forms.MultipleChoiceField(
        label=gettext_lazy("Meant are"),
        choices=Verdict.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("A band that decides has one; one that sends to a lane may have several."),
    )
    wanted = forms.FloatField(
        label=gettext_lazy("Wanted precision, per cent"),
        min_value=50.1,
        max_value=99.9,
        initial=95,
        help_text=gettext_lazy("So often people are to agree, at least, with what lies in the band."),
    )
    lane = forms.ModelChoiceField(
        label=gettext_lazy("What follows"),
        queryset=Lane.objects.none(),
        required=False,
        empty_label=gettext_lazy("the model decides"),
    )
    category = forms.ChoiceField(label=gettext_lazy("Category of the policy"), required=False)
    audit = forms.IntegerField(
        label=gettext_lazy("People answer as well, per cent"),
        min_value=5,
        max_value=100,
        initial=10,
        help_text=gettext_lazy(
            "So many of its decisions, drawn at random, stay open to volunteers, who don't know: what they overturn is "
            "true of all of them."
        ),
    )

    def __init__(self, workflow: Workflow, band: Band | None, *args: Any, **kwargs: Any) -> None:
        if band is not None:
            kwargs["initial"] = {
                "verdicts": band.verdicts,
                "wanted": band.percent,
                "lane": band.lane_id,
                "category": band.category,
                "audit": round(100 * band.audit),
            }
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if band is not None:
            del fields["title"]
        fields["lane"].queryset = workflow.lanes.filter(closed_at=None)
        fields["lane"].label_from_instance = lambda lane: _("it goes to the lane %(lane)s") % {"lane": lane}
        fields["category"].choices = [("", _("– none –")), *categories_of(workflow)]

    def values(self) -> dict[str, Any]:
        """As the services take them."""
        given = dict(self.cleaned_data)
        return given | {"wanted": round(given["wanted"] / 100, 6), "audit": given["audit"] / 100}
