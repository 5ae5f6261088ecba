"""What mining knows: runs, their results and charts; the rest of the app's models in files of their own, by noun."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mining.attribute_models import (  # noqa: F401 - the same
    AttributeChart,
    AttributeGain,
    AttributeRun,
    FollowUp,
    Publication,
    UnusualObject,
)
from mining.band_models import Band, BandChange, BandCut, BandHit  # noqa: F401 - the same
from mining.classifier_models import (  # noqa: F401 - the same
    MOST_TOLD,
    Embedding,
    ModelVersion,
    Outside,
    Prediction,
    Promotion,
    Retraining,
)
from mining.online_models import (  # noqa: F401 - the same
    Lake,
    OnlineAlias,
    OnlineKnown,
    OnlinePrior,
    OnlineSheet,
    OnlineSubject,
    OnlineTask,
    OnlineVolunteer,
    OnlineWeight,
    Reader,
)
from mining.similarity_models import (  # noqa: F401 - the same
    PairJudgement,
    PictureHash,
    SimilarityChoice,
    SimilarPair,
)
from mining.suggestion import FairnessLook, Suggestion  # noqa: F401 - models of this app, in a file of their own


class Run(models.Model):
    """One batch computation and all that is needed to do it again."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    workflow = models.ForeignKey("projects.Workflow", on_delete=models.CASCADE, related_name="runs")
    method = models.CharField(max_length=60)
    parameters = models.JSONField(default=dict)
    code_version = models.CharField(max_length=80)
    position = models.BigIntegerField(help_text=_("Of the ledger: what was read."))
    votes = models.BigIntegerField(default=0)
    seed = models.BigIntegerField(default=0)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    started_at = models.DateTimeField(null=True, help_text=_("Empty while it waits."))
    finished_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    questions_done = models.IntegerField(default=0)
    questions_total = models.IntegerField(null=True)
    report = models.JSONField(
        default=dict,
        help_text=_("By question: known answers, calibration, spread; see mining/services/judge.py."),
    )
    message = models.TextField(blank=True, help_text=_("Why it failed."))
    resumed = models.IntegerField(
        default=0, help_text=_("How often it was taken up again after its process was killed.")
    )
    scheduled = models.BooleanField(default=False, help_text=_("Made by the workflow's schedule."))
    emptied_at = models.DateTimeField(
        null=True, help_text=_("When its rows were removed; where it comes from and its report are kept.")
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"run {self.pk}: {self.method} at position {self.position}"

    @property
    def has_rows(self) -> bool:
        """Whether it can be looked at and published."""
        return self.status == self.Status.DONE and self.emptied_at is None

    @property
    def took(self) -> float | None:
        """Seconds; None while it runs, or where it never began."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


class Consensus(models.Model):
    """A run's answer for one task (path) of one subject."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="consensus", db_index=False)
    subject = models.ForeignKey("projects.Subject", on_delete=models.CASCADE, related_name="+")
    task = models.CharField(max_length=130)
    key = models.CharField(max_length=60, blank=True, help_text=_("Empty where the answer is a value."))
    value = models.JSONField(null=True, help_text=_('Of a text {"text": ..., "letters": [[letter, share]]}.'))
    probability = models.FloatField(null=True, help_text=_("Of the model; not calibrated."))
    certainty = models.FloatField(
        null=True, help_text=_("Calibrated probability; empty without known answers.")
    )
    dispersion = models.FloatField()
    effective_votes = models.FloatField()
    undecided = models.BooleanField(
        null=True, help_text=_("Whether the answer does not stand out; empty where there is no rule for it.")
    )
    votes = models.IntegerField()
    probabilities = models.JSONField(default=dict, help_text="{key: probability}")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "subject", "task"], name="consensus_once")]
        indexes = [
            models.Index(fields=["run", "task", "probability", "subject"], name="consensus_by_probability"),
            models.Index(fields=["run", "task", "dispersion", "subject"], name="consensus_by_dispersion"),
            models.Index(fields=["run", "task", "votes", "subject"], name="consensus_by_votes"),
            models.Index(
                fields=["run", "task", "dispersion", "subject"],
                name="consensus_undecided",
                condition=models.Q(undecided=True),  # these may be few among a million
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.task} of subject {self.subject_id}, run {self.run_id})"


class Merit(models.Model):
    """A run's figure of merit of one person on one task (path), with 95 % intervals."""

    PARTS = 4

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="merit", db_index=False)
    volunteer = models.ForeignKey("projects.Volunteer", on_delete=models.CASCADE, related_name="+")
    task = models.CharField(max_length=130)
    skill = models.FloatField()
    skill_low = models.FloatField()
    skill_high = models.FloatField()
    bits = models.FloatField(help_text=_("Bits a vote."))
    bits_low = models.FloatField()
    bits_high = models.FloatField()
    votes = models.IntegerField()
    known = models.IntegerField(default=0, help_text=_("How many of the votes were on known questions."))
    known_right = models.IntegerField(default=0)
    classes = models.JSONField(
        default=list, help_text="[[key, skill, low, high]]: on subjects whose answer is the key."
    )
    seconds = models.FloatField(
        null=True, help_text=_("Median of their answers on the workflow; empty where no time is known.")
    )
    seconds_low = models.FloatField(null=True, help_text=_("Empty for fewer than six answers."))
    seconds_high = models.FloatField(null=True)
    parts = models.JSONField(
        default=list, help_text="[[skill, low, high]]: in equal parts of their votes, oldest first."
    )
    drift = models.FloatField(null=True, help_text=_("Skill in the last part less that in the first."))
    drifts = models.BooleanField(
        default=False, help_text=_("The intervals of the first and last part lie apart.")
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "task", "volunteer"], name="merit_once")]
        indexes = [
            models.Index(fields=["run", "task", "bits", "volunteer"], name="merit_by_bits"),
            models.Index(fields=["run", "task", "skill", "volunteer"], name="merit_by_skill"),
            models.Index(fields=["run", "task", "votes", "volunteer"], name="merit_by_votes"),
            models.Index(fields=["run", "task", "known", "volunteer"], name="merit_by_known"),
            models.Index(fields=["run", "task", "seconds", "volunteer"], name="merit_by_seconds"),
            models.Index(fields=["run", "task", "drift", "volunteer"], name="merit_by_drift"),
        ]

    def __str__(self) -> str:
        return f"volunteer {self.volunteer_id} on {self.task} (run {self.run_id})"


class Chart(models.Model):
    """A drawn chart with the table behind it; web processes serve it and never draw."""

    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.CASCADE, related_name="charts", db_index=False
    )
    name = models.SlugField(max_length=60)
    svg_light = models.TextField()
    svg_dark = models.TextField()
    table = models.JSONField(help_text='{"columns": [name], "rows": [[value]]}')
    position = models.BigIntegerField(help_text=_("Of the ledger: what it shows."))
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workflow", "name"], name="chart_once")]

    def __str__(self) -> str:
        return f"{self.name} of workflow {self.workflow_id}"


class RunChart(models.Model):
    """A chart of one run, with the table behind it; drawn once, when the run was done."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="charts", db_index=False)
    name = models.SlugField(max_length=60)
    svg_light = models.TextField()
    svg_dark = models.TextField()
    table = models.JSONField(help_text='{"columns": [name], "rows": [[value]]}')

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="run_chart_once")]

    def __str__(self) -> str:
        return f"{self.name} of run {self.run_id}"


class Published(models.Model):
    """Which run's numbers the catalogue of a workflow carries; without a row those of the online state."""

    workflow = models.OneToOneField(
        "projects.Workflow", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"run {self.run_id} of workflow {self.workflow_id}"


class Schedule(models.Model):
    """A workflow's runs that nobody has to ask for: at times, or after so many new answers."""

    class Unit(models.TextChoices):
        HOURS = "hours", _("hours")
        DAYS = "days", _("days")
        ANSWERS = "answers", _("new answers")

    workflow = models.OneToOneField(
        "projects.Workflow", on_delete=models.CASCADE, primary_key=True, related_name="schedule"
    )
    on = models.BooleanField(default=True)
    method = models.CharField(max_length=60)
    seed = models.BigIntegerField(default=0)
    every = models.IntegerField()
    unit = models.CharField(max_length=10, choices=Unit)
    publish = models.BooleanField(default=False, help_text=_("A run that is done goes into the catalogue."))
    next_at = models.DateTimeField(null=True, help_text=_("Empty where answers are counted."))
    answers = models.BigIntegerField(help_text=_("Of the workflow, when it was set or last made a run."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(help_text=_("When it was set."))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(every__gte=1), name="schedule_every_at_least_one"),
            models.CheckConstraint(
                condition=models.Q(unit="answers") ^ models.Q(next_at__isnull=False),
                name="schedule_by_time_or_answers",
            ),
        ]

    def __str__(self) -> str:
        return f"workflow {self.workflow_id} every {self.every} {self.unit}"
