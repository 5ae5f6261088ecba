"""Policies: what may be shown, where and since when; and which of them a workflow decides by."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Region(models.Model):
    """A group of countries in which one verdict holds."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="regions")
    slug = models.SlugField()
    title = models.CharField(max_length=120)
    countries = ArrayField(
        models.CharField(max_length=2), default=list, blank=True, help_text=_("ISO 3166 codes: DE, FR.")
    )

    class Meta:
        ordering = ["slug"]
        constraints = [models.UniqueConstraint(fields=["project", "slug"], name="region_slug_once")]

    def __str__(self) -> str:
        return self.title


class Policy(models.Model):
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="policies")
    slug = models.SlugField()
    title = models.CharField(max_length=120)

    class Meta:
        ordering = ["slug"]
        verbose_name_plural = "policies"
        constraints = [models.UniqueConstraint(fields=["project", "slug"], name="policy_slug_once")]

    def __str__(self) -> str:
        return self.title


class PolicyVersion(models.Model):
    """What it said from then on: never changed, and each decision names one. The greatest number is what holds."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField(help_text=_("See projects/triage/policy.py"))
    note = models.CharField(max_length=300, blank=True, help_text=_("What was changed, and why."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="policy_number_once")]

    def __str__(self) -> str:
        return f"{self.policy} {self.number}"


class Triage(models.Model):
    """That a workflow decides, by which policy, and which verdict each answer of one of its questions is.

    Rows, not part of a version: a policy changes without the question.
    """

    workflow = models.OneToOneField(
        "projects.Workflow", on_delete=models.CASCADE, primary_key=True, related_name="triage"
    )
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="triages")
    task = models.CharField(max_length=63)
    verdicts = models.JSONField(help_text=_('Answer key to verdict: {"fine": "ok"}.'))

    def __str__(self) -> str:
        return f"{self.workflow} by {self.policy}"
