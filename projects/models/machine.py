"""People and machine: how many people answer each subject at least, and what a machine says beforehand, as a record."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Machine(models.Model):
    """That a team lets a classifier share a workflow's work. No row: nobody asked for it, and nothing is different.

    people: so many answer each subject before any condition retires it, and before a band decides it.
    """

    workflow = models.OneToOneField(
        "projects.Workflow", on_delete=models.CASCADE, primary_key=True, related_name="machine"
    )
    people = models.PositiveSmallIntegerField(help_text=_("Who answer each subject, at least."))
    priors = models.BooleanField(help_text=_("Whether what the classifier says weighs in the consensus."))
    audit = models.FloatField(help_text=_("Share of the subjects that people decide without it, unknowing."))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(priors=False) | models.Q(people__gte=1), name="machine_never_alone"
            ),
            models.CheckConstraint(
                condition=models.Q(audit__gte=0.05, audit__lte=1), name="machine_audit_at_least"
            ),
        ]

    def __str__(self) -> str:
        return f"workflow {self.workflow_id}: {self.people} people and a machine"


class Prior(models.Model):
    """A dated record, never changed, in the workflow's ledger (kind `prior`): from here on a classifier says this of
    these subjects, before anybody votes. Never a vote.

    One with `clears` takes away first what was said of the question before (of all, without one): a new version begins,
    or the switch was moved. The subjects in `audited` are people's alone: what is said of them weighs nothing.
    """

    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    task = models.CharField(max_length=130, blank=True, help_text=_("Path of the question."))
    model = models.CharField(max_length=100, blank=True, help_text=_("Which version of which classifier."))
    clears = models.BooleanField(default=False)
    keys = ArrayField(models.CharField(max_length=60), default=list)
    subjects = ArrayField(models.BigIntegerField(), default=list)
    chances = ArrayField(
        models.FloatField(), default=list, help_text="[N, K] row by row, each row sums to 1."
    )
    audited = ArrayField(models.BigIntegerField(), default=list)
    switch = models.JSONField(null=True, help_text=_("Of a record of the switch: how it stands since."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["workflow", "task", "id"], name="prior_newest")]

    def __str__(self) -> str:
        return f"{self.model or 'nothing'} of {len(self.subjects)} subjects"
