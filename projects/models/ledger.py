"""The ledger: one gap-free sequence of events a workflow, numbered at commit.

A deferred trigger (migration `ledger_triggers`) gives each record (see Kind) the next
position while it holds the workflow's counter row, inside COMMIT itself. So positions are in commit order, none is ever
filled in later, and a reader that has come to position p has seen all up to p.
"""

from django.db import models


class WorkflowCounter(models.Model):
    """The workflow's counts, exact at every commit."""

    workflow = models.OneToOneField(
        "projects.Workflow", on_delete=models.CASCADE, primary_key=True, related_name="counter"
    )
    position = models.BigIntegerField(default=0)
    answers = models.BigIntegerField(
        default=0, help_text="Classifications that count, and those on hidden checks."
    )
    subjects = models.BigIntegerField(
        default=0, help_text="Subjects to work on; known ones are not among them."
    )
    checks = models.BigIntegerField(
        default=0, db_default=0, help_text="Known subjects that are mixed in as hidden checks."
    )
    retired = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"workflow {self.workflow_id} at {self.position}"


class LedgerEntry(models.Model):
    class Kind(models.TextChoices):
        CLASSIFICATION = "classification"
        RETIREMENT = "retirement"
        DISCOUNT = "discount"
        JOINING = "joining"
        GOLD = "gold"
        RESTORATION = "restoration"
        SUPERSEDED = "superseded"
        """An answer that moved nothing was corrected, just before the correction: so that both take two positions, as
        discount and correction of any other answer do."""
        WEIGHT = "weight"
        DECISION = "decision"
        PRIOR = "prior"

    pk = models.CompositePrimaryKey("workflow_id", "position")
    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    position = models.BigIntegerField()
    kind = models.CharField(max_length=14, choices=Kind)
    record_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.position}: {self.kind} {self.record_id}"
