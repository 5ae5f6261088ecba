"""A project: a science team's question to the public, with its people and pages."""

import secrets

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


def new_pseudonym_key() -> str:
    return secrets.token_hex(32)


class Project(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        LIVE = "live", _("live")
        PAUSED = "paused", _("paused")
        FINISHED = "finished", _("finished")

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    tagline = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True, help_text=_("Markdown"))
    accent = models.CharField(
        max_length=7,
        default="#3b6fd4",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write #rrggbb."))],
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    is_public = models.BooleanField(default=False, help_text=_("Anybody may see the project and answer."))
    data_public = models.BooleanField(default=False, help_text=_("Anybody may download its data."))
    source = models.CharField(
        max_length=200, blank=True, help_text=_("Where the pictures come from; credit.")
    )
    pseudonym_key = models.CharField(
        max_length=64,
        default=new_pseudonym_key,
        editable=False,
        help_text=_("Hexadecimal; see projects/exports/pseudonyms.py. In no file."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title


class ProjectMember(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        SCIENTIST = "scientist", _("scientist")
        EXPERT = "expert", _("expert")
        MODERATOR = "moderator", _("moderator")
        TESTER = "tester", _("tester")
        TRANSLATOR = "translator", _("translator")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user", "role"], name="member_role_once")]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.project}"


class ProjectPage(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="pages")
    slug = models.SlugField()
    title = models.CharField(max_length=120)
    body = models.TextField(help_text=_("Markdown"))
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "slug"]
        constraints = [models.UniqueConstraint(fields=["project", "slug"], name="page_slug_once")]

    def __str__(self) -> str:
        return self.title


class TutorialStep(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tutorial_steps")
    workflow = models.ForeignKey(
        "projects.Workflow",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="tutorial_steps",
        help_text=_("Empty: shown in every workflow of the project."),
    )
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=120)
    body = models.TextField(help_text=_("Markdown"))
    image = models.CharField(max_length=300, blank=True, help_text=_("Path under the media folder."))

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title
