"""The lab: docs/decisions/0039-the-lab.md"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0013_lanes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="import",
            name="kind",
            field=models.CharField(
                choices=[
                    ("classifications", "raw classifications"),
                    ("votes", "crowd labels"),
                    ("catalogue", "catalogue table"),
                    ("pictures", "pictures"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("edition", models.PositiveIntegerField()),
                (
                    "definition",
                    models.JSONField(
                        help_text="As of a version, but perhaps not whole yet: see projects/drafting."
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="projects.workflow",
                    ),
                ),
            ],
            options={
                "ordering": ["workflow", "-edition"],
                "constraints": [
                    models.UniqueConstraint(fields=("workflow", "edition"), name="draft_edition_once")
                ],
            },
        ),
    ]
