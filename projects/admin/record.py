"""The record itself, to be read."""

from django.contrib import admin

from projects.admin.base import ReadOnlyAdmin
from projects.models import Classification, Discount, Retirement


@admin.register(Classification)
class ClassificationAdmin(ReadOnlyAdmin):
    list_display = ["id", "workflow", "subject", "volunteer", "counted", "received_at"]
    list_filter = ["counted"]
    list_select_related = ["workflow", "subject", "volunteer"]
    list_per_page = 50
    ordering = ["-pk"]
    exclude = ["digest"]


@admin.register(Retirement)
class RetirementAdmin(ReadOnlyAdmin):
    list_display = ["subject", "workflow", "retired", "reason", "at"]
    list_filter = ["retired"]
    list_select_related = ["subject", "workflow"]
    ordering = ["-pk"]


@admin.register(Discount)
class DiscountAdmin(ReadOnlyAdmin):
    list_display = ["classification", "workflow", "reason", "at"]
    list_filter = ["reason"]
    list_select_related = ["classification", "workflow"]
    ordering = ["-pk"]
