"""What a classifier says beforehand, as a record in the ledger: docs/decisions/0058-people-and-machine.md"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TRIGGER = """
CREATE CONSTRAINT TRIGGER append_to_ledger AFTER INSERT ON projects_prior
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (current_setting('voorwerp.bulk', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION projects_append_to_ledger('prior')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0025_strikes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="ledgerentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("classification", "Classification"),
                    ("retirement", "Retirement"),
                    ("discount", "Discount"),
                    ("joining", "Joining"),
                    ("gold", "Gold"),
                    ("restoration", "Restoration"),
                    ("superseded", "Superseded"),
                    ("weight", "Weight"),
                    ("decision", "Decision"),
                    ("prior", "Prior"),
                ],
                max_length=14,
            ),
        ),
        migrations.CreateModel(
            name="Machine",
            fields=[
                (
                    "workflow",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="machine",
                        serialize=False,
                        to="projects.workflow",
                    ),
                ),
                ("people", models.PositiveSmallIntegerField(help_text="Who answer each subject, at least.")),
                (
                    "priors",
                    models.BooleanField(
                        help_text="Whether what the classifier says weighs in the consensus."
                    ),
                ),
                (
                    "audit",
                    models.FloatField(
                        help_text="Share of the subjects that people decide without it, unknowing."
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("priors", False), ("people__gte", 1), _connector="OR"),
                        name="machine_never_alone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("audit__gte", 0.05), ("audit__lte", 1)),
                        name="machine_audit_at_least",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Prior",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("task", models.CharField(blank=True, help_text="Path of the question.", max_length=130)),
                (
                    "model",
                    models.CharField(
                        blank=True, help_text="Which version of which classifier.", max_length=100
                    ),
                ),
                ("clears", models.BooleanField(default=False)),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                (
                    "subjects",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "chances",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(),
                        default=list,
                        help_text="[N, K] row by row, each row sums to 1.",
                        size=None,
                    ),
                ),
                (
                    "audited",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "switch",
                    models.JSONField(help_text="Of a record of the switch: how it stands since.", null=True),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workflow",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.workflow",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["workflow", "task", "id"], name="prior_newest")],
            },
        ),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER append_to_ledger ON projects_prior"),
    ]
