"""Projects with their people and pages."""

from django.contrib import admin

from projects.admin.base import KeptAdmin
from projects.models import CatalogueAttribute, Project, ProjectMember, ProjectPage, TutorialStep


class Members(admin.TabularInline):
    model = ProjectMember
    autocomplete_fields = ["user"]
    extra = 0


class Pages(admin.StackedInline):
    model = ProjectPage
    extra = 0
    classes = ["collapse"]


class TutorialSteps(admin.StackedInline):
    model = TutorialStep
    extra = 0
    classes = ["collapse"]


class Attributes(admin.TabularInline):
    model = CatalogueAttribute
    extra = 0
    classes = ["collapse"]


@admin.register(Project)
class ProjectAdmin(KeptAdmin):
    list_display = ["title", "slug", "state", "is_public", "data_public"]
    list_filter = ["state", "is_public", "data_public"]
    search_fields = ["title", "slug"]
    readonly_fields = ["created_at"]
    inlines = [Members, Pages, TutorialSteps, Attributes]
