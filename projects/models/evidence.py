"""Evidence: the meeting point of what `projects` counts and what `mining` concludes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Evidence(models.Model):
    """One row per (subject, workflow, task).

    `projects` writes the tallies; only `mining` writes the rest, through `projects.services.post_evidence`.
    A condition over a part that is missing is unknown, never true.
    """

    pk = models.CompositePrimaryKey("workflow_id", "subject_id", "task")
    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    subject = models.ForeignKey(
        "projects.Subject", on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    task = models.CharField(max_length=60, help_text=_("Task path, such as T3."))
    tallies = models.JSONField(
        default=dict, help_text=_('{"asked": n, "votes": {key: n}, "first": [keys of the first ten votes]}')
    )
    probabilities = models.JSONField(null=True, help_text=_("{key: probability}, by mining."))
    value = models.JSONField(
        null=True,
        help_text=_(
            'By mining, where the consensus is not one key; of a text {"text": ..., "letters": [[letter, share]]}.'
        ),
    )
    entropy = models.FloatField(null=True, help_text=_("Of the probabilities, bits."))
    dispersion = models.FloatField(
        null=True, help_text=_("Entropy of the weighted vote shares over log K, 0 to 1.")
    )
    effective_votes = models.FloatField(null=True)
    certainty = models.FloatField(null=True, help_text=_("Calibrated probability; empty where uncalibrated."))
    asked = models.IntegerField(
        null=True,
        help_text=_("How many votes mining had seen; its numbers are stale where the tallies have more."),
    )
    run_id = models.BigIntegerField(null=True, help_text=_("The mining run; empty for the online state."))
    position = models.BigIntegerField(null=True, help_text=_("How far mining had read the record."))

    def __str__(self) -> str:
        return f"{self.task} of subject {self.subject_id}"
