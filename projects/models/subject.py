"""Subjects: the things looked at, their files, their metadata and what the catalogue knows of them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def media_url(path: str) -> str:
    """The address of a media path: under the media folder, or elsewhere on the web."""
    return path if path.startswith(("http://", "https://")) else f"{settings.MEDIA_URL}{path}"


class SubjectSet(models.Model):
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="subject_sets")
    slug = models.SlugField()
    title = models.CharField(max_length=120)

    class Meta:
        ordering = ["slug"]
        constraints = [models.UniqueConstraint(fields=["project", "slug"], name="subject_set_slug_once")]

    def __str__(self) -> str:
        return self.title


class Subject(models.Model):
    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, related_name="subjects", db_index=False
    )
    subject_set = models.ForeignKey(SubjectSet, on_delete=models.CASCADE, related_name="subjects")
    external_id = models.CharField(max_length=200, help_text=_("The team's own name for it."))
    metadata = models.JSONField(
        default=dict, blank=True, help_text=_("Shown to volunteers; keys with # are hidden.")
    )
    attributes = models.JSONField(
        default=dict, blank=True, help_text=_("What the catalogue knows; never shown.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "external_id"], name="subject_external_id_once")
        ]

    def __str__(self) -> str:
        return self.external_id

    @property
    def public_metadata(self) -> dict[str, object]:
        """Metadata that a volunteer may see: keys that start with # are the team's."""
        return {key: value for key, value in self.metadata.items() if not key.startswith("#")}


class Media(models.Model):
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="media", db_index=False)
    position = models.PositiveSmallIntegerField(default=0)
    path = models.CharField(
        max_length=500, help_text=_("Path under the media folder, or an http(s) address.")
    )
    mime = models.CharField(max_length=100)
    width = models.PositiveIntegerField(null=True, blank=True, help_text=_("pixels"))
    height = models.PositiveIntegerField(null=True, blank=True, help_text=_("pixels"))
    alt = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["subject", "position"], name="media_position_once")]

    def __str__(self) -> str:
        return self.path

    @property
    def url(self) -> str:
        return media_url(self.path)


class CatalogueAttribute(models.Model):
    """The description of one key of `Subject.attributes`: a number or category that science already knows."""

    class Kind(models.TextChoices):
        NUMBER = "number", _("number")
        CATEGORY = "category", _("category")

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="attributes")
    key = models.CharField(max_length=63)
    label = models.CharField(max_length=120)
    unit = models.CharField(max_length=40, blank=True)
    description = models.TextField(blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.NUMBER)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "key"]
        constraints = [models.UniqueConstraint(fields=["project", "key"], name="attribute_key_once")]

    def __str__(self) -> str:
        return self.label
