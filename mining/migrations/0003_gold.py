"""Known answers in the online state; votes that are corrections teach nothing."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mining", "0002_text"),
        ("projects", "0006_gold"),
    ]

    operations = [
        migrations.AddField(
            model_name="onlinesubject",
            name="corrected",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                default=list,
                help_text="The voters whose vote is a correction: it teaches nothing.",
                size=None,
            ),
        ),
        migrations.CreateModel(
            name="OnlineKnown",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workflow_id",
                        "subject_id",
                        "task",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("task", models.CharField(max_length=130)),
                ("truth", models.CharField(blank=True, max_length=60)),
                (
                    "subject",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="projects.subject",
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
    ]
