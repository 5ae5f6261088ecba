"""Which pictures are like which, what people of the team say of pairs, and where a team cuts.

Hashes and pairs are derived: they can be thrown away and made again (mining/services/similarity.py). What somebody says
of a pair, and which threshold was chosen, are dated rows that are never changed.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class PictureHash(models.Model):
    """The perceptual hash of one file of a subject; a row without one says that the file has none."""

    media = models.OneToOneField(
        "projects.Media", on_delete=models.CASCADE, primary_key=True, related_name="picture_hash"
    )
    bits = models.BigIntegerField(null=True, help_text=_("64 bits; empty: no picture, or all one grey."))
    bands = ArrayField(
        models.IntegerField(), default=list, help_text=_("Its four parts, by which near ones are found.")
    )
    paired = models.BooleanField(default=False, help_text=_("Whether those near it have been looked for."))

    class Meta:
        indexes = [
            GinIndex(fields=["bands"], name="picture_hash_bands"),
            models.Index(fields=["media"], name="picture_hash_to_pair", condition=models.Q(paired=False)),
        ]

    def __str__(self) -> str:
        return f"hash of medium {self.media_id}"


class SimilarPair(models.Model):
    """Two subjects of a set whose first pictures were compared: near ones, and some drawn at random to be judged."""

    subject_set = models.ForeignKey("projects.SubjectSet", on_delete=models.CASCADE, related_name="+")
    first = models.ForeignKey("projects.Subject", on_delete=models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey("projects.Subject", on_delete=models.CASCADE, related_name="+")
    bits = models.SmallIntegerField(null=True, help_text=_("In which their hashes differ, of 64."))
    cosine = models.FloatField(
        null=True, help_text=_("1 less the cosine between what an encoder makes of them.")
    )
    turn = models.FloatField(
        null=True, help_text=_("People are asked of it, in this order, drawn by chance; empty: they are not.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="similar_pair_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="similar_pair_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_set", "bits", "id"], name="similar_pair_by_bits"),
            models.Index(fields=["subject_set", "cosine", "id"], name="similar_pair_by_cosine"),
            models.Index(
                fields=["subject_set", "turn"],
                name="similar_pair_to_judge",
                condition=models.Q(turn__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"subjects {self.first_id} and {self.second_id}"


class PairJudgement(models.Model):
    """A dated record: somebody of the team says that the two are similar, or not. Of each the newest counts."""

    pair = models.ForeignKey(SimilarPair, on_delete=models.CASCADE, related_name="judgements")
    similar = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    simulated = models.BooleanField(
        default=False, help_text=_("A program said it, so that a demo shows something; by nobody.")
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.pair_id}: {'similar' if self.similar else 'not similar'}"


class SimilarityChoice(models.Model):
    """A dated record: from here on pictures of a set are called similar where they are nearer. The newest stands."""

    class Measure(models.TextChoices):
        BITS = "bits", _("picture hash")
        COSINE = "cosine", _("encoder")

    subject_set = models.ForeignKey("projects.SubjectSet", on_delete=models.CASCADE, related_name="+")
    measure = models.CharField(max_length=10, choices=Measure)
    threshold = models.FloatField(validators=[MinValueValidator(0)])
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.measure} below {self.threshold:g} in set {self.subject_set_id}"
