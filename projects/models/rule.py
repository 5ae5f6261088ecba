"""Rules: what decides before models and people do. Data, tried on the past before it acts; every hit is kept."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.decision import Verdict


class Rule(models.Model):
    """A condition over what is known of a subject when it arrives (projects/triage/conditions.py), and what follows.

    edition: counts the changes of condition, verdict, region and category; hits and trials are of one edition.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        BACKGROUND = "background", _("background")
        LIVE = "live", _("live")
        CLOSED = "closed", _("closed")

    workflow = models.ForeignKey("projects.Workflow", on_delete=models.CASCADE, related_name="rules")
    slug = models.SlugField()
    title = models.CharField(max_length=120)
    condition = models.JSONField(help_text=_("See projects/triage/conditions.py"))
    verdict = models.CharField(max_length=12, choices=Verdict)
    region = models.ForeignKey(
        "projects.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    category = models.CharField(max_length=63, blank=True, help_text=_("Of the workflow's policy."))
    audit = models.FloatField(
        default=0.1,
        help_text=_("Share of its hits that people answer as well, without knowing: 0 to 1."),
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    edition = models.PositiveIntegerField(default=1)
    tried = models.JSONField(
        null=True, blank=True, help_text=_("What its last trial found, and of which edition.")
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(fields=["workflow", "slug"], name="rule_slug_once"),
            models.CheckConstraint(condition=models.Q(audit__gte=0, audit__lte=1), name="rule_audit_0_to_1"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def acts(self) -> bool:
        """It looks at what arrives, be it only in the background."""
        return self.state in (self.State.BACKGROUND, self.State.LIVE)


class RuleChange(models.Model):
    """A dated record: somebody made or changed a rule, or brought it into another state."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changes = models.JSONField(help_text=_("Field to what it was and what it is; of a new rule was is null."))

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.rule}: {', '.join(self.changes)}"


class RuleHit(models.Model):
    """That a rule's edition was true of a subject, in the background or live, and what in it was found. Kept for ever.

    decision: what it led to, where it did.
    """

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="hits", db_index=False)
    edition = models.PositiveIntegerField()
    subject = models.ForeignKey("projects.Subject", on_delete=models.CASCADE, related_name="rule_hits")
    live = models.BooleanField()
    found = models.JSONField(default=list)
    decision = models.ForeignKey(
        "projects.Decision",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="hits",
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "edition", "subject"], name="rule_hit_once")]

    def __str__(self) -> str:
        return f"{self.rule} {self.edition} on subject {self.subject_id}"


class Arrival(models.Model):
    """A subject that the workflow's rules have yet to look at. Goes in the transaction that keeps what they found, so
    that a job that dies leaves the rest where it was."""

    pk = models.CompositePrimaryKey("workflow_id", "subject_id")
    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    subject = models.ForeignKey("projects.Subject", on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"subject {self.subject_id} in workflow {self.workflow_id}"
