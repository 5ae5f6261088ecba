"""What mining found out about attributes and unusual objects: runs over the consensus, their rows, what a team says.

An attribute run is to a consensus run what that is to votes: a batch with all that is needed to do it again. What a
team decides (a follow-up, a publication) is a dated row of its own; none is ever changed.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class AttributeRun(models.Model):
    """One look over a workflow's votes or consensus: which attributes go with an answer, what goes together, which
    subjects are unusual, which pictures are alike; or a training of its classifiers."""

    class Kind(models.TextChoices):
        ATTRIBUTES = "attributes", _("attributes")
        ASSOCIATIONS = "associations", _("associations")
        UNUSUAL = "unusual", _("unusual objects")
        CLASSIFIERS = "classifiers", _("classifiers")
        SIMILARITY = "similarity", _("similar pictures")

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    workflow = models.ForeignKey("projects.Workflow", on_delete=models.CASCADE, related_name="attribute_runs")
    kind = models.CharField(max_length=12, choices=Kind)
    task = models.CharField(max_length=130, blank=True, help_text=_("Path of the question."))
    key = models.CharField(
        max_length=60, blank=True, help_text=_("The answer against all others; empty: all answers.")
    )
    consensus = models.ForeignKey(
        "mining.Run", on_delete=models.SET_NULL, null=True, related_name="+",
        help_text=_("The run whose consensus was read; empty: the online state."),
    )  # fmt: skip
    with_open = models.BooleanField(default=False, help_text=_("Open subjects too: for the team only."))
    parameters = models.JSONField(default=dict)
    code_version = models.CharField(max_length=80, blank=True)
    position = models.BigIntegerField(default=0, help_text=_("Of the ledger: what was read."))
    seed = models.BigIntegerField(default=0)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    started_at = models.DateTimeField(null=True, help_text=_("Empty while it waits."))
    finished_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    questions_done = models.IntegerField(default=0)
    questions_total = models.IntegerField(null=True)
    report = models.JSONField(default=dict, help_text=_("Counts, what was left out, warnings."))
    message = models.TextField(blank=True, help_text=_("Why it failed."))

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["workflow", "kind", "-id"], name="attribute_run_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} of workflow {self.workflow_id}"


class AttributeGain(models.Model):
    """What one attribute tells of the answers, by one run. Bits; see mining/science/attributes/gain.py."""

    run = models.ForeignKey(AttributeRun, on_delete=models.CASCADE, related_name="gains", db_index=False)
    rank = models.IntegerField()
    attribute = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    gain_bits = models.FloatField()
    share = models.FloatField()
    cut = models.TextField(blank=True)
    corrected_bits = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    p_value = models.FloatField(null=True)
    q_value = models.FloatField(null=True)
    present = models.IntegerField()
    missing = models.IntegerField()
    like = models.CharField(
        max_length=200, blank=True, help_text=_("A stronger attribute that says the same.")
    )
    more_bits = models.FloatField(null=True, help_text=_("Given those above it that were kept."))

    class Meta:
        ordering = ["rank"]
        constraints = [models.UniqueConstraint(fields=["run", "rank"], name="attribute_gain_once")]

    def __str__(self) -> str:
        return f"{self.attribute} (run {self.run_id})"


class AttributeChart(models.Model):
    """A picture of a run in three forms, with the table behind it; drawn once, by the worker."""

    run = models.ForeignKey(AttributeRun, on_delete=models.CASCADE, related_name="charts", db_index=False)
    name = models.SlugField(max_length=60)
    title = models.CharField(max_length=300)
    position = models.IntegerField(default=0)
    svg_light = models.TextField()
    svg_dark = models.TextField()
    png = models.BinaryField()
    table = models.JSONField(help_text='{"columns": [name], "rows": [[value]]}')

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="attribute_chart_once")]

    def __str__(self) -> str:
        return f"{self.name} of attribute run {self.run_id}"


class UnusualObject(models.Model):
    """A subject that stands out, or that the team has said something of. One row a subject and workflow."""

    class State(models.TextChoices):
        NEW = "new", _("new")
        LOOKED_AT = "looked-at", _("being looked at")
        EXPLAINED = "explained", _("explained")
        DISCOVERY = "discovery", _("discovery")

    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    subject = models.ForeignKey("projects.Subject", on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(AttributeRun, on_delete=models.SET_NULL, null=True, related_name="+")
    score = models.FloatField(
        help_text=_("Surprise in bits, of all lists together; 0 where it stands out no more.")
    )
    signals = models.JSONField(default=list, help_text='[{"code": of a reason, "task": ..., "facts": {...}}]')
    finders = ArrayField(
        models.BigIntegerField(), default=list, help_text=_("The first who said that it is odd, in order.")
    )
    state = models.CharField(max_length=10, choices=State, default=State.NEW)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workflow", "subject"], name="unusual_once")]
        indexes = [
            models.Index(fields=["project", "-score", "-id"], name="unusual_by_score"),
            models.Index(fields=["project", "state", "-score", "-id"], name="unusual_by_state"),
        ]

    def __str__(self) -> str:
        return f"subject {self.subject_id} of workflow {self.workflow_id}"


class FollowUp(models.Model):
    """What somebody of the team said of an unusual object, and when."""

    unusual = models.ForeignKey(UnusualObject, on_delete=models.CASCADE, related_name="history")
    state = models.CharField(max_length=10, choices=UnusualObject.State)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.unusual_id}: {self.state}"


class Publication(models.Model):
    """The team's choice, dated, of what visitors may read: a run on attributes, on associations, or the discoveries.

    The newest row of a kind and workflow stands. run empty and `public` true: the discoveries.
    """

    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    workflow = models.ForeignKey("projects.Workflow", on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=AttributeRun.Kind)
    run = models.ForeignKey(AttributeRun, on_delete=models.CASCADE, null=True, related_name="+")
    public = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "kind", "-id"], name="publication_newest")]

    def __str__(self) -> str:
        return f"{self.kind} of project {self.project_id}: {'public' if self.public else 'for the team'}"
