"""Joinings: from when on an alias's answers are a person's, in the order of the workflow's record."""

from django.db import models


class Joining(models.Model):
    """A dated record, one for each workflow in which the alias has answered.

    `Volunteer.joined_to` says who is whom today; this says it at a position of the ledger, so that whoever follows
    the record, or reads it all again, sees the same persons at the same place.
    """

    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    volunteer = models.ForeignKey("projects.Volunteer", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        "projects.Volunteer", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workflow", "volunteer"], name="joining_once")]

    def __str__(self) -> str:
        return f"volunteer {self.volunteer_id} is {self.person_id}"
