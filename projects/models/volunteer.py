"""Volunteers: whoever answers, with or without an account."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Volunteers(models.QuerySet["Volunteer"]):
    def of_person(self, person: int) -> "Volunteers":
        """The person's own volunteer and all aliases."""
        return self.filter(models.Q(pk=person) | models.Q(joined_to=person))


class Volunteer(models.Model):
    """Made at the first answer. `public_id` is the random id in the signed cookie.

    Joining an account points `joined_to` at the account's own volunteer (the *person*); the classifications keep
    the volunteer that made them, so that the record is never edited.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="volunteer"
    )
    joined_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="aliases"
    )
    simulated = models.BooleanField(default=False, help_text=_("Not a person: a simulated crowd's member."))
    source = models.CharField(
        max_length=60,
        blank=True,
        default="",
        db_default="",
        help_text=_("Where they were imported from; empty: from here."),
    )
    external_id = models.CharField(
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text=_("What they are called at the source."),
    )
    credit_name = models.CharField(
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text=_("Under which they wish to be named in releases; empty: not."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Volunteers.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~models.Q(external_id=""),
                name="volunteer_external_id_once",
            )
        ]
        indexes = [  # every page asks whether there is a simulated crowd; mostly there is none
            models.Index(fields=["id"], condition=models.Q(simulated=True), name="volunteer_simulated")
        ]

    def __str__(self) -> str:
        return f"volunteer {self.pk}"

    @property
    def person_id(self) -> int:
        """The volunteer that stands for all aliases of one person."""
        return self.joined_to_id or self.pk


class Consent(models.Model):
    """When a volunteer agreed to which version of the privacy text."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="consents")
    version = models.CharField(max_length=20)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.volunteer} agreed to {self.version}"
