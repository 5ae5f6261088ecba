"""Gold: answers that the team knows, and which subjects are kept for training, exam and hidden checks."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Use(models.IntegerChoices):
    """What a subject is for in a workflow. Only WORK is answered for its own sake; the others are known (gold)."""

    WORK = 0, _("work")
    TRAINING = 1, _("training: feedback at once")
    EXAM = 2, _("exam")
    CHECK = 3, _("hidden check")


class GoldAnswer(models.Model):
    """A dated record: what an expert says of a subject, or (withdrawn) says no more. Of each expert the newest
    record on a subject is what stands; experts may disagree, and all that stands is kept.

    It is in the workflow's ledger (kind `gold`), since skill follows from it.
    """

    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    subject = models.ForeignKey(
        "projects.Subject", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    version = models.ForeignKey(
        "projects.WorkflowVersion", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    expert = models.CharField(
        max_length=160, help_text=_("Who says so: account:ID for a member, else the name in the file.")
    )
    annotations = models.JSONField(help_text=_("As a classification's; empty where withdrawn."))
    withdrawn = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["workflow", "subject", "id"], name="gold_answer_newest")]

    def __str__(self) -> str:
        return f"{self.expert} on subject {self.subject_id}"


class GoldSubject(models.Model):
    """What the workflow does with a known subject. State, not record: the team may change it."""

    pk = models.CompositePrimaryKey("workflow_id", "subject_id")
    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    subject = models.ForeignKey("projects.Subject", on_delete=models.CASCADE, related_name="+")
    use = models.SmallIntegerField(choices=Use, default=Use.CHECK)
    secret = models.BooleanField(default=True, help_text=_("Never tells, not even after the answer."))
    right_message = models.CharField(
        max_length=500, blank=True, help_text=_("Training: said after a right answer.")
    )
    wrong_message = models.CharField(
        max_length=500, blank=True, help_text=_("Training: said after a wrong answer.")
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["workflow", "use"], name="gold_subject_use")]

    def __str__(self) -> str:
        return f"subject {self.subject_id}: {self.get_use_display()}"


class Sitting(models.Model):
    """One try of one person at a workflow's exam: the subjects are drawn when it begins, never ones seen before."""

    workflow = models.ForeignKey("projects.Workflow", on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(
        "projects.WorkflowVersion", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    volunteer = models.ForeignKey("projects.Volunteer", on_delete=models.CASCADE, related_name="sittings")
    subjects = models.JSONField(help_text=_("Ids, in the order in which they are asked."))
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    score = models.FloatField(null=True, help_text=_("Share of right answers, 0 to 1."))
    passed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "workflow"],
                condition=models.Q(finished_at__isnull=True),
                name="sitting_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"volunteer {self.volunteer_id} at the exam of {self.workflow}"


class Qualification(models.Model):
    """What a volunteer must have to work in a workflow that asks for it (`Workflow.requires` names slugs)."""

    class Kind(models.TextChoices):
        EXAM = "exam", _("exam passed")
        SKILL = "skill", _("skill")
        LANGUAGE = "language", _("language")
        REGION = "region", _("region")
        ADULT = "adult", _("adult")
        ROLE = "role", _("role in the team")

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="qualifications")
    slug = models.SlugField()
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind)
    rule = models.JSONField(
        default=dict,
        blank=True,
        help_text=_(
            '{"workflow": SLUG} of an exam; {"workflow": SLUG, "least": 0.8} of skill; {"role": ...} of a role.'
        ),
    )

    class Meta:
        ordering = ["slug"]
        constraints = [models.UniqueConstraint(fields=["project", "slug"], name="qualification_slug_once")]

    def __str__(self) -> str:
        return self.title


class Grant(models.Model):
    """A dated record: a person has a qualification, since when, until when, and why."""

    qualification = models.ForeignKey(Qualification, on_delete=models.CASCADE, related_name="grants")
    volunteer = models.ForeignKey("projects.Volunteer", on_delete=models.CASCADE, related_name="grants")
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    evidence = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["qualification", "volunteer"],
                condition=models.Q(revoked_at__isnull=True),
                name="grant_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.volunteer} has {self.qualification}"
