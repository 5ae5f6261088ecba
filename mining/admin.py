"""Runs, readers and suggestions, to look at: mining writes them, nobody else."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from mining.models import AttributeRun, Reader, Run, Suggestion, UnusualObject


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Run)
class RunAdmin(ReadOnly):
    list_display = [
        "id",
        "workflow",
        "method",
        "position",
        "votes",
        "status",
        "code_version",
        "started_at",
        "finished_at",
    ]
    list_filter = ["status", "method"]
    list_select_related = ["workflow"]


@admin.register(Reader)
class ReaderAdmin(ReadOnly):
    list_display = ["workflow", "position", "at"]
    list_select_related = ["workflow"]


@admin.register(Suggestion)
class SuggestionAdmin(ReadOnly):
    list_display = ["workflow", "volunteer", "rule", "state", "harm", "strength", "at", "decided_at"]
    list_filter = ["state", "rule"]
    list_select_related = ["workflow", "volunteer"]


@admin.register(AttributeRun)
class AttributeRunAdmin(ReadOnly):
    list_display = [
        "id",
        "workflow",
        "kind",
        "task",
        "key",
        "position",
        "status",
        "started_at",
        "finished_at",
    ]
    list_filter = ["kind", "status"]
    list_select_related = ["workflow"]


@admin.register(UnusualObject)
class UnusualObjectAdmin(ReadOnly):
    list_display = ["id", "subject", "workflow", "score", "state"]
    list_filter = ["state"]
    list_select_related = ["workflow", "subject"]
