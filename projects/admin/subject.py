"""Subjects: brought in by bundles and imports, looked at and corrected here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from projects.admin.base import KeptAdmin, ReadOnlyInline
from projects.models import Media, Subject, SubjectSet


def picture(media: Media | None, size: int) -> SafeString | str:
    if media is None or not media.mime.startswith("image/"):
        return "–"
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">', media.url, media.alt, size, size
    )


@admin.register(SubjectSet)
class SubjectSetAdmin(KeptAdmin):
    list_display = ["title", "slug", "project"]
    list_filter = ["project"]
    list_select_related = ["project"]


class MediaInline(ReadOnlyInline):
    model = Media
    fields = ["position", "preview", "path", "mime", "width", "height", "alt"]
    readonly_fields = ["preview"]

    @admin.display(description=_("preview"))
    def preview(self, media: Media) -> SafeString | str:
        return picture(media, 160)


@admin.register(Subject)
class SubjectAdmin(KeptAdmin):
    """A new one comes with its files, through an import."""

    list_display = ["thumbnail", "external_id", "project", "subject_set"]
    list_display_links = ["external_id"]
    list_filter = ["project", "subject_set"]
    list_select_related = ["project", "subject_set"]
    list_per_page = 50
    search_fields = ["external_id"]
    show_full_result_count = False
    fields = ["project", "subject_set", "external_id", "metadata", "attributes", "created_at"]
    readonly_fields = ["project", "subject_set", "external_id", "created_at"]
    inlines = [MediaInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subject]:
        return super().get_queryset(request).prefetch_related("media")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("picture"))
    def thumbnail(self, subject: Subject) -> SafeString | str:
        return picture(next(iter(subject.media.all()), None), 48)
