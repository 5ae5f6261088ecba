"""What mining suggests of volunteers: advice as data. The decision is a person's (projects.models.Block, or to dismiss
it).

In a file of its own, and a part of mining.models.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Suggestion(models.Model):
    """By a rule of fair use: look at this volunteer. While it is open their votes weigh less (projects.models.Weight).

    Once found it stays until a person decides: the evidence is such that an honest volunteer hardly ever shows it, at
    any time. What was decided comes back only as a new row, when the evidence has grown by as much again as it takes.
    """

    class Rule(models.TextChoices):
        TOO_FAST = "too_fast", _("too fast")
        SAME_ANSWER = "same_answer", _("always the same answer")
        COPIES = "copies", _("copies another")
        OUT_OF_CHARACTER = "out_of_character", _("out of character")
        IMPOSSIBLE = "impossible", _("impossible answers")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DISMISSED = "dismissed", _("dismissed")
        ACTED = "acted", _("blocked")
        LAPSED = "lapsed", _("lapsed: the rule was turned off")

    workflow = models.ForeignKey("projects.Workflow", on_delete=models.CASCADE, related_name="suggestions")
    volunteer = models.ForeignKey("projects.Volunteer", on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=20, choices=Rule)
    question = models.CharField(
        max_length=130, blank=True, help_text=_("The path; empty where it is about whole answers.")
    )
    strength = models.FloatField(
        help_text=_(
            "ln of the evidence: an honest volunteer ever shows as much with at most the chance e^-strength."
        )
    )
    harm = models.FloatField(help_text=_("About how many answers say nothing."))
    evidence = models.JSONField(default=dict, help_text=_("Plain numbers, see mining/services/examine.py."))
    position = models.BigIntegerField(help_text=_("Of the ledger: what was read."))
    at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reason = models.CharField(max_length=500, blank=True)
    block = models.ForeignKey(
        "projects.Block", on_delete=models.SET_NULL, null=True, related_name="suggestions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workflow", "volunteer", "rule"],
                condition=models.Q(state="open"),
                name="suggestion_open_once",
            )
        ]
        indexes = [models.Index(fields=["workflow", "state", "-harm"], name="suggestion_by_harm")]

    def __str__(self) -> str:
        return f"volunteer {self.volunteer_id}: {self.get_rule_display()} ({self.state})"


class FairnessLook(models.Model):
    """When a workflow's answers were last looked at for who does not play fair, and how far they had come."""

    workflow = models.OneToOneField(
        "projects.Workflow", on_delete=models.CASCADE, primary_key=True, related_name="fairness_look"
    )
    position = models.BigIntegerField()
    at = models.DateTimeField()
    seconds = models.FloatField(help_text=_("How long it took."))
    volunteers = models.IntegerField(help_text=_("Whose answers were looked at."))

    def __str__(self) -> str:
        return f"workflow {self.workflow_id} looked at to {self.position}"
