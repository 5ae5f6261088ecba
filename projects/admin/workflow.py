"""Workflows; their versions, which are published here as everywhere through the service and never change."""

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from projects.admin.base import KeptAdmin, ReadOnlyAdmin
from projects.exceptions import Invalid
from projects.models import Workflow, WorkflowVersion
from projects.services import enlist_subjects, publish_workflow
from projects.services.publish_check import lacking
from projects.tasks.definition import parse_definition


class WorkflowForm(forms.ModelForm):
    definition = forms.JSONField(
        required=False,
        label=_("definition"),
        help_text=_("Saving another one than the published publishes it as the next version."),
        widget=forms.Textarea(attrs={"rows": 30, "cols": 120, "spellcheck": "false"}),
    )

    class Meta:
        model = Workflow
        fields = ["project", "slug", "title", "tagline", "position", "state", "subject_set"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["definition"].encoder = IndentedEncoder  # type: ignore[attr-defined]
        if self.instance.published is not None:
            self.initial["definition"] = self.instance.published.definition

    def clean_definition(self) -> dict[str, Any] | None:
        definition: dict[str, Any] | None = self.cleaned_data["definition"]
        if not definition:
            return None
        try:
            parsed = parse_definition(definition)
        except Invalid as error:
            raise ValidationError(str(error.message)) from None
        stands = self.instance.published
        if parsed.inferred and (stands is None or stands.definition != definition):
            raise ValidationError(
                _("An import put this together. Take “inferred” out, and what is raw, to publish it.")
            )
        return definition

    def clean(self) -> None:
        super().clean()
        project, subject_set = self.cleaned_data.get("project"), self.cleaned_data.get("subject_set")
        if project and subject_set and subject_set.project_id != project.pk:
            self.add_error("subject_set", _("This subject set belongs to another project."))
        definition = self.cleaned_data.get("definition") or {}
        if definition.get("inferred") and self.cleaned_data.get("state") == Workflow.State.ACTIVE:
            self.add_error(
                "state", _("What an import put together takes no answers: publish a definition first.")
            )


class IndentedEncoder(json.JSONEncoder):
    """So that a definition can be read in a text field."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "indent": 2, "ensure_ascii": False})


@admin.register(Workflow)
class WorkflowAdmin(KeptAdmin):
    form = WorkflowForm
    list_display = ["title", "project", "state", "published_version", "answers", "retired"]
    list_filter = ["state", "project"]
    list_select_related = ["project", "published", "counter"]
    search_fields = ["title", "slug"]
    readonly_fields = ["published_version"]

    def get_readonly_fields(self, request: HttpRequest, obj: Workflow | None = None) -> list[str]:
        """Where answers hang on it, a workflow stays in its project and over its set."""
        return ["published_version"] if obj is None else ["project", "subject_set", "published_version"]

    @admin.display(description=_("published version"))
    def published_version(self, workflow: Workflow) -> str:
        return workflow.published.number if workflow.published else str(_("none"))

    @admin.display(description=_("answers"))
    def answers(self, workflow: Workflow) -> int:
        return workflow.counter.answers if hasattr(workflow, "counter") else 0

    @admin.display(description=_("retired"))
    def retired(self, workflow: Workflow) -> str:
        counter = getattr(workflow, "counter", None)
        return f"{counter.retired} / {counter.subjects}" if counter else "0 / 0"

    def save_model(self, request: HttpRequest, obj: Workflow, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if definition := form.cleaned_data.get("definition"):
            publish_workflow(obj, definition)
        else:
            enlist_subjects(obj)
        for sentence in lacking(obj):
            messages.warning(request, sentence)


@admin.register(WorkflowVersion)
class WorkflowVersionAdmin(ReadOnlyAdmin):
    list_display = ["workflow", "number", "published_at"]
    list_filter = ["workflow__project"]
    list_select_related = ["workflow"]
    fields = ["workflow", "number", "published_at", "definition_text"]

    @admin.display(description=_("definition"))
    def definition_text(self, version: WorkflowVersion) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(version.definition, indent=2, ensure_ascii=False))
