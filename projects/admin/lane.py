"""Lanes: made and changed through the same services as on the team's page; what was changed and moved, to be read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projects.admin.base import KeptAdmin, ReadOnlyAdmin, ReadOnlyInline
from projects.exceptions import Invalid
from projects.models import Lane, LaneChange, LaneMove
from projects.services.lanes import FIELDS, alter_lane, check_lane, close_lane, make_lane, reopen_lane


class LaneForm(forms.ModelForm):
    is_open = forms.BooleanField(required=False, initial=True, label=_("open"))

    class Meta:
        model = Lane
        fields = ["workflow", "slug", *FIELDS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["is_open"] = self.instance.closed_at is None

    def clean(self) -> None:
        super().clean()
        workflow = self.cleaned_data.get("workflow") or getattr(self.instance, "workflow", None)
        if workflow is None or self.errors:
            return
        for name in ("where", "requires"):
            self.cleaned_data[name] = self.cleaned_data[name] or []
        try:
            check_lane(workflow, {name: self.cleaned_data[name] for name in FIELDS})
        except Invalid as error:
            raise ValidationError(str(error)) from None


class Changes(ReadOnlyInline):
    model = LaneChange
    fields = ["at", "by", "changes"]
    readonly_fields = ["at"]


@admin.register(Lane)
class LaneAdmin(KeptAdmin):
    form = LaneForm
    list_display = ["title", "workflow", "priority", "source", "asks_for", "order", "closed_at"]
    list_filter = ["workflow__project", "source"]
    list_select_related = ["workflow"]
    search_fields = ["title", "slug"]
    inlines = [Changes]

    def get_readonly_fields(self, request: HttpRequest, obj: Lane | None = None) -> list[str]:
        """Where subjects stand in it, it stays in its workflow under its name."""
        return [] if obj is None else ["workflow", "slug"]

    @admin.display(description=_("asks for"))
    def asks_for(self, lane: Lane) -> str:
        return ", ".join(lane.requires)

    def save_model(self, request: HttpRequest, obj: Lane, form: Any, change: bool) -> None:
        values = {name: form.cleaned_data[name] for name in FIELDS}
        assert request.user.is_authenticated  # noqa: S101 (of the staff)
        if not change:
            made = make_lane(workflow=obj.workflow, slug=obj.slug, by=request.user, **values)
            obj.pk, obj.made_at = made.pk, made.made_at
        else:
            alter_lane(obj, by=request.user, **values)
        (reopen_lane if form.cleaned_data["is_open"] else close_lane)(obj, by=request.user)


@admin.register(LaneMove)
class LaneMoveAdmin(ReadOnlyAdmin):
    list_display = ["subject", "workflow", "lane", "priority", "at", "by"]
    list_select_related = ["subject", "workflow", "lane", "by"]
    ordering = ["-pk"]
