"""What a volunteer keeps or has looked at."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Favourite(models.Model):
    volunteer = models.ForeignKey("projects.Volunteer", on_delete=models.CASCADE, related_name="favourites")
    subject = models.ForeignKey("projects.Subject", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["volunteer", "subject"], name="favourite_once")]

    def __str__(self) -> str:
        return f"{self.volunteer} keeps {self.subject}"


class Collection(models.Model):
    """Subjects of one project that a volunteer has put together; shared by its address when it is public."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="collections")
    volunteer = models.ForeignKey("projects.Volunteer", on_delete=models.CASCADE, related_name="collections")
    title = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True)
    is_public = models.BooleanField(default=False, help_text=_("Whoever knows its address may look at it."))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title


class CollectionItem(models.Model):
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items", db_index=False)
    subject = models.ForeignKey("projects.Subject", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["collection", "subject"], name="collected_once")]

    def __str__(self) -> str:
        return f"{self.subject_id} in {self.collection}"


class Look(models.Model):
    """A volunteer has seen others' answers on a subject: a later answer of theirs on it is withheld."""

    pk = models.CompositePrimaryKey("volunteer_id", "workflow_id", "subject_id")
    volunteer = models.ForeignKey(
        "projects.Volunteer", on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    subject = models.ForeignKey(
        "projects.Subject", on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"volunteer {self.volunteer_id} looked at subject {self.subject_id}"
