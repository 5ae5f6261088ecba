"""Suggestions of who does not play fair, when a workflow was looked at, and what votes weigh online."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mining", "0009_lake"),
        ("projects", "0012_weights"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FairnessLook",
            fields=[
                (
                    "workflow",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="fairness_look",
                        serialize=False,
                        to="projects.workflow",
                    ),
                ),
                ("position", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("seconds", models.FloatField(help_text="How long it took.")),
                ("volunteers", models.IntegerField(help_text="Whose answers were looked at.")),
            ],
        ),
        migrations.CreateModel(
            name="OnlineWeight",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workflow_id",
                        "volunteer_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("weight", models.FloatField()),
                (
                    "volunteer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="projects.volunteer",
                    ),
                ),
                (
                    "workflow",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="projects.workflow",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("too_fast", "too fast"),
                            ("same_answer", "always the same answer"),
                            ("copies", "copies another"),
                            ("out_of_character", "out of character"),
                            ("impossible", "impossible answers"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "question",
                    models.CharField(
                        blank=True,
                        help_text="The path; empty where it is about whole answers.",
                        max_length=130,
                    ),
                ),
                (
                    "strength",
                    models.FloatField(
                        help_text="ln of the evidence: an honest volunteer ever shows as much with at most the chance e^-strength."
                    ),
                ),
                ("harm", models.FloatField(help_text="About how many answers say nothing.")),
                (
                    "evidence",
                    models.JSONField(
                        default=dict, help_text="Plain numbers, see mining/services/examine.py."
                    ),
                ),
                ("position", models.BigIntegerField(help_text="Of the ledger: what was read.")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("dismissed", "dismissed"),
                            ("acted", "blocked"),
                            ("lapsed", "lapsed: the rule was turned off"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "block",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="suggestions",
                        to="projects.block",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.volunteer"
                    ),
                ),
                (
                    "workflow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="projects.workflow",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["workflow", "state", "-harm"], name="suggestion_by_harm")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("workflow", "volunteer", "rule"),
                        name="suggestion_open_once",
                    )
                ],
            },
        ),
    ]
