"""The online state (Reader, Online*): a function of the workflow's ledger up to Reader.position, to the bit.

It can be thrown away and read again (mining/services/rebuild.py). These tables are written on every answer, so they
carry no foreign-key checks. Matrices lie row by row in float8 arrays, which keep every bit of a float.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models


def _key(to: str) -> models.ForeignKey:
    return models.ForeignKey(
        to, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )


class Reader(models.Model):
    """How far the online state of a workflow has read its ledger."""

    workflow = models.OneToOneField(
        "projects.Workflow", on_delete=models.CASCADE, primary_key=True, db_constraint=False, related_name="+"
    )
    position = models.BigIntegerField(default=0)
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"workflow {self.workflow_id} read to {self.position}"


class OnlineTask(models.Model):
    """What the crowd as a whole does on one task. The answers grow with the versions; none is ever taken away.

    `task` is a path: `T0`, or `T7:ring` for the choice *ring* of a task of kind multiple, whose answers are no and
    yes.
    """

    pk = models.CompositePrimaryKey("workflow_id", "task")
    workflow = _key("projects.Workflow")
    task = models.CharField(max_length=130)
    keys = ArrayField(models.CharField(max_length=60))
    crowd = ArrayField(models.FloatField(), help_text="[K, K]: expected votes by true class and answer.")
    class_counts = ArrayField(models.FloatField(), help_text="[K]: expected subjects a class.")

    def __str__(self) -> str:
        return self.task


class OnlineVolunteer(models.Model):
    """One person on one task. `volunteer` is the person, not the alias."""

    pk = models.CompositePrimaryKey("workflow_id", "task", "volunteer_id")
    workflow = _key("projects.Workflow")
    task = models.CharField(max_length=130)
    volunteer = _key("projects.Volunteer")
    counts = ArrayField(models.FloatField(), help_text="[K, K]: expected votes by true class and answer.")
    votes = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"volunteer {self.volunteer_id} on {self.task}"


class OnlineSubject(models.Model):
    """One subject on one task: who voted what, in the order of the record, and what follows from it."""

    pk = models.CompositePrimaryKey("workflow_id", "subject_id", "task")
    workflow = _key("projects.Workflow")
    subject = _key("projects.Subject")
    task = models.CharField(max_length=130)
    asked = models.IntegerField(
        default=0, help_text="Counted classifications that came to it, also empty ones."
    )
    classifications = ArrayField(models.BigIntegerField())
    voters = ArrayField(models.BigIntegerField())
    labels = ArrayField(models.IntegerField(), help_text="Index into the task's keys.")
    probabilities = ArrayField(models.FloatField())
    corrected = ArrayField(
        models.BigIntegerField(),
        default=list,
        help_text="The voters whose vote is a correction: it teaches nothing.",
    )

    def __str__(self) -> str:
        return f"{self.task} of subject {self.subject_id}"


class OnlineKnown(models.Model):
    """The known answer of one question of one subject; empty where it was known once."""

    pk = models.CompositePrimaryKey("workflow_id", "subject_id", "task")
    workflow = _key("projects.Workflow")
    subject = _key("projects.Subject")
    task = models.CharField(max_length=130)
    truth = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"{self.task} of subject {self.subject_id} is {self.truth}"


class OnlinePrior(models.Model):
    """What a classifier says beforehand of one question of one subject."""

    pk = models.CompositePrimaryKey("workflow_id", "subject_id", "task")
    workflow = _key("projects.Workflow")
    subject = _key("projects.Subject")
    task = models.CharField(max_length=130)
    chances = models.JSONField(help_text="Answer to chance.")

    def __str__(self) -> str:
        return f"{self.task} of subject {self.subject_id}, beforehand"


class OnlineSheet(models.Model):
    """One subject on one task of kind text: who wrote what, in the order of the record."""

    pk = models.CompositePrimaryKey("workflow_id", "subject_id", "task")
    workflow = _key("projects.Workflow")
    subject = _key("projects.Subject")
    task = models.CharField(max_length=130)
    asked = models.IntegerField(
        default=0, help_text="Counted classifications that came to it, also empty ones."
    )
    classifications = ArrayField(models.BigIntegerField())
    writers = ArrayField(models.BigIntegerField())
    texts = ArrayField(models.TextField())

    def __str__(self) -> str:
        return f"{self.task} of subject {self.subject_id}"


class OnlineAlias(models.Model):
    """Which aliases the ledger has joined to which person, as far as it was read."""

    pk = models.CompositePrimaryKey("workflow_id", "volunteer_id")
    workflow = _key("projects.Workflow")
    volunteer = _key("projects.Volunteer")
    person = _key("projects.Volunteer")

    def __str__(self) -> str:
        return f"volunteer {self.volunteer_id} is {self.person_id}"


class Lake(models.Model):
    """The generation of a workflow's lake (mining/lake/history.py): a new one where the record lost rows."""

    workflow = models.OneToOneField(
        "projects.Workflow", on_delete=models.CASCADE, primary_key=True, db_constraint=False, related_name="+"
    )
    generation = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return f"lake of workflow {self.workflow_id}, generation {self.generation}"


class OnlineWeight(models.Model):
    """What a person's votes weigh, where it ever was less than 1."""

    pk = models.CompositePrimaryKey("workflow_id", "volunteer_id")
    workflow = _key("projects.Workflow")
    volunteer = _key("projects.Volunteer")
    weight = models.FloatField()

    def __str__(self) -> str:
        return f"volunteer {self.volunteer_id} weighs {self.weight:g}"
