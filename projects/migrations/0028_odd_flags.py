"""What volunteers hold to be odd: docs/decisions/0062-flags.md"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0027_subject_changes")]

    operations = [
        migrations.CreateModel(
            name="OddFlag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "tag",
                    models.CharField(
                        blank=True, help_text="As tags are stored; empty: just odd.", max_length=60
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("taken_back_at", models.DateTimeField(help_text="Empty while it stands.", null=True)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="odd_flags",
                        to="projects.project",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="odd_flags",
                        to="projects.subject",
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        help_text="The person, as they were joined then.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="odd_flags",
                        to="projects.volunteer",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at__isnull", True)),
                        fields=("subject", "volunteer", "tag"),
                        name="odd_flag_once",
                    )
                ]
            },
        )
    ]
