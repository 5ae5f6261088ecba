"""Subjects: the things looked at, their files, their metadata and what the catalogue knows of them."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def media_url(path: str) -> str:
    """The address of a media path: under the media folder, or elsewhere on the web."""
    return path if path.startswith(("http://", "https://")) else f"{settings.MEDIA_URL}{path}"


def random_id() -> int:
    """53 random bits, so that JavaScript can count with it: says nothing of when or with what a subject came in.

    Known subjects must not be told from others by their ids. Two of a million are alike with a chance of 1 in 18,000,
    and then the second is refused, all or nothing.
    """
    return secrets.randbelow(2**53 - 1) + 1


class SubjectSet(models.Model):
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="subject_sets")
    slug = models.SlugField()
    title = models.CharField(max_length=120)
    metadata = models.JSONField(
        default=dict, db_default={}, blank=True, help_text=_("What a program keeps of it; shown to nobody.")
    )

    class Meta:
        ordering = ["slug"]
        constraints = [models.UniqueConstraint(fields=["project", "slug"], name="subject_set_slug_once")]

    def __str__(self) -> str:
        return self.title


class Subject(models.Model):
    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, related_name="subjects", db_index=False
    )
    subject_set = models.ForeignKey(
        SubjectSet, on_delete=models.CASCADE, related_name="subjects", db_index=False
    )
    source = models.CharField(
        max_length=60,
        blank=True,
        default="",
        db_default="",
        help_text=_("Where it was imported from; empty: made here."),
    )
    external_id = models.CharField(
        max_length=200, help_text=_("The team's own name for it, or its id at the source.")
    )
    metadata = models.JSONField(
        default=dict, blank=True, help_text=_("Shown to volunteers; keys with # are hidden.")
    )
    attributes = models.JSONField(
        default=dict, blank=True, help_text=_("What the catalogue knows; never shown.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["subject_set", "source", "external_id"], name="subject_in_set")]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "source", "external_id"], name="subject_external_id_once"
            )
        ]

    def __str__(self) -> str:
        return self.external_id

    @property
    def public_metadata(self) -> dict[str, object]:
        """Metadata that a volunteer may see: keys that start with # are the team's."""
        return {key: value for key, value in self.metadata.items() if not key.startswith("#")}


class SubjectChange(models.Model):
    """A dated record: what somebody of the team has done to subjects by hand in one go, and why."""

    class What(models.TextChoices):
        RETIRED = "retired", _("finished")
        REOPENED = "reopened", _("opened again")
        MOVED = "moved", _("moved")

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="subject_changes")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    what = models.CharField(max_length=10, choices=What)
    workflow = models.ForeignKey(
        "projects.Workflow",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("In which they were finished or opened again."),
    )
    subject_set = models.ForeignKey(
        SubjectSet,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Into which they were moved."),
    )
    reason = models.CharField(max_length=200)
    subjects = models.JSONField(help_text=_("Their ids: those that were changed, not all that were meant."))

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{len(self.subjects)} {self.what}: {self.reason}"


class PairMember(models.Model):
    """One of the ordered members of a pair subject: a subject that is made of others, to be compared."""

    pair = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="members", db_index=False)
    position = models.PositiveSmallIntegerField()
    member = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="pairs")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["pair", "position"], name="pair_position_once")]

    def __str__(self) -> str:
        return f"{self.position} of {self.pair_id}: {self.member_id}"


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
    sentinels = models.JSONField(
        default=list, db_default=[], blank=True, help_text=_("Numbers that stand for a missing value.")
    )
    source = models.CharField(
        max_length=60, blank=True, default="", db_default="", help_text=_("The table that it was taken from.")
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "key"]
        constraints = [models.UniqueConstraint(fields=["project", "key"], name="attribute_key_once")]

    def __str__(self) -> str:
        return self.label
