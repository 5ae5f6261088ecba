"""What a volunteer keeps or has looked at."""

from django.db import models


class Favourite(models.Model):
    volunteer = models.ForeignKey("projects.Volunteer", on_delete=models.CASCADE, related_name="favourites")
    subject = models.ForeignKey("projects.Subject", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["volunteer", "subject"], name="favourite_once")]

    def __str__(self) -> str:
        return f"{self.volunteer} keeps {self.subject}"


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
