"""The form that says by which policy a workflow decides, and which verdict each answer is."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.models import Policy, Triage, Verdict, Workflow
from projects.services.versions import get_version


class TriageForm(forms.Form):
    """Of the workflow's first question that is answered by choosing one answer, or the one that it decides by now."""

    policy = forms.ModelChoiceField(label=gettext_lazy("Policy"), queryset=Policy.objects.none())

    def __init__(self, workflow: Workflow, stands: Triage | None, *args: Any, **kwargs: Any) -> None:
        assert workflow.published_id is not None  # noqa: S101 (the page is of published workflows)
        tasks = get_version(workflow.published_id).definition.tasks
        choosing = [name for name, task in tasks.items() if task.kind == "single"]
        self.task = stands.task if stands and stands.task in choosing else next(iter(choosing), "")
        self.answers = list(tasks[self.task].keys) if self.task else []
        verdicts = stands.verdicts if stands and stands.task == self.task else {}
        kwargs["initial"] = {"policy": stands.policy_id if stands else None}
        kwargs["initial"] |= {f"verdict_{key}": verdicts.get(key, "") for key in self.answers}
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["policy"].queryset = Policy.objects.filter(project=workflow.project_id)
        labels = {choice.key: choice.label for choice in tasks[self.task].choices} if self.task else {}
        for key in self.answers:
            fields[f"verdict_{key}"] = forms.ChoiceField(
                label=_("“%(answer)s” is") % {"answer": labels.get(key, key)},
                choices=[("", _("no verdict")), *Verdict.choices],
                required=False,
            )

    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        given = self.cleaned_data
        chosen = {key: given[f"verdict_{key}"] for key in self.answers}
        verdicts = {key: verdict for key, verdict in chosen.items() if verdict}
        return {"policy": given["policy"], "task": self.task, "verdicts": verdicts}
