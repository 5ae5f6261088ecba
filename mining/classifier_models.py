"""Classifiers that learn from the votes of a workflow: their versions, what they say, and who chose which.

A version is made by a run of kind *classifiers* (attribute_models.py), which tells progress, can be cancelled and is
taken up again when its process was killed. The weights lie in the artefacts' folder under the hash of their content.
Or it was trained *outside*: then a program of the team's said what it is, and what it says (decision 63).
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mining.attribute_models import AttributeRun

MOST_TOLD = 100_000
"""Open subjects that a version tells of."""


class Embedding(models.Model):
    """What an encoder makes of one file; kept for good, since the same bytes always give the same numbers."""

    pk = models.CompositePrimaryKey("encoder", "content")
    encoder = models.CharField(max_length=80)
    content = models.CharField(max_length=64, help_text="SHA-256 of the file, hexadecimal.")
    vector = models.BinaryField(help_text="float16, little-endian; NaN where the file can't be read.")

    def __str__(self) -> str:
        return f"{self.content[:12]} by {self.encoder}"


class ModelVersion(models.Model):
    """A classifier of one question, as it was trained once. Never changed but for its state."""

    class State(models.TextChoices):
        CHAMPION = "champion", _("champion")
        RETIRED = "retired", _("retired")
        REFUSED = "refused", _("refused")
        OUTSIDE = "outside", _("trained outside")

    workflow = models.ForeignKey("projects.Workflow", on_delete=models.CASCADE, related_name="model_versions")
    task = models.CharField(max_length=130, help_text=_("Path of the question."))
    run = models.ForeignKey(AttributeRun, on_delete=models.SET_NULL, null=True, related_name="model_versions")
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State)
    name = models.CharField(
        max_length=100, blank=True, default="", help_text=_("Its team's own; only of one trained outside.")
    )
    reasons = models.JSONField(
        default=list, help_text="[[code, {fact: value}]] of mining/science/classifiers/gate.py."
    )
    artefact = models.CharField(max_length=64)
    answers = models.JSONField(help_text="[key], in the order of the confusion.")
    sources = models.JSONField(help_text="[name]: what it looks at, with the encoder's id.")
    position = models.BigIntegerField(help_text=_("Of the ledger: what was read."))
    data_hash = models.CharField(max_length=64, help_text=_("Of subjects and votes that it learnt from."))
    subjects = models.IntegerField(help_text=_("That it learnt from."))
    audit = models.IntegerField(help_text=_("Subjects held back to judge it."))
    votes = models.FloatField()
    seed = models.BigIntegerField()
    code_version = models.CharField(max_length=80)
    metrics = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workflow", "task"], condition=models.Q(state="champion"), name="one_champion"
            ),
            models.UniqueConstraint(
                fields=["workflow", "task", "name"], condition=~models.Q(name=""), name="outside_name_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="outside") ^ models.Q(name=""), name="outside_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.pk} of {self.task}: {self.state}"


class Outside(models.Model):
    """What a team says of a version that was trained elsewhere. None of it can be looked into here."""

    version = models.OneToOneField(
        ModelVersion, on_delete=models.CASCADE, primary_key=True, related_name="outside"
    )
    description = models.TextField()
    data = models.TextField(blank=True, help_text=_("What it learnt from."))
    code = models.TextField(blank=True, help_text=_("Where its code and weights are."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"version {self.version_id} was trained outside"


class Retraining(models.Model):
    """That a workflow's classifiers are trained again after so many new answers, without anybody asking."""

    workflow = models.OneToOneField(
        "projects.Workflow", on_delete=models.CASCADE, primary_key=True, related_name="retraining"
    )
    every = models.IntegerField(help_text=_("New answers."))
    answers = models.BigIntegerField(help_text=_("Of the workflow, when it was set or last made a training."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(every__gte=1), name="retraining_every_at_least_one")
        ]

    def __str__(self) -> str:
        return f"workflow {self.workflow_id} every {self.every} answers"


class Promotion(models.Model):
    """A dated record: from here on this version speaks for its question; by somebody, or by the gate."""

    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="promotions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"version {self.version_id} since {self.at:%Y-%m-%d %H:%M}"


class Prediction(models.Model):
    """What a version says of a subject that was open. Never from its own votes: see model.py, `fit`.

    Of a version trained outside that is known only where the subject had no answer yet: `early`.
    """

    version = models.ForeignKey(
        ModelVersion, on_delete=models.CASCADE, related_name="predictions", db_index=False
    )
    subject = models.ForeignKey("projects.Subject", on_delete=models.CASCADE, related_name="+")
    probabilities = models.JSONField(
        help_text="[p], in the order of the version's answers: that most will give it."
    )
    shares = models.JSONField(help_text="[share] of the votes; empty of a version trained outside.")
    strength = models.FloatField(help_text=_("How firm the shares are, in votes."))
    top = models.FloatField(help_text=_("The greatest of the probabilities."))
    neighbours = models.JSONField(
        default=list, help_text="[[subject, likeness]]: the most alike that have votes."
    )
    early = models.BooleanField(
        null=True, help_text=_("It was posted before the subject had an answer; empty: it was told here.")
    )
    posted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "subject"], name="prediction_once")]
        indexes = [models.Index(fields=["version", "top", "subject"], name="prediction_by_top")]

    def __str__(self) -> str:
        return f"subject {self.subject_id} by version {self.version_id}"
