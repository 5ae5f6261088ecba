"""Blocks: a person of the team decides that somebody's answers count no more; dated, appealable, undone as a record.
Weights: what somebody's votes weigh until a person has decided."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Block(models.Model):
    """While it stands the volunteer's answers in the project are stored as withheld; those before are discounted."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="blocks")
    volunteer = models.ForeignKey("projects.Volunteer", on_delete=models.PROTECT, related_name="blocks")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=500, help_text=_("Told to the volunteer."))
    evidence = models.JSONField(default=dict, blank=True)
    appeal = models.TextField(blank=True, max_length=2000)
    appealed_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    lifted_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "volunteer"], condition=models.Q(lifted_at__isnull=True), name="block_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.volunteer} blocked in {self.project}"


class Weight(models.Model):
    """A dated record: from here on this person's votes in the workflow weigh so much where votes are weighed. Tallies,
    limits and what was counted stay as they are. It is in the workflow's ledger (kind `weight`).

    The answers that it names are weighed again at its place; somebody with many has several records in a row, each with
    a part of them, so that no transaction locks too many subjects (projects/services/weights.py).
    """

    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    volunteer = models.ForeignKey("projects.Volunteer", on_delete=models.PROTECT, related_name="+")
    factor = models.FloatField(help_text=_("Above 0 to 1; 1 is in full."))
    again = ArrayField(
        models.BigIntegerField(),
        default=list,
        help_text=_("Classifications whose subjects are weighed again."),
    )
    at = models.DateTimeField()
    reason = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(factor__gt=0, factor__lte=1), name="weight_above_0_to_1"
            )
        ]
        indexes = [models.Index(fields=["workflow", "volunteer", "-id"], name="weight_newest")]

    def __str__(self) -> str:
        return f"volunteer {self.volunteer_id} weighs {self.factor:g}: {self.reason}"
