"""Volunteers: that they are there and when they agreed to what. The id in their cookie is nobody's business."""

from django.contrib import admin

from projects.admin.base import ReadOnlyAdmin, ReadOnlyInline
from projects.models import Consent, Volunteer


class Consents(ReadOnlyInline):
    model = Consent
    fields = ["version", "at"]


@admin.register(Volunteer)
class VolunteerAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "account", "joined_to", "simulated", "created_at"]
    list_filter = ["simulated"]
    list_select_related = ["account", "joined_to"]
    search_fields = ["account__username"]
    ordering = ["-pk"]
    fields = ["account", "joined_to", "simulated", "created_at"]
    inlines = [Consents]
