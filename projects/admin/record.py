"""The record itself, to be read."""

from django.contrib import admin

from projects.admin.base import ReadOnlyAdmin
from projects.models import Block, Classification, Discount, Retirement, Weight


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


@admin.register(Block)
class BlockAdmin(ReadOnlyAdmin):
    list_display = ["volunteer", "project", "reason", "at", "by", "appealed_at", "lifted_at"]
    list_select_related = ["volunteer", "project", "by"]
    ordering = ["-pk"]


@admin.register(Weight)
class WeightAdmin(ReadOnlyAdmin):
    list_display = ["volunteer", "workflow", "factor", "reason", "at"]
    list_filter = ["reason"]
    list_select_related = ["volunteer", "workflow"]
    ordering = ["-pk"]
