"""Keys with which programs speak for a person, and what was answered to calls that may be sent twice."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Token(models.Model):
    """A personal token. Of its secret only the hash is kept: nobody, not even who runs the site, can show it again."""

    class Scope(models.TextChoices):
        READ = "read", _("read what I may read")
        WRITE = "write", _("change what I may change, and read it")
        CLASSIFY = "classify", _("classify in my name")
        APP_PASSWORD = "app_password", _("app password, for the reference platform's programs")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    project = models.ForeignKey(
        "projects.Project",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The only project that it opens; empty: all of its owner's."),
    )
    name = models.CharField(max_length=80, help_text=_("What it is for, in its owner's words."))
    prefix = models.CharField(
        max_length=12, help_text=_("The first characters, by which its owner knows it.")
    )
    digest = models.CharField(max_length=64, unique=True, help_text=_("SHA-256 of the secret, in hex."))
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: never."))
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, help_text=_("To within a minute."))

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"

    def allows(self, scope: str) -> bool:
        """Whoever may write may read."""
        return scope in self.scopes or (scope == self.Scope.READ and self.Scope.WRITE in self.scopes)
